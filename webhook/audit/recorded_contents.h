// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <unordered_map>

#include "policy/model/result.h"
#include "webhook/audit/line_reader.h"

namespace tegata::webhook {

/// Finds the facts and the evidence of audit files by their hash, in the lines that were read so far. Memory:
/// about 150 bytes for each distinct hash. Thread-safe.
class RecordedContents {
 public:
  enum class Kind { Facts, Evidence };
  void add(Kind kind, const std::string& hash, std::shared_ptr<const LineReader> file,
           LineReader::Place place);

  /// The text of a line of kind Evidence. NotFound, or Malformed if the text does not match its hash.
  [[nodiscard]] Result<std::string> evidence(const std::string& hash) const;
  /// The facts under a hash, as JSON. The same errors.
  [[nodiscard]] Result<nlohmann::json> facts(const std::string& hash) const;

 private:
  struct Found {
    std::shared_ptr<const LineReader> file;
    LineReader::Place place;
  };
  using Places = std::unordered_map<std::string, Found>;
  [[nodiscard]] Result<nlohmann::json> line_of(const Places& places, const std::string& hash) const;

  mutable std::mutex mutex_;
  Places facts_;     ///< guarded by mutex_
  Places evidence_;  ///< guarded by mutex_
};

}  // namespace tegata::webhook
