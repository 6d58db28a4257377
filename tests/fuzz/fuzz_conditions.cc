// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "policy/model/rfc3339.h"
#include "policy/rules/condition.h"
#include "policy/rules/provenance.h"
#include "verifier/json/strict_json.h"
#include "verifier/sigstore/candidate/signed_payload.h"

namespace {

using namespace tegata;
using namespace tegata::policy;

const Time kNow{std::chrono::seconds(1'795'000'000)};

void demand(bool holds) {
  if (!holds) std::abort();
}

std::string take_line(std::string& text) {
  const auto end = std::min(text.find('\n'), text.size());
  auto line = text.substr(0, end);
  text.erase(0, std::min(end + 1, text.size()));
  return line;
}

struct Where {
  ValuePath path;
  const Value& predicate;

  [[nodiscard]] ConditionOutcome outcome(decltype(Condition::test) test) const {
    const std::vector<Condition> where{{path, std::move(test)}};
    demand(!SettingsIdentity::of(where).empty());
    auto outcome = evaluate(where, predicate, kNow);
    demand(!outcome.mismatch || !outcome.mismatch->empty());
    demand(!outcome.until || *outcome.until > kNow);
    demand(!outcome.until || asks_now(where));
    return outcome;
  }
  [[nodiscard]] bool holds(decltype(Condition::test) test) const {
    return !outcome(std::move(test)).mismatch;
  }
};

/// Two that exclude each other: one of them holds where there is something to compare, else neither.
void one_or_neither(bool some, bool other, bool comparable) {
  demand(!(some && other));
  demand((some || other) == comparable);
}

void compare_numbers(const Where& where, const Value& bound) {
  using How = ComparesNumber::How;
  const auto* found = where.path.find(where.predicate);
  const bool number = found != nullptr && (std::holds_alternative<std::int64_t>(found->of) ||
                                           std::holds_alternative<double>(found->of));
  const auto holds = [&](How how) { return where.holds(ComparesNumber{how, bound}); };
  one_or_neither(holds(How::LessThan), holds(How::AtLeast), number);
  one_or_neither(holds(How::GreaterThan), holds(How::AtMost), number);
  demand(where.holds(Equals{bound}) == (holds(How::AtLeast) && holds(How::AtMost)));
  demand(where.holds(Equals{bound}) == where.holds(OneOf{{bound}}));
}

void compare_times(const Where& where, const Instant& bound) {
  using How = ComparesTime::How;
  const auto* found = where.path.find(where.predicate);
  const auto* text = found == nullptr ? nullptr : std::get_if<std::string>(&found->of);
  const bool time = text != nullptr && read_rfc3339(*text, TimeForm::Lenient).has_value();
  const auto holds = [&](How how) { return where.holds(ComparesTime{how, bound}); };
  one_or_neither(holds(How::Before), holds(How::NotBefore), time);
  one_or_neither(holds(How::After), holds(How::NotAfter), time);
  const auto after = where.outcome(ComparesTime{How::After, bound});
  if (!after.until) return;
  demand(!evaluate({{where.path, ComparesTime{How::After, bound}}}, where.predicate,
                   *after.until - std::chrono::milliseconds(1))
              .mismatch);
  demand(evaluate({{where.path, ComparesTime{How::After, bound}}}, where.predicate, *after.until)
             .mismatch.has_value());
}

void quantify(const Where& where, const ValuePath& list, const Instant& bound) {
  const std::vector<Condition> nested{{where.path, ComparesTime{ComparesTime::How::NotBefore, bound}}};
  const Where outer{list, where.predicate};
  const auto* found = list.find(where.predicate);
  const auto* items = found == nullptr ? nullptr : std::get_if<Value::Array>(&found->of);
  const bool any = outer.holds(Quantifies{Quantifies::How::Any, nested});
  const bool all = outer.holds(Quantifies{Quantifies::How::All, nested});
  demand(items != nullptr || (!any && !all));
  if (items != nullptr && items->empty()) demand(all && !any);
  if (items != nullptr && !items->empty() && all) demand(any);
}

void examine_provenance(const Value& predicate) {
  ProvenanceCriteria of_acme;
  of_acme.source_repository = *UriGlob::parse("https://github.com/acme/*");
  for (const auto type : {kProvenanceV02, kProvenanceV1}) {
    const auto provenance = provenance_of(type, predicate);
    for (const auto& commit : provenance.commits) demand(commit.size() == 40 || commit.size() == 64);
    const bool is_acme = !of_acme.mismatch(provenance);
    demand(!is_acme || provenance.source_repository.value_or("").starts_with("https://github.com/acme/"));
  }
}

}  // namespace

// A predicate under conditions, and as provenance: a line with a path, one with a path into a list, one with
// a moment, and the predicate in JSON.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  const auto path = ValuePath::parse(take_line(text));
  const auto list = ValuePath::parse(take_line(text));
  const auto bound = Instant::parse(take_line(text));
  const auto json = verifier::parse_strict_json(text);
  if (!json.ok()) return 0;
  const Value predicate = verifier::to_value(*json);
  examine_provenance(predicate);
  if (!path.ok()) return 0;
  const Where where{*path, predicate};
  one_or_neither(where.holds(Exists{true}), where.holds(Exists{false}), true);
  compare_numbers(where, Value{std::int64_t{7}});
  compare_numbers(where, Value{0.5});
  if (!bound.ok()) return 0;
  compare_times(where, *bound);
  if (list.ok()) quantify(where, *list, *bound);
  return 0;
}
