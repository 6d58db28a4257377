// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/serve_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

namespace tegata::testing {

ServeProcess::ServeProcess(const std::vector<std::string>& arguments,
                           const std::map<std::string, std::string>& environment) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  std::vector<std::string> words{TEGATA_PROGRAM, "serve"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::vector<std::string> variables{"PATH=/usr/bin:/bin", "HOME=/nonexistent"};
  for (const std::string name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
    if (const char* value = std::getenv(name.c_str())) variables.push_back(name + "=" + value);
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  std::vector<char*> envp;
  for (auto& variable : variables) envp.push_back(variable.data());
  envp.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("no fork");
  if (pid_ == 0) {
    ::dup2(pipe[1], STDERR_FILENO);
    ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  ::close(pipe[1]);
  reader_ = std::thread([this, fd = pipe[0]] { read_errors(fd); });
}

ServeProcess::~ServeProcess() {
  if (!ended_) {
    ::kill(pid_, SIGKILL);
    exit_code();
  }
  reader_.join();
}

void ServeProcess::read_errors(int pipe) {
  std::array<char, 4096> piece;
  ssize_t n = 0;
  while ((n = ::read(pipe, piece.data(), piece.size())) > 0) {
    const std::lock_guard lock(mutex_);
    errors_.append(piece.data(), static_cast<std::size_t>(n));
  }
  ::close(pipe);
  const std::lock_guard lock(mutex_);
  closed_ = true;
}

bool ServeProcess::serving() {
  while (true) {
    bool closed = false;
    {
      const std::lock_guard lock(mutex_);
      closed = closed_;
    }
    std::istringstream lines(errors());
    for (std::string line; std::getline(lines, line) && !lines.eof();) {
      const auto parsed = nlohmann::json::parse(line, nullptr, false);
      if (!parsed.is_object() || parsed.value("message", "") != "serving") continue;
      port_ = parsed.at("port").get<int>();
      metrics_port_ = parsed.at("metricsPort").get<int>();
      return true;
    }
    if (closed) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void ServeProcess::signal(int signal) const { ::kill(pid_, signal); }

int ServeProcess::exit_code() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  ended_ = true;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

std::string ServeProcess::errors() const {
  const std::lock_guard lock(mutex_);
  return errors_;
}

}  // namespace tegata::testing
