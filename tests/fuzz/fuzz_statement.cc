// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "policy/model/digest.h"
#include "verifier/sigstore/candidate/signed_payload.h"

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

// An in-toto Statement. Its readers agree: whoever reads it reads the predicateType that routes it, and it
// is about one image by all of them or by none.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tegata::verifier;
  static const auto image =
      *tegata::Digest::parse("sha256:7a1dfae65cdd2697ac2aa36d55b995a86e06c93163824ca110826bad9d905b81");
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto type = predicate_type_of(text);
  const bool about = !not_about(text, "sha256", image.hex());
  const bool signs = std::holds_alternative<SignStatement>(read_sign_statement(text, image));
  demand(!signs || type == kCosignSignPredicate);
  demand(!signs || about);
  demand(!about || type.has_value());
  const bool attests = type && std::holds_alternative<tegata::Value>(read_attestation(text, *type, image));
  demand(!attests || about);
  demand(std::holds_alternative<tegata::Rejection>(read_attestation(text, type.value_or("") + "x", image)));
  if (about && text.find('\\') == std::string::npos) demand(text.find(image.hex()) != std::string::npos);
  return 0;
}
