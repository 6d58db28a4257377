// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "verifier/sigstore/candidate/signed_payload.h"

// A payload that is read for an image holds that image's digest, in one spelling or escaped.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tegata::verifier;
  static const auto image =
      *tegata::Digest::parse("sha256:db41f3a0724809c6a2e8a2ac4735383c529410f6840e8e14e72796908e93d9f6");
  const std::string_view payload(reinterpret_cast<const char*>(data), size);
  const bool read = std::holds_alternative<SimpleSigning>(read_simple_signing(payload, image));
  const bool escaped = payload.find("\\u") != std::string_view::npos;
  if (read && !escaped && payload.find(image.text()) == std::string_view::npos) std::abort();
  return 0;
}
