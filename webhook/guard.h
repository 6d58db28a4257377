// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string>
#include <utility>

namespace tegata::webhook {

/// The last catch. Runs `work`; if it throws, which is a bug of ours, gives `on_bug(what)`: the
/// denial of the one request at hand.
template <typename Work, typename OnBug>
auto guard(Work&& work, OnBug&& on_bug) -> decltype(work()) {
  try {
    return std::forward<Work>(work)();
  } catch (const std::exception& bug) {
    return std::forward<OnBug>(on_bug)(std::string(bug.what()));
  } catch (...) {
    return std::forward<OnBug>(on_bug)(std::string("unknown exception"));
  }
}

}  // namespace tegata::webhook
