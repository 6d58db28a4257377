// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/trace.h"

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "policy/model/limits.h"
#include "verifier/evidence/fact_record.h"
#include "verifier/json/strict_json.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

constexpr std::array<const char*, 4> kKinds{"tag", "manifest", "blob", "referrers"};
static_assert(std::variant_size_v<ContentRequest> == kKinds.size());

json details_json(const TagRequest& request) {
  return {{"repository", request.repository.text()}, {"tag", request.tag}};
}
template <typename Request>
json details_json(const Request& request) {
  return {{"repository", request.repository.text()}, {"digest", request.digest.text()}};
}

json request_json(const ContentRequest& request) {
  auto details = std::visit([](const auto& asked) { return details_json(asked); }, request);
  return {{kKinds.at(request.index()), std::move(details)}};
}

json content_json(const Content& content) {
  return {{"digest", content.digest.text()}, {"mediaType", valid_utf8(content.media_type)}};
}

json referrers_json(const Referrers& referrers) {
  auto manifests = json::array();
  for (const auto& manifest : referrers.manifests)
    manifests.push_back({{"digest", manifest.digest.text()},
                         {"mediaType", valid_utf8(manifest.media_type)},
                         {"size", manifest.size}});
  return {{"manifests", std::move(manifests)}, {"truncated", referrers.truncated}};
}

json answer_json(const ContentAnswer& answer) {
  if (!answer.ok()) return {{"error", error_json(answer.error())}};
  if (const auto* content = std::get_if<Content>(&*answer)) return content_json(*content);
  return referrers_json(std::get<Referrers>(*answer));
}

Error malformed_trace(std::string_view what) {
  return Error::malformed("recorded evidence: " + std::string(what));
}

Result<std::string> text_of(const json& object, std::string_view key) {
  TEGATA_TRY(auto text, string_member(object, key));
  if (!text) return malformed_trace(std::string(key) + " is missing");
  return *std::move(text);
}

Result<Digest> digest_of(const json& object) {
  TEGATA_TRY(const auto text, text_of(object, "digest"));
  return Digest::parse(text);
}

Result<Referrers> read_referrers(const json& answer) {
  const auto* manifests = member(answer, "manifests");
  const auto* truncated = member(answer, "truncated");
  if (!manifests->is_array() || truncated == nullptr || !truncated->is_boolean())
    return malformed_trace("an invalid list of referrers");
  Referrers referrers;
  referrers.truncated = truncated->get<bool>();
  for (const auto& element : *manifests) {
    TEGATA_TRY(const auto digest, digest_of(element));
    TEGATA_TRY(const auto size, size_member(element, "size"));
    TEGATA_TRY(auto media_type, text_of(element, "mediaType"));
    if (!size) return malformed_trace("size is missing");
    referrers.manifests.push_back({digest, *size, std::move(media_type)});
  }
  return referrers;
}

Result<RecordedAnswer> read_answer(const json& answer) {
  if (const auto* error = member(answer, "error")) {
    auto read = read_error(*error);
    if (!read) return malformed_trace("an error without a known code or a message");
    return RecordedAnswer(*std::move(read));
  }
  if (member(answer, "manifests") != nullptr) {
    TEGATA_TRY(auto referrers, read_referrers(answer));
    return RecordedAnswer(std::move(referrers));
  }
  TEGATA_TRY(const auto digest, digest_of(answer));
  TEGATA_TRY(auto media_type, text_of(answer, "mediaType"));
  return RecordedAnswer(StoredContent{digest, std::move(media_type)});
}

/// The request_key() of an element of `requests`; empty if the kind of request is unknown.
std::string key_of(const json& element) {
  for (const auto* kind : kKinds)
    if (const auto* details = member(element, kind)) return compact({{kind, *details}});
  return {};
}

}  // namespace

std::string request_key(const ContentRequest& request) { return compact(request_json(request)); }

ContentAnswer as_recorded(ContentAnswer answer) {
  if (!answer.ok()) return Error{answer.error().code, valid_utf8(answer.error().message)};
  if (auto* content = std::get_if<Content>(&*answer)) {
    content->media_type = valid_utf8(std::move(content->media_type));
    return answer;
  }
  for (auto& manifest : std::get<Referrers>(*answer).manifests)
    manifest.media_type = valid_utf8(std::move(manifest.media_type));
  return answer;
}

json entry_json(const ContentRequest& request, const ContentAnswer& answer) {
  auto entry = request_json(request);
  entry["answer"] = answer_json(answer);
  return entry;
}

std::string trace_text(const std::map<std::string, json>& entries) {
  auto requests = json::array();
  for (const auto& [key, entry] : entries) requests.push_back(entry);
  return compact({{"requests", std::move(requests)}});
}

Result<std::map<std::string, RecordedAnswer>> parse_trace(std::string_view text) {
  if (text.size() > limits::kEvidenceTrace)
    return Error{ErrorCode::LimitExceeded,
                 "recorded evidence: more than " + std::to_string(limits::kEvidenceTrace) + " bytes"};
  TEGATA_TRY(const json document, parse_strict_json(text));
  const auto* requests = member(document, "requests");
  if (requests == nullptr || !requests->is_array()) return malformed_trace("requests is missing");
  std::map<std::string, RecordedAnswer> answers;
  for (const auto& element : *requests) {
    auto key = key_of(element);
    const auto* answer = member(element, "answer");
    if (key.empty() || answer == nullptr) return malformed_trace("an element without request or answer");
    TEGATA_TRY(auto read, read_answer(*answer));
    if (!answers.emplace(std::move(key), std::move(read)).second)
      return malformed_trace("a duplicate request");
  }
  return answers;
}

}  // namespace tegata::verifier
