// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "policy/document/diagnostics.h"
#include "policy/document/policy_set.h"
#include "policy/rules/rules.h"

namespace tegata::policy {
namespace {

constexpr std::string_view kEvery = "**";

bool covers(std::string_view outer, std::string_view inner) {
  if (outer == kEvery || outer == inner) return true;
  if (!outer.ends_with("/**")) return false;
  const auto prefix = outer.substr(0, outer.size() - 2);
  return prefix.find('*') == std::string_view::npos && inner.starts_with(prefix);
}

bool covers_one(const std::vector<ImageGlob>& outer, std::string_view inner) {
  if (outer.empty()) return true;
  return std::any_of(outer.begin(), outer.end(),
                     [&](const ImageGlob& glob) { return covers(glob.text(), inner); });
}

/// Whether one signature rule that holds wherever `policy` does looks at all of these images.
bool is_signed(const PolicySet& set, const Policy& policy, std::string_view images) {
  for (const auto& other : set.policies) {
    if (&other != &policy && other.match) continue;
    for (const auto& rule : other.rules)
      if (std::holds_alternative<SignatureCheck>(rule.check) && covers_one(rule.images, images)) return true;
  }
  return false;
}

bool bounds_what_runs(const Policy& policy, const Rule& rule) {
  const auto enforcement = rule.costs.enforcement ? rule.costs.enforcement : policy.costs.enforcement;
  return std::holds_alternative<AllowedRegistries>(rule.check) && rule.images.empty() &&
         enforcement.value_or(Enforcement::Deny) == Enforcement::Deny;
}

/// Whether every repository that a glob of `inner` matches is matched by a glob of `outer`; empty
/// lists are every image. May be false although it is so (never the reverse), because one
/// glob must cover it: the same text, `**`, or `PREFIX/**` without other stars over what begins with
/// `PREFIX/`.
bool covers_all(const std::vector<ImageGlob>& outer, const std::vector<ImageGlob>& inner) {
  if (inner.empty()) return covers_one(outer, kEvery);
  return std::all_of(inner.begin(), inner.end(),
                     [&](const ImageGlob& glob) { return covers_one(outer, glob.text()); });
}

/// What may run under `policy` without a signature rule: each a place and a name for the
/// images. What may run is what its `allowedRegistries` rules at deny that look at every image
/// admit, or else everything. Signature rules of other policies count where those match everything.
std::vector<std::pair<SourceMark, std::string>> unsigned_images(const PolicySet& set, const Policy& policy) {
  using Found = std::vector<std::pair<SourceMark, std::string>>;
  if (is_signed(set, policy, kEvery)) return {};
  std::optional<Found> first;
  // An image must pass all of the rules, so one rule whose globs are all covered is enough.
  for (const auto& rule : policy.rules) {
    if (!bounds_what_runs(policy, rule)) continue;
    Found found;
    for (const auto& glob : std::get<AllowedRegistries>(rule.check).globs)
      if (!is_signed(set, policy, glob.text())) found.emplace_back(rule.mark, "'" + glob.text() + "'");
    if (found.empty()) return {};
    if (!first) first = std::move(found);
  }
  if (first) return *std::move(first);
  return {{policy.mark, "all images that may run"}};
}

constexpr std::chrono::days kExpiryWarning{14};

using Warnings = std::vector<Diagnostic>;

std::string rule_name(const Rule& rule) { return "rule " + in_quotes(rule.name); }

Enforcement in_force(const Policy& policy, const Rule* rule) {
  const auto own = rule == nullptr ? std::nullopt : rule->costs.enforcement;
  return own.value_or(policy.costs.enforcement.value_or(Enforcement::Deny));
}

void lint_match(const Policy& policy, Warnings& warnings) {
  if (!policy.match) return;
  const auto never = [&](std::string_view word, std::string_view platform) {
    warnings.push_back({policy.mark, "policy " + in_quotes(policy.name) + " has a match without '" +
                                         std::string(word) + "': it never looks at " + std::string(platform) +
                                         " requests"});
  };
  if (!policy.match->kubernetes) never("kubernetes", "Kubernetes");
  if (!policy.match->ecs) never("ecs", "Amazon ECS");
}

void lint_deployers(const Policy& policy, const Rule& rule, Warnings& warnings) {
  const auto* check = std::get_if<DeployersCheck>(&rule.check);
  if (check == nullptr) return;
  const auto anybody = [&](std::string_view word, std::string_view platform) {
    warnings.push_back({rule.mark, rule_name(rule) + " has no '" + std::string(word) + "' under deployers, " +
                                       "and the policy matches " + std::string(platform) +
                                       ": there, the rule lets anyone deploy"});
  };
  if (!check->kubernetes && (!policy.match || policy.match->kubernetes)) anybody("kubernetes", "Kubernetes");
  if (!check->ecs && (!policy.match || policy.match->ecs)) anybody("ecs", "Amazon ECS");
}

void lint_missing(const Policy& policy, Warnings& warnings) {
  const auto warn = [&](const SourceMark& mark, const std::string& who, Cost missing,
                        Enforcement enforcement) {
    warnings.push_back({mark, who + ": onMissing (" + std::string(name_of(missing)) +
                                  ") is milder than the enforcement (" +
                                  std::string(name_of(cost_of(enforcement))) +
                                  "): an image without any signature costs less than a badly signed one"});
  };
  const auto own = policy.costs.on_missing;
  const bool reported = own && *own < cost_of(in_force(policy, nullptr));
  if (reported) warn(policy.mark, "policy " + in_quotes(policy.name), *own, in_force(policy, nullptr));
  for (const auto& rule : policy.rules) {
    const bool inherits_all = !rule.costs.on_missing && !rule.costs.enforcement;
    const auto missing = rule.costs.on_missing ? rule.costs.on_missing : own;
    if (inherits_all || !missing || *missing >= cost_of(in_force(policy, &rule))) continue;
    if (rule.costs.on_missing || !reported)
      warn(rule.mark, rule_name(rule), *missing, in_force(policy, &rule));
  }
}

bool checks_signers(const Rule& rule) {
  return std::holds_alternative<SignatureCheck>(rule.check) ||
         std::holds_alternative<AttestationCheck>(rule.check);
}

/// What gets in where the rule could not be checked and that is accepted; empty: the rule asks no one.
std::string_view let_in_unchecked(const Rule& rule) {
  if (checks_signers(rule)) return "an unsigned image in meanwhile";
  if (std::holds_alternative<DeniedCheck>(rule.check)) return "a withdrawn image in by its tag";
  if (std::holds_alternative<VulnerabilitiesCheck>(rule.check)) return "an image in that was not scanned";
  if (std::holds_alternative<ImageConfigCheck>(rule.check)) return "any config of an image in meanwhile";
  if (std::holds_alternative<AgeCheck>(rule.check)) return "an image of any age in meanwhile";
  const auto* tag = std::get_if<TagCheck>(&rule.check);
  return tag != nullptr && tag->immutable != TagImmutable::NotRequired ? "a tag in that can be moved" : "";
}

void lint_unknown(const Policy& policy, const Rule& rule, Warnings& warnings) {
  const auto unknown = rule.costs.on_unknown ? rule.costs.on_unknown : policy.costs.on_unknown;
  const auto let_in = let_in_unchecked(rule);
  if (!unknown || let_in.empty() || *unknown >= cost_of(in_force(policy, &rule))) return;
  warnings.push_back({rule.mark, rule_name(rule) + ": onUnknown (" + std::string(name_of(*unknown)) +
                                     ") is milder than the enforcement: anyone who can make the registry "
                                     "fail, or throttle Tegata, gets " +
                                     std::string(let_in)});
}

/// Whether other people can get a registry whose name matches the host of this glob: a star is in the part of
/// the name that is registered, or it is the name of a customer of a cloud registry.
bool matches_hosts_of_others(std::string_view glob) {
  auto host = glob.substr(0, glob.find('/'));
  host = host.substr(0, host.find(':'));
  if (host.find('*') == host.npos || glob == kEvery) return false;
  const auto last = host.rfind('.');
  const auto second = last == host.npos || last == 0 ? host.npos : host.rfind('.', last - 1);
  const auto registered = second == host.npos ? host : host.substr(second + 1);
  if (registered.find('*') != host.npos) return true;
  const auto customer = host.substr(0, host.find('.'));
  if (customer.find('*') == host.npos) return false;
  const auto service = host.substr(customer.size());
  return service.starts_with(".dkr.ecr.") || service.starts_with(".dkr-ecr.") || service == ".azurecr.io" ||
         service == ".azurecr.cn" || service == ".jfrog.io";
}

void lint_hosts(const Rule& rule, Warnings& warnings) {
  const auto* registries = std::get_if<AllowedRegistries>(&rule.check);
  if (registries == nullptr) return;
  for (const auto& glob : registries->globs)
    if (matches_hosts_of_others(glob.text()))
      warnings.push_back({rule.mark, rule_name(rule) + ": the star in the host of " + in_quotes(glob.text()) +
                                         " also matches registries of other people: anyone can get such a "
                                         "name and push images there"});
}

/// Whether a tag pattern matches tags that have nothing in common.
void lint_tag_pattern(const Rule& rule, Warnings& warnings) {
  const auto* tag = std::get_if<TagCheck>(&rule.check);
  if (tag == nullptr || !matches_any_tag(*tag)) return;
  warnings.push_back({rule.mark, rule_name(rule) + ": the pattern " + in_quotes(tag->pattern_text) +
                                     " matches every tag, so it has no effect"});
}

void lint_groups(const Rule& rule, Warnings& warnings) {
  const auto* check = std::get_if<DeployersCheck>(&rule.check);
  if (check == nullptr || !check->kubernetes) return;
  for (const auto& group : check->kubernetes->groups) {
    std::string_view who;
    if (group == "system:authenticated") who = "every user and every service account is";
    if (group == "system:unauthenticated") who = "every caller without credentials is";
    if (group == "system:serviceaccounts") who = "every service account of the cluster is";
    if (group.starts_with("system:serviceaccounts:")) who = "every service account of that namespace is";
    if (!who.empty())
      warnings.push_back({rule.mark, rule_name(rule) + ": " + std::string(who) + " in the group " +
                                         in_quotes(group) +
                                         ", so all of them may deploy: name the pipelines"});
  }
  for (const auto& user : check->kubernetes->users)
    if (user == "system:anonymous")
      warnings.push_back({rule.mark, rule_name(rule) + ": " + in_quotes(user) +
                                         " is every caller without credentials, so anyone may deploy"});
}

/// Whether the pull gets what the check has seen.
bool keeps_tags(const Check& check) {
  if (const auto* tag = std::get_if<TagCheck>(&check)) return tag->immutable == TagImmutable::Registry;
  return std::holds_alternative<DigestCheck>(check);
}

void lint_movable(const Policy& policy, const Rule& rule, Warnings& warnings) {
  if (!checks_signers(rule)) return;
  const bool attested = std::holds_alternative<AttestationCheck>(rule.check);
  for (const auto& other : policy.rules)
    if (keeps_tags(other.check) && covers_all(other.images, rule.images)) return;
  warnings.push_back(
      {rule.mark, rule_name(rule) + (attested ? " checks attestations" : " checks signatures") +
                      ", and no 'digest' or 'tag.immutable' rule of the policy covers the same "
                      "images: a tag may move between the check and the pull"});
}

void lint_unsigned(const PolicySet& set, const Policy& policy, Warnings& warnings) {
  for (const auto& [mark, images] : unsigned_images(set, policy))
    warnings.push_back({mark, "no signature rule covers " + images + " in policy " + in_quotes(policy.name)});
}

void lint_signers(const Rule& rule, Warnings& warnings) {
  if (std::holds_alternative<TagCheck>(rule.check)) return;  // reported for the rule that it is bound to
  if (const auto* demand = signer_demand_of(rule.check))
    for (const auto& text : demand->warnings) warnings.push_back({rule.mark, rule_name(rule) + ": " + text});
}

void lint_labels(const Policy& policy, const Rule& rule, Warnings& warnings) {
  if (!asks_labels(rule.check)) return;
  for (const auto& other : policy.rules) {
    if (checks_signers(other) && covers_all(other.images, rule.images)) return;
  }
  const bool labels =
      std::holds_alternative<TagCheck>(rule.check) || std::holds_alternative<BaseImageCheck>(rule.check);
  const std::string what = labels ? "labels" : "configs";
  warnings.push_back({rule.mark, rule_name(rule) + " trusts the " + what +
                                     " of images, and no 'signature' or "
                                     "'attestation' rule of the policy covers the same images: anyone "
                                     "with push access can set these " +
                                     what});
}

void lint_denied(const Rule& rule, Warnings& warnings) {
  const auto* check = std::get_if<DeniedCheck>(&rule.check);
  if (check == nullptr) return;
  if (check->list->digests.empty())
    warnings.push_back({rule.mark, rule_name(rule) + ": the list " + in_quotes(check->file) +
                                       " has no digest, so the rule has no effect"});
}

void lint_scans(const Rule& rule, Warnings& warnings) {
  const auto* check = std::get_if<VulnerabilitiesCheck>(&rule.check);
  if (check == nullptr || check->criteria.max_scan_age) return;
  warnings.push_back({rule.mark, rule_name(rule) +
                                     " has no maxScanAge: a scan from before a vulnerability was "
                                     "known counts as well as one of today"});
}

void lint_exemption(const Exemption& exemption, Time now, Warnings& warnings) {
  if (now >= exemption.ends)
    warnings.push_back({exemption.mark, "this exemption expired at the end of " + exemption.expires_text +
                                            " (UTC) and has no effect: remove it"});
  else if (exemption.ends - now <= kExpiryWarning)
    warnings.push_back({exemption.mark, "this exemption ends within 14 days, with " + exemption.expires_text +
                                            " (UTC); its owner is " + in_quotes(exemption.owner)});
}

}  // namespace

std::vector<Diagnostic> lint(const PolicySet& policies, Time now) {
  Warnings warnings;
  for (const auto& policy : policies.policies) {
    lint_match(policy, warnings);
    lint_missing(policy, warnings);
    lint_unsigned(policies, policy, warnings);
    for (const auto& rule : policy.rules) {
      lint_deployers(policy, rule, warnings);
      lint_groups(rule, warnings);
      lint_hosts(rule, warnings);
      lint_tag_pattern(rule, warnings);
      lint_unknown(policy, rule, warnings);
      lint_movable(policy, rule, warnings);
      lint_signers(rule, warnings);
      lint_labels(policy, rule, warnings);
      lint_denied(rule, warnings);
      lint_scans(rule, warnings);
    }
    for (const auto& exemption : policy.exemptions) lint_exemption(exemption, now, warnings);
  }
  return warnings;
}

}  // namespace tegata::policy
