// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tegata::testing {

/// The real program, started with these arguments; its standard error is read as it comes. Ended
/// with SIGKILL if it still runs when this goes.
class ServeProcess {
 public:
  ServeProcess(const std::vector<std::string>& arguments,
               const std::map<std::string, std::string>& environment);
  ~ServeProcess();
  ServeProcess(const ServeProcess&) = delete;
  ServeProcess& operator=(const ServeProcess&) = delete;

  /// Waits until it says that it serves; false if it ended instead.
  [[nodiscard]] bool serving();
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] int metrics_port() const { return metrics_port_; }
  void signal(int signal) const;
  /// Waits for its end: the exit code, or 1000 + the signal that ended it.
  int exit_code();
  /// All that it has written to standard error.
  [[nodiscard]] std::string errors() const;

 private:
  void read_errors(int pipe);
  pid_t pid_ = -1;
  bool ended_ = false;
  int port_ = 0;
  int metrics_port_ = 0;
  std::string errors_;
  mutable std::mutex mutex_;
  std::thread reader_;
  bool closed_ = false;
};

}  // namespace tegata::testing
