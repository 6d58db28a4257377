// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "webhook/http/request_reader.h"
#include "webhook/http/request_target.h"

namespace {

using tegata::webhook::http::Refusal;
using tegata::webhook::http::RequestReader;

/// All that is framed, as text: each request's parts, then the status of a refusal.
std::string framed(std::string_view bytes, std::size_t piece) {
  RequestReader reader(100'000);
  std::string seen;
  while (true) {
    const auto fed = reader.feed(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    if (const auto* refusal = std::get_if<Refusal>(&fed)) return seen + std::to_string(refusal->status);
    if (std::get<RequestReader::Progress>(fed) == RequestReader::Progress::Complete) {
      const auto& head = reader.head();
      if (reader.body().size() != head.content_length) __builtin_trap();
      static_cast<void>(tegata::webhook::http::parse_request_target(head.target));
      seen.append(head.method).append(" ").append(head.target).append(head.closes ? " close\n" : "\n");
      seen.append(reader.body()).append("\n");
      reader.next();
    } else if (bytes.empty()) {
      return seen;
    }
  }
}

}  // namespace

/// Requests are framed the same however their bytes are cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto whole = framed(text, std::max<std::size_t>(size, 1));
  if (framed(text, 1) != whole || framed(text, 7) != whole) __builtin_trap();
  return 0;
}
