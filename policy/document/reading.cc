// SPDX-License-Identifier: Apache-2.0
#include "policy/document/reading.h"

#include <algorithm>
#include <map>

#include "policy/model/ascii.h"
#include "policy/model/limits.h"

namespace tegata::policy {

std::string text_at(const Node& mapping, std::string_view name) {
  const Node* node = mapping.find(name);
  return node != nullptr && node->kind == Node::Kind::Scalar ? node->text : std::string();
}

const std::vector<Node>& items_at(const Node& mapping, std::string_view name) {
  static const std::vector<Node> kNone;
  const Node* node = mapping.find(name);
  return node != nullptr && node->kind == Node::Kind::Sequence ? node->children : kNone;
}

std::vector<std::string> texts_at(const Node& mapping, std::string_view name) {
  std::vector<std::string> texts;
  for (const auto& item : items_at(mapping, name))
    if (item.kind == Node::Kind::Scalar) texts.push_back(item.text);
  return texts;
}

std::vector<ImageGlob> globs_at(const Reading& reading, const Node& mapping, std::string_view name) {
  std::vector<ImageGlob> globs;
  for (const auto& item : items_at(mapping, name)) {
    if (item.kind != Node::Kind::Scalar) continue;
    auto glob = ImageGlob::parse(item.text);
    if (glob.ok())
      globs.push_back(*std::move(glob));
    else
      reading.wrong(item, in_quotes(item.text) + " is not an image glob: " + glob.error().message);
  }
  return globs;
}

namespace {

DeployersCheck read_deployers(const Node& node) {
  DeployersCheck check;
  if (const Node* kubernetes = node.find("kubernetes"))
    check.kubernetes = {texts_at(*kubernetes, "serviceAccounts"), texts_at(*kubernetes, "users"),
                        texts_at(*kubernetes, "groups")};
  if (const Node* ecs = node.find("ecs")) {
    using Manual = DeployersCheck::Manual;
    check.ecs = {texts_at(*ecs, "roles"), texts_at(*ecs, "services"), texts_at(*ecs, "users"),
                 text_at(*ecs, "manual") == "allow" ? Manual::Allow : Manual::Deny};
  }
  return check;
}

BaseImageCheck read_base_image(const Node& node) {
  BaseImageCheck check;
  for (const auto& text : texts_at(node, "digests"))
    if (const auto digest = Digest::parse(text); digest.ok()) check.digests.push_back(*digest);
  return check;
}

std::optional<Check> read_age(const Reading& reading, const Node& node) {
  const auto duration = duration_at(reading, node, "maxSinceBuild");
  if (!duration) return std::nullopt;
  return AgeCheck{*duration, text_at(node, "maxSinceBuild")};
}

ImageConfigCheck read_image_config(const Node& node) {
  return {node.find("user") != nullptr, node.find("secrets") != nullptr, node.find("healthcheck") != nullptr,
          node.find("addFromUrl") != nullptr};
}

std::optional<Check> read_denied(const Reading& reading, const Node& node) {
  const Node* file = node.find("file");
  if (file == nullptr || file->kind != Node::Kind::Scalar || file->text.empty()) return std::nullopt;
  auto list = reading.trust.digest_list(absolute_path(reading, file->text));
  if (list.ok()) return DeniedCheck{*std::move(list), file->text};
  reading.wrong(*file, "the list of digests cannot be used: " + list.error().message);
  return std::nullopt;
}

std::optional<Check> read_check(const Reading& reading, const Node& node) {
  if (node.find("allowedRegistries") != nullptr)
    return AllowedRegistries{globs_at(reading, node, "allowedRegistries")};
  if (const Node* tag = node.find("tag")) return read_tag(reading, *tag);
  if (node.find("digest") != nullptr) return DigestCheck{};
  if (const Node* signature = node.find("signature")) return read_signature(reading, *signature);
  if (const Node* attestation = node.find("attestation")) return read_attestation(reading, *attestation);
  if (const Node* base = node.find("baseImage")) return read_base_image(*base);
  if (const Node* config = node.find("imageConfig")) return read_image_config(*config);
  if (const Node* age = node.find("age")) return read_age(reading, *age);
  if (const Node* denied = node.find("denied")) return read_denied(reading, *denied);
  if (const Node* scans = node.find("vulnerabilities")) return read_vulnerabilities(reading, *scans);
  if (const Node* deployers = node.find("deployers")) return read_deployers(*deployers);
  return std::nullopt;
}

std::optional<Enforcement> enforcement_of(const std::string& word) {
  for (const auto enforcement : {Enforcement::Deny, Enforcement::Warn, Enforcement::DryRun})
    if (name_of(cost_of(enforcement)) == word) return enforcement;
  return std::nullopt;
}

}  // namespace

CostSettings read_costs(const Node& mapping) {
  return {enforcement_of(text_at(mapping, "enforcement")), cost_of_name(text_at(mapping, "onMissing")),
          cost_of_name(text_at(mapping, "onUnknown"))};
}

std::optional<Rule> read_rule(const Reading& reading, const Node& node) {
  auto check = read_check(reading, node);
  auto images = globs_at(reading, node, "images");
  if (!check) return std::nullopt;
  if (const Node* written = node.find("images"); written != nullptr && is_about_request(*check))
    reading.errors.add({reading.document.name, written->key_line, written->key_column},
                       "'images' is not allowed on a rule about the request: 'deployers' is judged once for "
                       "all images");
  return Rule{text_at(node, "name"), read_costs(node),   std::move(images),
              *std::move(check),     reading.mark(node), text_at(node, "help")};
}

namespace {

/// The day after YYYY-MM-DD at 00:00 UTC; empty where that day does not exist.
std::optional<Time> end_of_day(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  for (const std::size_t at : {0U, 1U, 2U, 3U, 5U, 6U, 8U, 9U})
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t digits) {
    unsigned value = 0;
    for (const char c : text.substr(at, digits)) value = value * 10 + static_cast<unsigned>(c - '0');
    return value;
  };
  const std::chrono::year_month_day day{std::chrono::year(static_cast<int>(number(0, 4))),
                                        std::chrono::month(number(5, 2)), std::chrono::day(number(8, 2))};
  if (!day.ok() || text[4] != '-' || text[7] != '-') return std::nullopt;
  return std::chrono::sys_days(day) + std::chrono::days(1);
}

bool holds(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void check_rules(const Reading& reading, const Node& node, const RuleNames& rules) {
  for (const auto& item : items_at(node, "rules")) {
    if (item.kind != Node::Kind::Scalar || reading.errors.full()) continue;
    if (!holds(rules.all, item.text))
      reading.wrong(item, "no rule named " + in_quotes(item.text) + " in this policy" +
                              did_you_mean(item.text, rules.all));
    if (holds(rules.never_lifted, item.text))
      reading.wrong(item,
                    "rule " + in_quotes(item.text) +
                        " is of the kind denied, which no exemption lifts: take the digest off its list");
  }
}

/// An exemption of single vulnerabilities has an effect only on rules that look for them.
void check_scoped(const Reading& reading, const Node& node, const std::vector<Rule>& rules) {
  if (node.find("vulnerabilities") == nullptr) return;
  for (const auto& item : items_at(node, "rules"))
    for (const auto& rule : rules)
      if (item.kind == Node::Kind::Scalar && rule.name == item.text &&
          !std::holds_alternative<VulnerabilitiesCheck>(rule.check))
        reading.wrong(item, "rule " + in_quotes(item.text) +
                                " is not of the kind vulnerabilities: an exemption with 'vulnerabilities' "
                                "would have no effect on it");
}

std::vector<Digest> read_digests(const Reading& reading, const Node& node) {
  std::vector<Digest> digests;
  for (const auto& item : items_at(node, "digests")) {
    if (item.kind != Node::Kind::Scalar) continue;
    auto digest = Digest::parse(item.text);
    if (digest.ok())
      digests.push_back(*digest);
    else
      reading.wrong(item, in_quotes(item.text) + " is not a digest: " + digest.error().message);
  }
  return digests;
}

}  // namespace

std::optional<std::chrono::seconds> duration_at(const Reading& reading, const Node& node,
                                                std::string_view name) {
  const auto text = text_at(node, name);
  if (text.size() < 2 || text.size() > 11) return std::nullopt;
  std::int64_t number = 0;
  for (const char c : text.substr(0, text.size() - 1)) {
    if (!is_digit(c)) return std::nullopt;
    number = number * 10 + (c - '0');
  }
  std::chrono::seconds unit{1};
  if (text.back() == 'm') unit = std::chrono::minutes{1};
  if (text.back() == 'h') unit = std::chrono::hours{1};
  if (text.back() == 'd') unit = std::chrono::hours{24};
  if (number <= limits::kPolicyDuration / unit) return number * unit;
  reading.wrong(*node.find(name), in_quotes(text) + " is too long: at most " +
                                      std::to_string(limits::kPolicyDuration.count()) + "h are allowed");
  return std::nullopt;
}

std::optional<Exemption> read_exemption(const Reading& reading, const Node& node, const RuleNames& names,
                                        const std::vector<Rule>& rules) {
  check_rules(reading, node, names);
  check_scoped(reading, node, rules);
  Exemption exemption{texts_at(node, "rules"),
                      globs_at(reading, node, "images"),
                      read_digests(reading, node),
                      text_at(node, "reason"),
                      text_at(node, "owner"),
                      text_at(node, "expires"),
                      {},
                      reading.mark(node),
                      texts_at(node, "vulnerabilities")};
  const Node* expires = node.find("expires");
  const auto ends = end_of_day(exemption.expires_text);
  if (!ends) {
    if (expires != nullptr)
      reading.wrong(*expires, in_quotes(expires->text) + " is not a day of the calendar");
    return std::nullopt;
  }
  exemption.ends = *ends;
  return exemption;
}

namespace {

const Node& child_or_empty(const Node& mapping, std::string_view name) {
  static const Node kEmpty;
  const Node* child = mapping.find(name);
  return child != nullptr ? *child : kEmpty;
}

std::optional<Match> read_match(const Node& spec) {
  const Node* node = spec.find("match");
  if (node == nullptr) return std::nullopt;
  Match match;
  if (const Node* kubernetes = node->find("kubernetes"))
    match.kubernetes = {texts_at(*kubernetes, "namespaces"), texts_at(*kubernetes, "excludeNamespaces")};
  if (const Node* ecs = node->find("ecs"))
    match.ecs = {texts_at(*ecs, "accounts"), texts_at(*ecs, "clusters")};
  return match;
}

/// The names of all rules, of those too that could not be read: exemptions may name them. A name
/// that is given twice is an error.
RuleNames rule_names(const Reading& reading, const Node& spec) {
  RuleNames names;
  std::map<std::string_view, int> seen;
  for (const auto& item : items_at(spec, "rules")) {
    const Node* name = item.find("name");
    if (name == nullptr || name->kind != Node::Kind::Scalar) continue;
    names.all.push_back(name->text);
    if (item.find("denied") != nullptr) names.never_lifted.push_back(name->text);
    const auto [first, is_new] = seen.emplace(name->text, name->line);
    if (!is_new)
      reading.wrong(*name, "two rules are named " + in_quotes(name->text) + "; the first is in line " +
                               std::to_string(first->second));
  }
  return names;
}

}  // namespace

Policy read_policy(const Reading& reading, const Node& document) {
  const Node& spec = child_or_empty(document, "spec");
  Policy policy;
  policy.name = text_at(child_or_empty(document, "metadata"), "name");
  policy.mark = reading.mark(document);
  policy.costs = read_costs(spec);
  policy.match = read_match(spec);
  for (const auto& item : items_at(spec, "rules"))
    if (auto rule = read_rule(reading, item)) policy.rules.push_back(*std::move(rule));
  bind_scans(reading, items_at(spec, "rules"), policy.rules);
  bind_provenance(reading, items_at(spec, "rules"), policy.rules);
  const auto names = rule_names(reading, spec);
  for (const auto& item : items_at(spec, "exemptions"))
    if (auto exemption = read_exemption(reading, item, names, policy.rules))
      policy.exemptions.push_back(*std::move(exemption));
  return policy;
}

}  // namespace tegata::policy
