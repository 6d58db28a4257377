// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::webhook {

/// A file that one thread at a time appends lines to. If writing a line fails, the next one still begins on a
/// new line.
///
/// A regular file is created with mode 0600 and locked (flock), so that two processes never write to the same
/// file. Written with write(2) and not synced: confirmed lines survive the end of the process, but not a
/// crash of the machine.
class AuditFile {
 public:
  /// `-` is standard output. Misconfigured, with the path and the cause.
  [[nodiscard]] static Result<AuditFile> open(const std::string& path);
  AuditFile(AuditFile&& other) noexcept;
  AuditFile& operator=(AuditFile&&) = delete;
  ~AuditFile();

  struct Appended {
    std::size_t bytes = 0;       ///< of the text, from its start, that are in the file
    std::optional<Error> error;  ///< why not all of them
  };
  /// How many bytes append() takes now without waiting for a reader: any number for a regular file; what a
  /// pipe with room is known to take, or 0.
  [[nodiscard]] std::size_t room();
  /// Writes as much as possible. Waits for a pipe's reader until interrupt() is called.
  [[nodiscard]] Appended append(std::string_view text);
  /// Removes the last `bytes` that were appended: an incomplete line. If that is not possible, the next
  /// append() ends that line first.
  void take_back(std::size_t bytes);

  /// Continues with the file that the path names now, if that is another one: after a rename, for example. If
  /// it cannot be opened, the current file is kept. False: the path still names the current file, or is `-`.
  [[nodiscard]] Result<bool> reopen();

  /// Makes append() stop waiting, now and in future calls. The only member that other threads may call.
  void interrupt();

 private:
  AuditFile(std::string path, int fd, int interruption, bool owned, bool regular);
  [[nodiscard]] std::optional<Error> wait_until_writable() const;
  [[nodiscard]] std::optional<Error> adopt();

  std::string path_;
  int fd_;
  int interruption_;  ///< eventfd; readable once interrupted
  bool owned_;        ///< closed at the end; standard output is not
  bool regular_;
  bool has_room_ = false;  ///< room() has seen that the next piece fits
  bool torn_ = false;      ///< the file ends with an incomplete line
};

}  // namespace tegata::webhook
