// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/sigstore_cases/check_runner.h"

#include <algorithm>
#include <future>

#include "verifier/sigstore/discover.h"
#include "verifier/sigstore/signature_verifier.h"

namespace tegata::testing {
namespace {

using namespace verifier;

Candidates discover_and_wait(const CaseSource& where, const Digest& image) {
  const auto found = std::make_shared<std::promise<Candidates>>();
  auto future = found->get_future();
  discover_signatures(where.source, where.repository, where.repository, image, Reach::SignaturesAndAttestations,
                      Deadline::after(std::chrono::seconds(60)),
                      [found](Candidates candidates) { found->set_value(std::move(candidates)); });
  return future.get();
}

bool has_annotations(const VerifiedSignature& signature, const RecordedCheck& check) {
  return std::all_of(check.annotations.begin(), check.annotations.end(), [&](const auto& wanted) {
    const auto found = signature.annotations().find(wanted.first);
    return found != signature.annotations().end() && found->second == wanted.second;
  });
}

CheckResult judge(const SignatureFacts& facts, const RecordedCheck& check) {
  const AuthorityFacts& authority = facts.authorities.front();
  const bool good = std::any_of(authority.verified.begin(), authority.verified.end(),
                                [&](const auto& signature) { return has_annotations(signature, check); });
  if (good) return {"verified", ""};
  if (facts.unknown) return {"unknown", facts.unknown->message};
  if (facts.too_many) return {"rejected", "too many candidates"};
  if (!authority.verified.empty()) return {"rejected", "other annotations"};
  if (authority.rejected.empty()) return {"rejected", "no candidate"};
  const Rejection& first = authority.rejected.front();
  return {"rejected", std::string(name_of(first.reason)) + ": " + first.detail};
}

}  // namespace

CheckResult run_check(const RecordedCheck& check, const CaseSource& where,
                      const std::filesystem::path& fixtures) {
  if (!check.cannot_run.empty()) return {"unknown", check.cannot_run};
  const auto reference = ImageReference::parse(check.image);
  if (!reference.ok()) return {"unknown", reference.error().message};
  if (!reference->digest()) return {"unknown", "the check names no digest"};
  const auto trust_material = std::make_shared<TrustMaterial>();
  const auto key = trust_material->key(fixtures / check.key);
  if (!key.ok()) return {"unknown", key.error().message};

  const Digest image = *reference->digest();
  const Candidates candidates = discover_and_wait(where, image);
  if (candidates.image_absent) return {"rejected", "no such image"};
  const auto trust = TrustSettings::of({key_authority(*key, check.key)});
  return judge(SignatureVerifier(trust_material).verify_all(image, candidates, *trust, Time{}), check);
}

}  // namespace tegata::testing
