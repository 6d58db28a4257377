// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "webhook/http/router.h"

namespace tegata::webhook::http {

/// A Router for the health and metrics address: cpp-httplib parses the target and finds the handler, entirely
/// in memory. It sees only the request line and length that were checked before, and no header field of the
/// caller: its framing, decompression, multipart and range code is never reached.
class HttplibRouter {
 public:
  explicit HttplibRouter(std::vector<Route> routes);
  /// As Router.
  [[nodiscard]] HttpReply operator()(const Frame& frame) const;

 private:
  class Adapter;
  std::shared_ptr<Adapter> adapter_;
};

}  // namespace tegata::webhook::http
