// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "tests/support/recorded_signing.h"
#include "verifier/crypto/hash.h"
#include "verifier/sigstore/candidate/candidate.h"
#include "verifier/sigstore/signature_verifier.h"

namespace {

using namespace tegata;
using namespace tegata::verifier;

// Whoever has a certificate of this root, logged, for the image of the case bundle-keyless-gh-rekor1-tsa.
class Judgement {
 public:
  explicit Judgement(const char* root, Demand log) {
    authority_.proof.root = material_->add(*parse_trusted_root(testing::recorded_file(root)));
    authority_.proof.transparency_log = log;
  }
  [[nodiscard]] std::optional<SignatureVerifier::Outcome> of(const Candidate& candidate) const {
    static const auto image =
        *Digest::parse("sha256:2ea64cf66d0f7d6bf0ea9b34f67b3bde4464d8e5c6563a0c873acf2d61540e46");
    return SignatureVerifier(material_).verify(image, candidate, authority_, kNow);
  }

 private:
  // Of the recordings, whose certificates were valid for some minutes.
  static constexpr Time kNow = Time(std::chrono::seconds(1795318400));
  std::shared_ptr<TrustMaterial> material_ = std::make_shared<TrustMaterial>();
  static std::optional<std::string> any(const std::monostate&, const CertificateIdentity&) {
    return std::nullopt;
  }
  Authority authority_{AuthorityId("any"), "any", CertificateSigner{{std::monostate{}, any}, {}}};
};

bool is_of_the_recorded_signer(const SignedStatement& statement) {
  return statement.identity && !statement.times.empty() && !statement.logs.empty() &&
         statement.identity->subject ==
             "https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main";
}

const VerifiedSignature* verified_in(const std::optional<SignatureVerifier::Outcome>& outcome) {
  return outcome ? std::get_if<VerifiedSignature>(&*outcome) : nullptr;
}

// Without this the rest would hold for a verifier that refuses everything.
bool recording_is_verified(const Judgement& judgement) {
  const auto bundle = testing::recorded_file(
      "cases/bundle-keyless-gh-rekor1-tsa/oci/blobs/sha256/"
      "cffecf592d4eb373c47bbce02ffa82b7fd6a66d232af1735733f240379930787");
  return verified_in(judgement.of(BundleCandidate{sha256(bundle), bundle})) != nullptr;
}

void verify(const Candidate& candidate) {
  static const Judgement own("mock/trusted_root.json", Demand::Required);
  static const Judgement strangers("mock/trusted_root.other-fulcio.json", Demand::NotRequired);
  static const bool judges = recording_is_verified(own);
  const auto outcome = own.of(candidate);
  const auto* verified = verified_in(outcome);
  if (!judges || (verified != nullptr && !is_of_the_recorded_signer(verified->statement()))) std::abort();
  if (verified_in(strangers.of(candidate)) != nullptr) std::abort();
}

}  // namespace

// A bundle, and the statement in it. Nothing is claimed without an envelope, in one spelling or escaped;
// nothing is verified but what the one signer of the recording signed, and nothing by strangers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto image =
      *Digest::parse("sha256:7a1dfae65cdd2697ac2aa36d55b995a86e06c93163824ca110826bad9d905b81");
  const BundleCandidate candidate{image, std::string(reinterpret_cast<const char*>(data), size)};
  const bool claimed = std::holds_alternative<SignedClaims>(examine(image, candidate, Material::Read).claims);
  if (claimed && candidate.json.find("dsseEnvelope") == std::string::npos &&
      candidate.json.find("\\u") == std::string::npos)
    std::abort();
  verify(candidate);
  return 0;
}
