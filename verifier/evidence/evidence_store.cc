// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/evidence_store.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <system_error>
#include <utility>

#include "policy/model/limits.h"
#include "verifier/crypto/hash.h"
#include "verifier/file/read_content.h"

namespace tegata::verifier {
namespace {

namespace fs = std::filesystem;

Error failed(std::string_view what, const fs::path& path, int error) {
  return {ErrorCode::Unavailable,
          "evidence store: " + std::string(what) + " " + path.string() + ": " + std::strerror(error)};
}

Status write_all(int file, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const auto written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return failed("cannot write", path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return done();
}

/// A file that several records refer to must not be removed before the last of them is old.
void date_anew(const fs::path& place, std::time_t dated) {
  if (std::time(nullptr) - dated > limits::kEvidenceTouch.count())
    (void)::utimensat(AT_FDCWD, place.c_str(), nullptr, 0);
}

}  // namespace

Result<std::shared_ptr<EvidenceStore>> EvidenceStore::open(fs::path folder) {
  const auto refused = [&](const std::string& why) {
    return Error{ErrorCode::Misconfigured,
                 "the evidence folder " + folder.string() + " cannot be created or written to: " + why};
  };
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return refused(error.message());
  if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0) return refused(std::strerror(errno));
  return std::shared_ptr<EvidenceStore>(new EvidenceStore(std::move(folder)));
}

fs::path EvidenceStore::place_of(const Digest& digest) const {
  const auto hex = digest.hex();
  return folder_ / hex.substr(0, 2) / hex;
}

Result<Digest> EvidenceStore::put(std::string_view bytes) {
  if (bytes.size() > limits::kEvidenceFile) {
    ++failures_;
    return Error{ErrorCode::LimitExceeded,
                 "evidence store: more than " + std::to_string(limits::kEvidenceFile) + " bytes in one file"};
  }
  const auto digest = sha256(bytes);
  const auto place = place_of(digest);
  struct stat there {};
  // A file that a power failure left empty or short is written again.
  if (::stat(place.c_str(), &there) == 0 && static_cast<std::size_t>(there.st_size) == bytes.size()) {
    date_anew(place, there.st_mtim.tv_sec);
    return digest;
  }
  if (auto status = write(place, bytes); !status.ok()) {
    ++failures_;
    return std::move(status).error();
  }
  return digest;
}

void EvidenceStore::write_in_background(EvidenceBounds bounds, EvidenceQueue queue) {
  writer_ = std::make_unique<EvidenceWriter>([this](const std::string& bytes) { (void)put(bytes); },
                                             EvidencePruner(folder_, bounds), queue);
}

void EvidenceStore::store(std::string_view bytes) {
  if (writer_ != nullptr)
    writer_->add(bytes);
  else
    (void)put(bytes);
}

Status EvidenceStore::write(const fs::path& place, std::string_view bytes) const {
  const auto folder = place.parent_path();
  if (::mkdir(folder.c_str(), 0750) != 0 && errno != EEXIST) return failed("cannot create", folder, errno);
  // A random name: processes that share the folder may all have the same process id.
  auto beside = (folder / ".new-XXXXXX").string();
  const int file = ::mkostemp(beside.data(), O_CLOEXEC);
  if (file < 0) return failed("cannot create a file in", folder, errno);
  auto status = write_all(file, bytes, beside);
  if (::close(file) != 0 && status.ok()) status = failed("cannot close", beside, errno);
  if (status.ok() && ::rename(beside.c_str(), place.c_str()) != 0)
    status = failed("cannot rename to", place, errno);
  if (!status.ok()) ::unlink(beside.c_str());
  return status;
}

Result<std::string> EvidenceStore::get(const Digest& digest) const {
  const auto place = place_of(digest);
  auto bytes = read_content(place, limits::kEvidenceFile);
  if (!bytes.ok() && bytes.error().code == ErrorCode::NotFound)
    return Error{ErrorCode::NotFound, "evidence store: " + place.string() + " does not exist"};
  if (!bytes.ok()) return bytes.error().in("evidence store: " + place.string());
  if (sha256(*bytes) != digest)
    return Error::malformed("evidence store: " + place.string() + " does not match its name");
  return bytes;
}

}  // namespace tegata::verifier
