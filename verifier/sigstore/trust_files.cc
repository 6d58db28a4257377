// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/trust_files.h"

#include <cerrno>
#include <fstream>
#include <system_error>

namespace tegata::verifier {

Result<std::string> read_trust_file(const std::string& path, std::size_t max_bytes) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return Error{ErrorCode::NotFound, "the file cannot be opened: " + std::generic_category().message(errno)};
  std::string bytes(max_bytes + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (file.bad()) return Error{ErrorCode::NotFound, "the file cannot be read"};
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  if (bytes.size() > max_bytes)
    return Error{ErrorCode::LimitExceeded, "the file has more than " + std::to_string(max_bytes) + " bytes"};
  return bytes;
}

}  // namespace tegata::verifier
