// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string>
#include <utility>

namespace tegata::webhook {

/// The outermost catch. Runs `work`; if it throws, which is an internal error, returns `on_bug(what)`, such
/// as the denial of the current request.
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
