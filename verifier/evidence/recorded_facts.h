// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "policy/model/image_facts.h"

namespace tegata::verifier {

/// One image's facts for the audit record; the same facts give the same JSON.
///
///   {"image", "tag": FACT of a digest, "signatures": [{"repository", FACT}], "labels": FACT}
///   FACT: {"known": …} | {"absent": true} | {"unknown": {"code", "message"}}
///
/// `tag` and `labels` are there where they were asked; known labels are told in recorded_labels.h. Known
/// signatures are {"evidence": hash of the trace, or null where nothing was recorded, "candidates",
/// "authorities": [{"authority", "verified", "rejected", "rejectedMore"}], "tooMany", "unknown": null or an
/// error, "verifiedAt": milliseconds since 1970, where the facts depend on it}; of the rejected candidates at
/// most limits::kRecordedRejections an authority are told, and `rejectedMore` counts the others.
[[nodiscard]] nlohmann::json to_json(const ImageFacts& facts);

/// What a record says of one signature question: where its evidence is, or why there is none. The
/// verified signatures are not read back: only the verifier makes those.
struct RecordedEvidence {
  std::string hash;                 ///< of the trace; empty where nothing was recorded
  std::optional<Time> verified_at;  ///< where the facts depend on it
};
struct RecordedSignatures {
  Repository repository;
  Fact<RecordedEvidence> evidence;
};
struct RecordedFacts {
  std::string image;
  std::optional<Fact<Digest>> tag;
  std::vector<RecordedSignatures> signatures;
  std::optional<Fact<std::shared_ptr<const ImageLabels>>> labels;
};

/// Reads back what to_json() wrote. Malformed where it is something else.
[[nodiscard]] Result<RecordedFacts> read_recorded_facts(const nlohmann::json& image);

}  // namespace tegata::verifier
