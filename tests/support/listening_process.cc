// SPDX-License-Identifier: Apache-2.0
#include "tests/support/listening_process.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace tegata::testing {
namespace {

/// The inodes of the sockets that listen on the port (`/proc/net/tcp`, proc(5)).
std::set<std::string> listening_inodes(std::uint16_t port) {
  constexpr auto kListening = "0A";
  char suffix[8];
  std::snprintf(suffix, sizeof suffix, ":%04X", port);
  std::set<std::string> inodes;
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream file(table);
    for (std::string line; std::getline(file, line);) {
      std::istringstream columns(line);
      std::string slot, local, remote, state, queues, timer, retransmits, user, timeout, inode;
      columns >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >> timeout >>
          inode;
      if (state == kListening && local.ends_with(suffix)) inodes.insert(inode);
    }
  }
  return inodes;
}

}  // namespace

std::uint16_t free_port() {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(probe, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(probe);
  return ntohs(address.sin_port);
}

bool listens_on(pid_t process, std::uint16_t port) {
  const auto inodes = listening_inodes(port);
  std::error_code failed;
  for (const auto& entry :
       std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/fd", failed)) {
    const std::string target = std::filesystem::read_symlink(entry.path(), failed).string();
    for (const auto& inode : inodes)
      if (target == "socket:[" + inode + "]") return true;
  }
  return false;
}

}  // namespace tegata::testing
