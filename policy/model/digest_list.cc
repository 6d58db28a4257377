// SPDX-License-Identifier: Apache-2.0
#include "policy/model/digest_list.h"

#include <algorithm>

#include "policy/model/ascii.h"
#include "policy/model/limits.h"
#include "policy/model/printable.h"

namespace tegata {
namespace {

constexpr std::string_view kBlank = " \t\r";

}  // namespace

bool DigestList::contains(const Digest& digest) const noexcept {
  return std::binary_search(digests.begin(), digests.end(), digest);
}

Result<DigestList> read_digest_list(std::string_view text, const std::string& name) {
  DigestList list;
  bool says_something = false;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto whole = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), whole.size() + 1));
    says_something |= !trimmed(whole, kBlank).empty();
    const auto written = trimmed(whole.substr(0, whole.find('#')), kBlank);
    if (written.empty()) continue;
    const auto place = name + ":" + std::to_string(number) + ": ";
    const auto digest = Digest::parse(written);
    if (!digest.ok())
      return Error::malformed(place + quoted(written, 80) +
                              " is not a digest (one a line): " + digest.error().message);
    if (list.digests.size() == limits::kListedDigests)
      return Error{ErrorCode::LimitExceeded,
                   place + "more than " + std::to_string(limits::kListedDigests) + " digests"};
    list.digests.push_back(*digest);
  }
  if (!says_something)
    return Error::malformed(name + ":1: the file is empty: a list without digests needs a comment (# none)");
  std::ranges::sort(list.digests);
  list.digests.erase(std::unique(list.digests.begin(), list.digests.end()), list.digests.end());
  return list;
}

}  // namespace tegata
