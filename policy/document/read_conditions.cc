// SPDX-License-Identifier: Apache-2.0
#include "policy/document/reading.h"
#include "policy/document/shape.h"

namespace tegata::policy {
namespace {

using Test = decltype(Condition::test);

std::optional<Test> read_in(const Node& node) {
  OneOf test;
  for (const auto& item : node.children)
    if (auto value = scalar_of(item)) test.values.push_back(*std::move(value));
  if (test.values.empty() || test.values.size() != node.children.size()) return std::nullopt;
  return test;
}

std::optional<Test> read_matches(const Reading& reading, const Node& node) {
  auto pattern = anchored_pattern(node.text);
  if (pattern.ok()) return Matches{node.text, *std::move(pattern)};
  report_invalid(reading, node, "a regular expression (RE2)", pattern.error());
  return std::nullopt;
}

std::optional<Test> read_number(const Node& node, ComparesNumber::How how) {
  auto number = number_of(node);
  if (!number) return std::nullopt;
  return ComparesNumber{how, *std::move(number)};
}

std::optional<Test> read_time(const Reading& reading, const Node& node, ComparesTime::How how) {
  auto instant = Instant::parse(node.text);
  if (instant.ok()) return ComparesTime{how, *std::move(instant)};
  report_invalid(reading, node, "a time", instant.error());
  return std::nullopt;
}

std::optional<Test> read_quantifier(const Reading& reading, const Node& node, Quantifies::How how) {
  auto where = read_conditions(reading, node.children);
  if (where.empty()) return std::nullopt;
  return Quantifies{how, std::move(where)};
}

std::optional<Test> read_test(const Reading& reading, const Node& node) {
  if (node.key == "equals") {
    auto value = scalar_of(node);
    if (!value) return std::nullopt;
    return Equals{*std::move(value)};
  }
  if (node.key == "in") return read_in(node);
  if (node.key == "matches") return read_matches(reading, node);
  if (node.key == "exists") {
    const auto wanted = truth_of(node);
    if (!wanted) return std::nullopt;
    return Exists{*wanted};
  }
  if (node.key == "lessThan") return read_number(node, ComparesNumber::How::LessThan);
  if (node.key == "atMost") return read_number(node, ComparesNumber::How::AtMost);
  if (node.key == "greaterThan") return read_number(node, ComparesNumber::How::GreaterThan);
  if (node.key == "atLeast") return read_number(node, ComparesNumber::How::AtLeast);
  if (node.key == "before") return read_time(reading, node, ComparesTime::How::Before);
  if (node.key == "notAfter") return read_time(reading, node, ComparesTime::How::NotAfter);
  if (node.key == "after") return read_time(reading, node, ComparesTime::How::After);
  if (node.key == "notBefore") return read_time(reading, node, ComparesTime::How::NotBefore);
  if (node.key == "any") return read_quantifier(reading, node, Quantifies::How::Any);
  if (node.key == "all") return read_quantifier(reading, node, Quantifies::How::All);
  return std::nullopt;
}

std::optional<Condition> read_condition(const Reading& reading, const Node& node) {
  const Node* path = node.find("path");
  if (path == nullptr || path->kind != Node::Kind::Scalar) return std::nullopt;
  auto place = ValuePath::parse(path->text);
  if (!place.ok()) {
    report_invalid(reading, *path, "a path", place.error());
    return std::nullopt;
  }
  for (const auto& child : node.children)
    if (auto test = read_test(reading, child)) return Condition{*std::move(place), *std::move(test)};
  return std::nullopt;
}

}  // namespace

std::vector<Condition> read_conditions(const Reading& reading, const std::vector<Node>& items) {
  std::vector<Condition> conditions;
  for (const auto& item : items)
    if (auto condition = read_condition(reading, item)) conditions.push_back(*std::move(condition));
  return conditions;
}

}  // namespace tegata::policy
