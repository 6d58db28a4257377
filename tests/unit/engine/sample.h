// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "policy/engine/engine.h"
#include "tests/support/forged_facts.h"

/// Policies and requests by hand, each with the least that a test has to say.
namespace tegata::policy::sample {

inline constexpr Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
inline const std::string kCommit = "84d81a284ba9ccd253eb6ae96cf2f0d996b9c9a8";

[[nodiscard]] ImageGlob glob(const std::string& text);
[[nodiscard]] ImageReference reference(const std::string& text);
/// `h.example/app:COMMIT@sha256:1111…`: what every rule is content with.
[[nodiscard]] std::string pinned_image();

[[nodiscard]] Rule rule(std::string name, Check check, std::vector<ImageGlob> images = {});
[[nodiscard]] Policy policy(std::vector<Rule> rules, CostSettings costs = {});
[[nodiscard]] PolicySet set(std::vector<Policy> policies);
[[nodiscard]] PolicySet set(Rule rule);

[[nodiscard]] AllowedRegistries registries(const std::vector<std::string>& globs);
[[nodiscard]] TagCheck commit_id_tags();
/// anyOf over authority_of(each).
[[nodiscard]] SignatureCheck signed_by(const std::vector<std::uint8_t>& authorities,
                                       SignatureCheck::Combine combine = SignatureCheck::Combine::AnyOf,
                                       std::size_t threshold = 1);
inline constexpr const char* kVulnerabilities = "https://cosign.sigstore.dev/attestation/vuln/v1";
/// allOf over authority_of(each): an attestation of type vuln.
[[nodiscard]] AttestationCheck attested_by(const std::vector<std::uint8_t>& authorities);
[[nodiscard]] DeployersCheck deployers();

/// Ends on 2027-01-31.
[[nodiscard]] Exemption exemption(std::vector<std::string> rules, std::vector<ImageGlob> images);

[[nodiscard]] ContainerImage image(const std::string& text, std::size_t index = 0);
/// A Pod in namespace `prod` that alice creates.
[[nodiscard]] DeploymentRequest request(const std::vector<std::string>& images);
/// RunTask in account 111122223333, cluster `prod-1`, by role `deploy/ci`.
[[nodiscard]] DeploymentRequest ecs_request(const std::vector<std::string>& images);

[[nodiscard]] JudgeOptions options();
/// Facts for every image of the plan: each exists, its tag names what is written or digest_of(0x11),
/// and every authority asked has signed it.
[[nodiscard]] GatheredFacts good_facts(const EvidencePlan& plan);
/// What every kind observes, in place of the program's list.
[[nodiscard]] EvidencePlan plan_observing(const PolicySet& policies, const DeploymentRequest& request,
                                          Time now);

[[nodiscard]] std::vector<std::string> reasons_of(const Verdict& verdict);
/// Every field of a verdict as text, to compare two.
[[nodiscard]] std::string text_of(const Verdict& verdict);

}  // namespace tegata::policy::sample
