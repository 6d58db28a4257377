// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace tegata::testing {

/// A TCP port of IPv4 loopback on which no process listens at the moment.
[[nodiscard]] std::uint16_t free_port();

/// Whether it is this process that listens on this TCP port of IPv4 loopback or of all addresses.
[[nodiscard]] bool listens_on(pid_t process, std::uint16_t port);

}  // namespace tegata::testing
