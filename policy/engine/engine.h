// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "policy/document/policy_set.h"
#include "policy/model/deployment_request.h"
#include "policy/model/image_facts.h"
#include "policy/model/verdict.h"

/// The two halves of a decision: `plan` says which facts the rules need, `judge` gives the verdict on what
/// was found.
namespace tegata::policy {

/// Adds questions about an image.
using ObserveImage = std::function<void(ImageQuestions&)>;

/// Which facts the rules need that match this request. Pure.
///
/// Not asked: rules that an exemption in force lifts, images that did not change, and every fact of
/// an image that an `allowedRegistries` rule at deny refuses (`--dry-run` changes nothing in that).
///
/// `observe` adds what `--observe` asks about every image that may be looked up, so that a later policy
/// finds its evidence. Empty: nothing. Not called for a request that no policy matches: no policy says
/// then which registries may be called.
[[nodiscard]] EvidencePlan plan(const PolicySet& policies, const DeploymentRequest& request, Time now,
                                const ObserveImage& observe = {});

enum class Mode { Enforce, DryRun };
/// What happens to a request that no policy matches.
enum class Unmatched { Allow, Warn, Deny };
/// Whether the caller left at least `--min-budget`. If not, a milder onUnknown does not soften
/// CheckTimedOut: the caller must not be able to choose the answer by a short timeout.
enum class CallerBudget { Enough, BelowMinimum };

struct JudgeOptions {
  Mode mode = Mode::Enforce;
  Unmatched unmatched = Unmatched::Allow;
  CallerBudget budget = CallerBudget::Enough;
  Time now;  ///< for exemptions
};

/// The verdict on a request, given what gather found for plan's questions. Pure, total and
/// deterministic: the same arguments give the same bytes. A question without an answer among
/// `facts` counts as unknown (InternalError), never as passed. Findings about the request come first,
/// then those of each place that names an image, in field order; each by policy and rule as written.
/// `images` lists every reference that can be read, unchanged ones too; none where no policy matches.
[[nodiscard]] Verdict judge(const PolicySet& policies, const DeploymentRequest& request,
                            const GatheredFacts& facts, const JudgeOptions& options);

/// Whether a rule about the request as a whole (`deployers`) denies it, whatever is found about its images.
/// Pure.
[[nodiscard]] bool denied_by_deployer(const PolicySet& policies, const DeploymentRequest& request,
                                      const JudgeOptions& options);

/// Verdicts on what is not judged by rules: ignored, invalid, and kinds without a description.
[[nodiscard]] Verdict judge(const IgnoredRequest& ignored);
[[nodiscard]] Verdict judge(const InvalidRequest& invalid);
[[nodiscard]] Verdict judge(const UndescribedKind& undescribed);

/// A denial for a failure of Tegata (AuditUnavailable, InternalError). In Mode::DryRun the finding
/// costs dryrun, and a decision that was Deny becomes Allow. An Invalid one stays Invalid. Keeps the
/// findings of `verdict`, if one was reached.
[[nodiscard]] Verdict with_own_failure(Verdict verdict, Reason reason, const std::string& detail, Mode mode);

}  // namespace tegata::policy
