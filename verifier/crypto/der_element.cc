// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/der_element.h"

namespace tegata::verifier {

std::string der_element(char tag, std::string_view contents) {
  std::string length;
  for (std::size_t rest = contents.size(); rest != 0; rest >>= 8)
    length.insert(length.begin(), static_cast<char>(rest & 0xff));
  std::string element(1, tag);
  if (contents.size() < 0x80)
    element += static_cast<char>(contents.size());
  else
    element += static_cast<char>(0x80 | length.size()) + length;
  return element.append(contents);
}

}  // namespace tegata::verifier
