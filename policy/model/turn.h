// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

// Bounds of turns: beside limits.h, since they matter only where work waits.
namespace tegata::limits {

inline constexpr std::size_t kRequestsAtOnce = 1024;    ///< HTTP requests under way, to all registries
inline constexpr std::size_t kRequestsToAHost = 256;    ///< the same, to one that may multiplex them (HTTP/2)
inline constexpr std::size_t kAbandonedRequests = 256;  ///< to one host, which wait without an asker
inline constexpr std::size_t kTurnsOfAUser = 4;         ///< in which one piece of work waits for one user
inline constexpr std::chrono::milliseconds kWorkSlice{5};  ///< of one image's arithmetic at a time
inline constexpr std::chrono::seconds kOwnDelay{
    1};  ///< of one check by Tegata itself: above that, a deadline that passes is not the registry's fault
inline constexpr std::chrono::seconds kDrainChecks{3};  ///< at shutdown, for checks that are still under way

}  // namespace tegata::limits

namespace tegata {

/// For whom a piece of work is done. Work that waits is taken up in turn: between users, then between the
/// requests of one user, then between the images of one request. So one user with much work delays another
/// user's work by one piece at a time.
struct Turn {
  std::string user = {};      ///< empty: all that is done for no known user
  std::uint64_t request = 0;  ///< unique in this process
  std::size_t image = 0;      ///< of the request
};

}  // namespace tegata
