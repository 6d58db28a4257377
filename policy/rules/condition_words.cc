// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/condition_words.h"

#include "policy/model/printable.h"
#include "policy/rules/raw_finding.h"
#include "policy/rules/scalar.h"

namespace tegata::policy {
namespace {

constexpr std::size_t kShownCondition = 120;

std::string_view word_of(ComparesNumber::How how) {
  switch (how) {
    case ComparesNumber::How::LessThan:
      return "lessThan";
    case ComparesNumber::How::AtMost:
      return "atMost";
    case ComparesNumber::How::GreaterThan:
      return "greaterThan";
    case ComparesNumber::How::AtLeast:
      return "atLeast";
  }
  return {};
}

std::string_view word_of(ComparesTime::How how) {
  switch (how) {
    case ComparesTime::How::Before:
      return "before";
    case ComparesTime::How::NotAfter:
      return "notAfter";
    case ComparesTime::How::After:
      return "after";
    case ComparesTime::How::NotBefore:
      return "notBefore";
  }
  return {};
}

std::string_view bound_words(ComparesNumber::How how) {
  switch (how) {
    case ComparesNumber::How::LessThan:
      return "a number less than ";
    case ComparesNumber::How::AtMost:
      return "a number of at most ";
    case ComparesNumber::How::GreaterThan:
      return "a number greater than ";
    case ComparesNumber::How::AtLeast:
      return "a number of at least ";
  }
  return {};
}

std::string_view bound_words(ComparesTime::How how) {
  switch (how) {
    case ComparesTime::How::Before:
      return "a time before ";
    case ComparesTime::How::NotAfter:
      return "a time not after ";
    case ComparesTime::How::After:
      return "a time after ";
    case ComparesTime::How::NotBefore:
      return "a time not before ";
  }
  return {};
}

struct Word {
  std::string_view operator()(const Equals&) const { return "equals"; }
  std::string_view operator()(const OneOf&) const { return "in"; }
  std::string_view operator()(const Matches&) const { return "matches"; }
  std::string_view operator()(const Exists&) const { return "exists"; }
  std::string_view operator()(const ComparesNumber& test) const { return word_of(test.how); }
  std::string_view operator()(const ComparesTime& test) const { return word_of(test.how); }
  std::string_view operator()(const Quantifies& test) const {
    return test.how == Quantifies::How::Any ? "any" : "all";
  }
};

struct Expected {
  std::string operator()(const Equals& test) const { return described(test.value); }
  std::string operator()(const OneOf& test) const {
    std::vector<std::string> words;
    for (const auto& value : test.values) words.push_back(described(value));
    return listed(words);
  }
  std::string operator()(const Matches& test) const {
    return "a text matching " + quoted(test.text, kShownCondition);
  }
  std::string operator()(const Exists& test) const { return test.wanted ? "anything" : "nothing"; }
  std::string operator()(const ComparesNumber& test) const {
    return std::string(bound_words(test.how)) + described(test.number);
  }
  std::string operator()(const ComparesTime& test) const {
    return std::string(bound_words(test.how)) + test.instant.text;
  }
  std::string operator()(const Quantifies&) const { return "a list"; }
};

}  // namespace

std::string_view operator_of(const Condition& condition) { return std::visit(Word{}, condition.test); }

std::string unmet(const Condition& condition, const Value* found) {
  return printable(condition.path.text(), kShownCondition) + ": expected " +
         std::visit(Expected{}, condition.test) + ", found " +
         (found == nullptr ? "nothing" : described(*found));
}

}  // namespace tegata::policy
