// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "tests/support/recorded_signing.h"
#include "verifier/crypto/signed_timestamp.h"

namespace {

using namespace tegata::verifier;

TimestampAuthority authority(const char* chain) {
  return *TimestampAuthority::of(*Certificate::parse_pem(tegata::testing::recorded_file(chain)));
}

}  // namespace

// An RFC 3161 response over a recorded signature. Whatever is made of it, the authority says the one time
// that it did say, or nothing; and another authority of the same names never says any.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto recorded = tegata::testing::recorded_signing("bundle-keyless-gh-rekor1-tsa");
  static const TimestampAuthority own = authority("mock/tsa-chain.pem");
  static const TimestampAuthority strange = authority("mock/eviltsa-chain.pem");
  static const auto said = own.verify(recorded.timestamps.at(0), recorded.signature);
  const std::string_view response(reinterpret_cast<const char*>(data), size);
  const auto time = own.verify(response, recorded.signature);
  if (!said.ok() || (time.ok() && *time != *said)) std::abort();
  if (own.verify(response, "another signature").ok()) std::abort();
  if (strange.verify(response, recorded.signature).ok()) std::abort();
  return 0;
}
