// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/audit_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "policy/model/limits.h"
#include "verifier/crypto/hash.h"
#include "verifier/json/strict_json.h"
#include "webhook/audit/member_reader.h"
#include "webhook/audit/verdict_json.h"

namespace tegata::webhook {
namespace {

constexpr std::size_t kPiece = 256 * 1024;

std::string words_of(int error) { return std::generic_category().message(error); }

using nlohmann::json;

Error is_not_its_hash(const std::string& what, const std::string& hash) {
  return {ErrorCode::Malformed, "the " + what + " with the hash " + hash + " does not match the hash"};
}

/// A line of `serve`'s own log: it is among the records if a container's stdout and stderr are merged.
bool is_log_line(const json& form) {
  return form.is_object() && form.contains("level") && form.contains("message") && !form.contains("kind");
}

}  // namespace

Result<LineReader> LineReader::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a FIFO must not block
  if (fd < 0)
    return Error{errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Misconfigured,
                 path + ": " + words_of(errno)};
  struct stat about {};
  const bool regular = ::fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
  LineReader reader(fd, regular ? static_cast<std::uint64_t>(about.st_size) : 0);
  if (!regular) return Error{ErrorCode::Misconfigured, path + ": only a regular file can be read here"};
  return reader;
}

LineReader::LineReader(LineReader&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      size_(other.size_),
      offset_(other.offset_),
      number_(other.number_),
      buffer_(std::move(other.buffer_)),
      used_(other.used_),
      failed_(other.failed_) {}

LineReader::~LineReader() {
  if (fd_ >= 0) ::close(fd_);
}

/// False at the end of the file, and if reading fails.
bool LineReader::fill() {
  buffer_.resize(kPiece);
  ssize_t count = 0;
  do {
    count = ::read(fd_, buffer_.data(), buffer_.size());
  } while (count < 0 && errno == EINTR);
  failed_ = count < 0;
  buffer_.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  used_ = 0;
  return count > 0;
}

std::optional<Result<LineReader::Line>> LineReader::next() {
  Line line;
  line.place.offset = offset_;
  bool too_long = false;
  while (used_ < buffer_.size() || fill()) {
    const auto end = buffer_.find('\n', used_);
    const auto stop = end == std::string::npos ? buffer_.size() : end;
    too_long = too_long || line.text.size() + (stop - used_) > limits::kRecordLine;
    if (too_long)
      line.text.clear();
    else
      line.text.append(buffer_, used_, stop - used_);
    offset_ += stop - used_;
    used_ = stop;
    if (end == std::string::npos) continue;
    ++offset_, ++used_;
    break;
  }
  if (failed_) return Error{ErrorCode::Unavailable, "reading the file failed"};
  if (offset_ == line.place.offset) return std::nullopt;
  ++number_;
  if (too_long)
    return Error{ErrorCode::LimitExceeded, "longer than " + std::to_string(limits::kRecordLine) + " bytes"};
  line.place.bytes = static_cast<std::uint32_t>(line.text.size());
  return line;
}

Result<std::string> LineReader::at(Place place) const {
  std::string text(place.bytes, '\0');
  std::size_t read = 0;
  while (read < text.size()) {
    const auto count =
        ::pread(fd_, text.data() + read, text.size() - read, static_cast<off_t>(place.offset + read));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return Error{ErrorCode::Unavailable, "an earlier line cannot be read again"};
    read += static_cast<std::size_t>(count);
  }
  return text;
}

Result<AuditReader> AuditReader::open(const std::string& path) {
  TEGATA_TRY(auto lines, LineReader::open(path));
  return AuditReader(std::move(lines));
}

std::optional<Result<RecordedDecision>> AuditReader::next() {
  while (auto line = lines_.next()) {
    const auto where = "line " + std::to_string(lines_.number());
    if (!line->ok()) return line->error().in(where);
    auto record = read(**line);
    if (!record.ok()) return record.error().in(where);
    if (*record) return std::move(**record);
  }
  return std::nullopt;
}

Result<std::optional<RecordedDecision>> AuditReader::read(const LineReader::Line& line) {
  TEGATA_TRY(const auto form, verifier::parse_strict_json(line.text));
  if (is_log_line(form)) return std::optional<RecordedDecision>();
  MemberReader reader(form, "the line");
  const auto version = reader.text("apiVersion");
  const auto kind = reader.text("kind");
  TEGATA_CHECK(reader.status());
  if (version != "tegata.dev/v1alpha1")
    return Error{ErrorCode::Malformed, "not an audit line of this version: its apiVersion is " + version};
  if (kind == "Unconfirmed") return std::optional<RecordedDecision>();
  if (kind == "Facts" || kind == "Evidence") {
    const auto hash = reader.text("hash");
    TEGATA_CHECK(reader.status());
    (kind == "Facts" ? facts_ : evidence_)[hash] = line.place;
    return std::optional<RecordedDecision>();
  }
  if (kind != "DecisionRecord") return Error{ErrorCode::Malformed, "a line of unknown kind: " + kind};
  TEGATA_TRY(auto record, record_from_json(form));
  return std::optional<RecordedDecision>(std::move(record));
}

Result<json> AuditReader::line_of(const Places& places, const std::string& hash) const {
  const auto place = places.find(hash);
  if (place == places.end()) return Error{ErrorCode::NotFound, "the file has no line with the hash " + hash};
  TEGATA_TRY(const auto text, lines_.at(place->second));
  return verifier::parse_strict_json(text);
}

Result<std::string> AuditReader::evidence(const std::string& hash) const {
  TEGATA_TRY(const auto line, line_of(evidence_, hash));
  MemberReader reader(line, "evidence");
  auto text = reader.text("text");
  TEGATA_CHECK(reader.status());
  if (verifier::sha256(text).hex() != hash) return is_not_its_hash("evidence", hash);
  return text;
}

Result<json> AuditReader::facts(const std::string& hash) const {
  TEGATA_TRY(auto line, line_of(facts_, hash));
  MemberReader reader(line, "facts");
  auto facts = reader.object("facts");
  TEGATA_CHECK(reader.status());
  if (verifier::sha256(dump_line(facts)).hex() != hash) return is_not_its_hash("facts", hash);
  return facts;
}

}  // namespace tegata::webhook
