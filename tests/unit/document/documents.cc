// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/document/documents.h"

#include <vector>

namespace tegata::policy::testing {

Result<KeyId> test_key(const std::string& path) {
  const std::string folder = std::string(kFolder) + "/keys/";
  if (!path.starts_with(folder) || !path.ends_with(".pub"))
    return Error{ErrorCode::NotFound, path + ": no such file"};
  const auto name = path.substr(folder.size(), path.size() - folder.size() - 4);
  Digest::Bytes bytes{};
  if (name == "ci" || name == "ci-again") return KeyId(bytes);
  bytes[0] = 1;
  if (name == "qa") return KeyId(bytes);
  if (name.empty() || name.find_first_not_of("0123456789") != std::string::npos)
    return Error{ErrorCode::NotFound, path + ": no such file"};
  bytes[0] = 2;
  bytes[1] = static_cast<std::uint8_t>(std::stoi(name));
  return KeyId(bytes);
}

namespace {

// A name by its path, far from those of keys.
Result<Digest> named(const std::string& path, std::uint8_t kind) {
  if (path.find("absent") != std::string::npos) return Error{ErrorCode::NotFound, path + ": no such file"};
  Digest::Bytes bytes{};
  bytes[0] = kind;
  for (std::size_t i = 0; i < path.size(); ++i) bytes[1 + i % 31] ^= static_cast<std::uint8_t>(path[i] + i);
  return Digest(bytes);
}

}  // namespace

Result<CertificateId> TestTrust::certificate(const std::string& path) { return named(path, 3); }

Result<TrustedRootId> TestTrust::root(const TrustedRootFiles& files) {
  std::string all = files.trusted_root;
  for (const auto* list : {&files.certificate_authorities, &files.certificate_timestamp_logs,
                           &files.transparency_logs, &files.timestamp_authorities})
    for (const auto& path : *list) all += " " + path;
  return named(all, 4);
}

Result<TrustedRootId> TestTrust::default_root() { return named("default", 5); }

Result<std::shared_ptr<const DigestList>> TestTrust::digest_list(const std::string& path) {
  if (path == std::string(kFolder) + "/none.txt") return std::make_shared<const DigestList>();
  if (path != std::string(kFolder) + "/denied.txt")
    return Error::malformed(path + ":3: \"x\" is not a digest");
  return std::make_shared<const DigestList>(DigestList{{Digest(Digest::Bytes{})}});
}

LoadResult load_text(std::string_view text) {
  TestTrust trust;
  return load({{"policy.yaml", kFolder, std::string(text)}}, trust);
}

std::string all_errors(const LoadResult& result) {
  std::string text;
  for (const auto& error : result.errors) text += error.text() + "\n";
  return text;
}

std::span<const RefusedDocument> refused_documents() {
  static const auto kAll = [] {
    std::vector<RefusedDocument> all;
    for (const auto part : {refused_by_most_words(), refused_image_rules(), refused_scans()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return kAll;
}

}  // namespace tegata::policy::testing
