// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "webhook/decide.h"

namespace tegata::webhook {
namespace {

/// Random bytes, fetched for several ids at a time: each fetch is a system call.
class RandomBytes {
 public:
  template <std::size_t N>
  void fill(std::uint8_t* to) {
    if (block_.size() - used_ < N) {
      randombytes_buf(block_.data(), block_.size());
      used_ = 0;
    }
    std::copy_n(block_.begin() + static_cast<std::ptrdiff_t>(used_), N, to);
    used_ += N;
  }

 private:
  std::array<std::uint8_t, 640> block_{};
  std::size_t used_ = 640;
};

}  // namespace

// 128 bits, most significant first, five at a time; the first digit holds the top three.
std::string new_decision_id(Time time) {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::array<std::uint8_t, 16> bytes{};
  static thread_local RandomBytes random;  // ids are no secrets: the rest of a block may stay in memory
  random.fill<10>(bytes.data() + 6);
  const auto milliseconds = static_cast<std::uint64_t>(time.time_since_epoch().count());
  for (int i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(milliseconds >> (40 - 8 * i));

  std::string id(26, '0');
  for (int digit = 0; digit < 26; ++digit) {
    unsigned value = 0;
    for (int bit = digit * 5 - 2; bit < digit * 5 + 3; ++bit)
      value = value << 1 | (bit < 0 ? 0u : (bytes[bit / 8] >> (7 - bit % 8)) & 1u);
    id[digit] = kDigits[value];
  }
  return id;
}

}  // namespace tegata::webhook
