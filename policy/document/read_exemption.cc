// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "policy/document/read_rule.h"

namespace tegata::policy {
namespace {

/// The day after YYYY-MM-DD at 00:00 UTC; empty where there is no such day.
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

void check_rules(const Reading& reading, const Node& node, const std::vector<std::string_view>& rules) {
  for (const auto& item : items_at(node, "rules")) {
    if (item.kind != Node::Kind::Scalar || reading.errors.full()) continue;
    if (std::find(rules.begin(), rules.end(), item.text) == rules.end())
      reading.wrong(
          item, "no rule named " + in_quotes(item.text) + " in this policy" + did_you_mean(item.text, rules));
  }
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

std::optional<Exemption> read_exemption(const Reading& reading, const Node& node,
                                        const std::vector<std::string_view>& rules) {
  check_rules(reading, node, rules);
  Exemption exemption{texts_at(node, "rules"),
                      globs_at(reading, node, "images"),
                      read_digests(reading, node),
                      text_at(node, "reason"),
                      text_at(node, "owner"),
                      text_at(node, "expires"),
                      {},
                      reading.mark(node)};
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

}  // namespace tegata::policy
