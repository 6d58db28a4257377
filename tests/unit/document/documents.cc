// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/document/documents.h"

namespace tegata::policy::testing {

Result<KeyId> test_key(const std::string& path) {
  const std::string folder = std::string(kFolder) + "/keys/";
  if (!path.starts_with(folder) || !path.ends_with(".pub")) return Error{ErrorCode::NotFound, "no such file"};
  const auto name = path.substr(folder.size(), path.size() - folder.size() - 4);
  Digest::Bytes bytes{};
  if (name == "ci" || name == "ci-again") return KeyId(bytes);
  bytes[0] = 1;
  if (name == "qa") return KeyId(bytes);
  if (name.empty() || name.find_first_not_of("0123456789") != std::string::npos)
    return Error{ErrorCode::NotFound, "no such file"};
  bytes[0] = 2;
  bytes[1] = static_cast<std::uint8_t>(std::stoi(name));
  return KeyId(bytes);
}

LoadResult load_text(std::string_view text) {
  return load({{"policy.yaml", kFolder, std::string(text)}}, test_key);
}

std::string all_errors(const LoadResult& result) {
  std::string text;
  for (const auto& error : result.errors) text += error.text() + "\n";
  return text;
}

}  // namespace tegata::policy::testing
