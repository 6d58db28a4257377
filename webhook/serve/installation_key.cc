// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/installation_key.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <system_error>

#include "verifier/crypto/hash.h"
#include "webhook/config/read_file.h"

namespace tegata::webhook {
namespace {

namespace fs = std::filesystem;
using verifier::KeyedHash;

Error failed(const std::string& what, int error) {
  return {ErrorCode::Misconfigured, what + ": " + std::generic_category().message(error)};
}

/// Writes a new key to a temporary file beside `file`, which the caller moves or removes.
Result<std::string> write_new_key(const std::string& file) {
  KeyedHash::Key key{};
  if (::getrandom(key.data(), key.size(), 0) != static_cast<ssize_t>(key.size()))
    return failed("cannot get random bytes", errno);
  std::string mine = file + ".XXXXXX";
  const int fd = ::mkostemp(mine.data(), O_CLOEXEC);  // mode 0600
  if (fd < 0) return failed("cannot create " + mine, errno);
  const auto written = ::write(fd, key.data(), key.size());
  const int error = errno;
  ::close(fd);
  if (written == static_cast<ssize_t>(key.size())) return mine;
  ::unlink(mine.c_str());
  return failed("cannot write " + mine, error);
}

/// Creates the file if it is absent. If several processes try concurrently, one succeeds and all read the
/// same key.
Status make_key_file(const std::string& file) {
  if (::access(file.c_str(), F_OK) == 0) return done();
  TEGATA_TRY(const auto mine, write_new_key(file));
  const bool placed = ::link(mine.c_str(), file.c_str()) == 0 || errno == EEXIST;
  const int error = errno;
  ::unlink(mine.c_str());
  if (!placed) return failed("cannot create " + file, error);
  return done();
}

Result<KeyedHash> read_key_file(const std::string& file) {
  KeyedHash::Key key{};
  TEGATA_TRY(const auto bytes, read_file(file, key.size()));
  if (bytes.size() != key.size())
    return Error{ErrorCode::Misconfigured,
                 file + " is not a 32-byte key; remove it and a new one is created"};
  for (std::size_t i = 0; i < key.size(); ++i) key.at(i) = static_cast<std::uint8_t>(bytes[i]);
  return KeyedHash(key);
}

kubernetes::ValueHasher hasher_of(KeyedHash hash) {
  return [shared = std::make_shared<const KeyedHash>(std::move(hash))](std::string_view value) {
    return shared->hex(value);
  };
}

}  // namespace

Result<kubernetes::ValueHasher> installation_hasher(const std::string& state_dir) {
  if (state_dir.empty()) return hasher_of(KeyedHash::generate());
  std::error_code error;
  fs::create_directories(state_dir, error);
  if (error) return Error{ErrorCode::Misconfigured, "cannot create " + state_dir + ": " + error.message()};
  const auto file = (fs::path(state_dir) / "value-hash.key").string();
  TEGATA_CHECK(make_key_file(file));
  TEGATA_TRY(auto hash, read_key_file(file));
  return hasher_of(std::move(hash));
}

}  // namespace tegata::webhook
