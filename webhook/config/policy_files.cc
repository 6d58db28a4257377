// SPDX-License-Identifier: Apache-2.0
#include "webhook/config/policy_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

#include "policy/model/limits.h"
#include "verifier/crypto/hash.h"
#include "webhook/config/read_file.h"

namespace tegata::webhook {
namespace {

namespace fs = std::filesystem;

bool is_policy_name(const fs::path& name) {
  constexpr std::array kEndings{".yaml", ".yml", ".json"};
  return !name.string().starts_with('.') &&
         std::ranges::any_of(kEndings, [&](const char* ending) { return name.extension() == ending; });
}

/// The policy files of a folder, sorted by name. Fails above limits::kPolicyFiles.
Result<std::vector<fs::path>> files_in(const std::string& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (!is_policy_name(entry->path().filename())) continue;
    std::error_code ignored;
    if (fs::is_directory(entry->path(), ignored)) continue;
    files.push_back(entry->path());
    if (files.size() > limits::kPolicyFiles)
      return Error{ErrorCode::LimitExceeded,
                   folder + " contains more than " + std::to_string(limits::kPolicyFiles) + " policy files"};
  }
  if (error) return Error{ErrorCode::Misconfigured, "cannot list " + folder + ": " + error.message()};
  if (files.empty())
    return Error{ErrorCode::Misconfigured, folder + " contains no policy file (*.yaml, *.yml or *.json)"};
  std::ranges::sort(files);
  return files;
}

Result<policy::Document> read_document(const fs::path& file, verifier::Pipes pipes) {
  TEGATA_TRY(auto text, read_file(file.string(), limits::kPolicyFile, pipes));
  std::error_code error;
  const auto absolute = fs::absolute(file, error);
  return policy::Document{.name = file.string(),
                          .folder = (error ? file : absolute).parent_path().string(),
                          .text = std::move(text)};
}

/// Each piece is preceded by its length, so that different lists of pieces never give the same bytes.
void add_piece(verifier::Sha256& hash, std::string_view piece) {
  hash.add(std::to_string(piece.size()) + ":");
  hash.add(piece);
}

void add_list(verifier::Sha256& hash, const DigestList& list) {
  add_piece(hash, "digests " + std::to_string(list.digests.size()));
  for (const auto& digest : list.digests) add_piece(hash, digest.text());
}

std::string hash_of(const std::vector<policy::Document>& documents, const policy::PolicySet& policies) {
  verifier::Sha256 hash;
  for (const auto& document : documents) add_piece(hash, document.text);
  for (const auto& authority : policies.authorities) add_piece(hash, authority.id.text);  // sorted
  for (const auto& policy : policies.policies)
    for (const auto& rule : policy.rules)
      if (const auto* denied = std::get_if<policy::DeniedCheck>(&rule.check)) add_list(hash, *denied->list);
  return hash.finish().hex();
}

}  // namespace

Result<std::vector<policy::Document>> read_policy_files(const std::string& path, verifier::Pipes pipes) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    TEGATA_TRY(auto document, read_document(path, pipes));
    return std::vector{std::move(document)};
  }
  TEGATA_TRY(const auto files, files_in(path));
  std::vector<policy::Document> documents;
  for (const auto& file : files) {
    TEGATA_TRY(auto document, read_document(file, verifier::Pipes::Refused));
    documents.push_back(std::move(document));
  }
  return documents;
}

Result<policy::LoadResult> load_policy_files(const std::string& path, TrustResolver& trust,
                                             verifier::Pipes pipes) {
  TEGATA_TRY(const auto documents, read_policy_files(path, pipes));
  auto loaded = policy::load(documents, trust);
  if (loaded.policies) loaded.policies->hash = hash_of(documents, *loaded.policies);
  return loaded;
}

Result<policy::PolicySet> load_policies(const std::string& path, TrustResolver& trust) {
  TEGATA_TRY(auto loaded, load_policy_files(path, trust));
  if (loaded.policies && loaded.errors.empty()) return std::move(*loaded.policies);
  std::string lines;
  for (const auto& diagnostic : loaded.errors) lines += (lines.empty() ? "" : "\n") + diagnostic.text();
  return Error{ErrorCode::Misconfigured,
               lines.empty() ? path + " contains no policy that could be loaded" : std::move(lines)};
}

}  // namespace tegata::webhook
