// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/recorded_layout.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "verifier/crypto/hash.h"
#include "verifier/json/strict_json.h"
#include "verifier/oci/manifest.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

Error not_found(const std::string& what) { return {ErrorCode::NotFound, what + " is not in the recording"}; }

Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  if (failed) return not_found(path.filename().string());
  if (size > max_bytes)
    return Error{ErrorCode::LimitExceeded, path.filename().string() + " has " + std::to_string(size) +
                                               " bytes, more than " + std::to_string(max_bytes)};
  std::ifstream file(path, std::ios::binary);
  std::string bytes(size, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(size));
  if (static_cast<std::uintmax_t>(file.gcount()) != size)
    return Error{ErrorCode::Unavailable, "cannot read " + path.filename().string()};
  return bytes;
}

/// Content-Type as a registry would send it: the document's own mediaType.
std::string media_type_in(std::string_view bytes) {
  const auto parsed = parse_manifest(bytes);
  if (!parsed.ok()) return {};
  return std::visit([](const auto& document) { return document.media_type; }, *parsed);
}

}  // namespace

Result<RecordedLayout> RecordedLayout::open(const std::filesystem::path& folder) {
  RecordedLayout layout;
  layout.folder_ = folder;
  TEGATA_TRY(const std::string text, read_file(folder / "case.json", limits::kInputFile));
  TEGATA_TRY(const json recorded, parse_strict_json(text));
  TEGATA_TRY(const auto repository, string_member(recorded, "repository"));
  TEGATA_TRY(layout.repository_, Repository::parse(repository.value_or("")));
  if (const auto* tags = member(recorded, "tags"))
    for (const auto& [tag, value] : tags->items()) {
      if (!value.is_string()) return Error::malformed("a tag's digest must be a string");
      TEGATA_TRY(const Digest digest, Digest::parse(value.get_ref<const std::string&>()));
      layout.tags_.emplace(tag, digest);
    }
  const auto* api = member(recorded, "referrers_api");
  if (!api || api->empty()) return layout;
  layout.referrers_api_.emplace();
  for (const auto& [subject, index] : api->items()) {
    TEGATA_TRY(const Digest digest, Digest::parse(subject));
    layout.referrers_api_->emplace(digest, index.dump());
  }
  return layout;
}

Result<std::string> RecordedLayout::read(const Digest& digest, std::size_t max_bytes) const {
  TEGATA_TRY(auto bytes, read_file(folder_ / "oci" / "blobs" / "sha256" / digest.hex(), max_bytes));
  if (sha256(bytes) != digest)
    return Error::malformed("the recording has other bytes under " + digest.text());
  return bytes;
}

std::vector<Digest> RecordedLayout::blobs() const {
  std::vector<Digest> digests;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "oci" / "blobs" / "sha256", failed))
    if (auto digest = Digest::parse("sha256:" + entry.path().filename().string()); digest.ok())
      digests.push_back(*digest);
  return digests;
}

ContentAnswer RecordedLayout::manifest(const Digest& digest, std::size_t max_bytes) const {
  TEGATA_TRY(auto bytes, read(digest, max_bytes));
  auto media_type = media_type_in(bytes);
  return std::variant<Content, Referrers>(Content{digest, std::move(media_type), std::move(bytes)});
}

ContentAnswer RecordedLayout::referrers(const Digest& digest) const {
  ReferrersUnion found;
  if (referrers_api_)
    if (const auto index = referrers_api_->find(digest); index != referrers_api_->end()) {
      TEGATA_TRY(const auto list, parse_referrers(index->second));
      found.add(list);
    }
  if (const auto tag = tags_.find(digest.tag_prefix()); tag != tags_.end()) {
    TEGATA_TRY(const auto bytes, read(tag->second, limits::kManifest));
    // A fallback tag that is not an index names no referrers.
    if (const auto list = parse_referrers(bytes); list.ok()) found.add(*list);
  }
  return std::variant<Content, Referrers>(found.referrers());
}

ContentAnswer RecordedLayout::answer(const ContentRequest& request) const {
  const auto& repository =
      std::visit([](const auto& one) -> const Repository& { return one.repository; }, request);
  if (repository.path != repository_.path) return not_found("the repository " + repository.path);
  if (const auto* tag = std::get_if<TagRequest>(&request)) {
    const auto named = tags_.find(tag->tag);
    return named == tags_.end() ? not_found("the tag " + tag->tag)
                                : manifest(named->second, limits::kManifest);
  }
  if (const auto* wanted = std::get_if<ManifestRequest>(&request))
    return manifest(wanted->digest, wanted->max_bytes);
  if (const auto* subject = std::get_if<ReferrersRequest>(&request)) return referrers(subject->digest);
  const auto& blob = std::get<BlobRequest>(request);
  TEGATA_TRY(auto bytes, read(blob.digest, blob.max_bytes));
  return std::variant<Content, Referrers>(Content{blob.digest, {}, std::move(bytes)});
}

void RecordedLayout::fetch(std::vector<ContentRequest> requests, Terms, Done done) {
  std::vector<ContentAnswer> answers;
  answers.reserve(requests.size());
  for (const auto& request : requests) answers.push_back(answer(request));
  done(std::move(answers));
}

}  // namespace tegata::verifier
