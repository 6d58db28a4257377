// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "policy/model/deadline.h"
#include "policy/model/settings_identity.h"

namespace tegata {

struct ScanReport;

/// A JSON value, so that policy/ can look into a predicate without a JSON library.
struct Value {
  using Array = std::vector<Value>;
  using Object = std::map<std::string, Value>;
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object> of = nullptr;

  [[nodiscard]] auto parts() const {
    const auto& [value] = *this;
    return std::tie(value);
  }
};

/// What a rule made of a predicate whose signature was verified.
struct PredicateReading {
  /// The first condition that does not hold, as text for people (it may quote the predicate, so
  /// untrusted). None: all hold.
  std::optional<std::string> mismatch = {};
  /// Where the conditions hold: the first moment at which they no longer will ("expires after now").
  /// A cached reading must not be used after it. None: they hold forever.
  std::optional<Time> until = {};
  /// Commit ids (lower-case hex) that the predicate names as what was built, for `matchesProvenance`.
  std::vector<std::string> commits = {};
  /// The report of a scanner that the predicate holds, for rules about vulnerabilities; null: not read.
  std::shared_ptr<const ScanReport> scan = {};
};

/// What an attestation must be, and what it must say. Evaluated where the predicate is available, so
/// that predicates of many MiB need not be kept.
struct PredicateDemand {
  std::string predicate_type;  ///< exact
  /// Total: never throws, never loops. `now` is when the signature is verified. Without one, nothing is
  /// required of the predicate.
  SettingsFunction<PredicateReading(const Value& predicate, Time now)> read = {};
  bool asks_now = false;    ///< the reading depends on `now`, so that facts of it are soon asked again
  bool reads_scan = false;  ///< the reading holds the report of a scanner

  [[nodiscard]] auto parts() const {
    const auto& [type, reading, timed, scan] = *this;
    return std::tie(type, reading, timed, scan);
  }
};

}  // namespace tegata
