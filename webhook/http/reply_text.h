// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "webhook/http/http_message.h"
#include "webhook/http/request_head.h"

namespace tegata::webhook::http {

enum class AfterReply { KeepOpen, Close };
enum class ReplyBody { Sent, Omitted };

/// The reply as it is sent (RFC 9112): `Connection: close`, or the idle timeout that the client may rely on.
/// A reply to HEAD has the length of the body, and no body. 429 and 503 say `Retry-After: 1`.
[[nodiscard]] std::string reply_text(const HttpReply& reply, ReplyBody body, AfterReply after,
                                     std::chrono::seconds keep_alive);
/// The reply to a request that is refused before routing. The connection is closed after it.
[[nodiscard]] std::string refusal_text(const Refusal& refusal);

}  // namespace tegata::webhook::http
