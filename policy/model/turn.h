// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

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
