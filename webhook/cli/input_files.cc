// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/input_files.h"

#include <algorithm>
#include <filesystem>
#include <istream>

#include "policy/model/limits.h"
#include "webhook/config/read_file.h"

namespace tegata::webhook::cli {
namespace {

namespace fs = std::filesystem;

bool is_input(const fs::directory_entry& entry) {
  const auto extension = entry.path().extension();
  std::error_code ignored;
  return entry.is_regular_file(ignored) && !entry.path().filename().string().starts_with('.') &&
         (extension == ".yaml" || extension == ".yml" || extension == ".json");
}

Result<std::string> read_all(std::istream& in) {
  std::string text;
  char piece[65536];
  while (in.read(piece, sizeof piece), in.gcount() > 0) {
    text.append(piece, static_cast<std::size_t>(in.gcount()));
    if (text.size() > limits::kInputFile)
      return Error{ErrorCode::LimitExceeded,
                   "standard input has more than " + std::to_string(limits::kInputFile) + " bytes"};
  }
  return text;
}

Result<std::vector<std::string>> files_of_folder(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (is_input(*entry)) files.push_back(entry->path().string());
  if (error) return Error{ErrorCode::Misconfigured, folder + ": " + error.message()};
  if (files.empty())
    return Error{ErrorCode::NotFound, folder + ": no *.yaml, *.yml or *.json file is in this folder"};
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Result<std::vector<InputFile>> read_input_files(const std::vector<std::string>& paths,
                                                std::istream& standard_input) {
  std::vector<InputFile> read;
  for (const auto& path : paths) {
    if (path == "-") {
      read.push_back({path, read_all(standard_input)});
      continue;
    }
    std::vector<std::string> files{path};
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
      TEGATA_TRY(files, files_of_folder(path));
    }
    for (const auto& file : files) {
      auto text = read_file(file, limits::kInputFile);
      if (!text.ok() && text.error().code != ErrorCode::LimitExceeded) return std::move(text).error();
      read.push_back({file, std::move(text)});
    }
  }
  return read;
}

}  // namespace tegata::webhook::cli
