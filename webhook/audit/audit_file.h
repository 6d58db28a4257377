// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::webhook {

/// A file that lines are appended to, by one thread. Whatever goes wrong while a line is written,
/// the next one begins on a line of its own.
///
/// A regular file is locked (flock), so that two programs never write into one; made with mode
/// 0600. Written with write(2) and not synced: what was confirmed survives the end of the program,
/// but not that of the machine.
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
  /// Writes as much as can be written. Waits for a pipe's reader until interrupt() is called.
  [[nodiscard]] Appended append(std::string_view text);
  /// Takes back the last `bytes` that were appended, the beginning of a line that has no end. Where
  /// that cannot be done, the next append() ends that line first.
  void take_back(std::size_t bytes);

  /// Makes append() give up waiting, now and from now on. The only member for other threads.
  void interrupt();

 private:
  AuditFile(int fd, int interruption, bool owned, bool regular);
  [[nodiscard]] std::optional<Error> wait_until_writable() const;
  [[nodiscard]] std::optional<Error> adopt(const std::string& path);

  int fd_;
  int interruption_;  ///< eventfd; readable once interrupted
  bool owned_;        ///< closed at the end; standard output is not
  bool regular_;
  bool torn_ = false;  ///< the file ends within a line
};

}  // namespace tegata::webhook
