// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/precertificate.h"

#include <openssl/asn1.h>
#include <openssl/err.h>

#include <optional>

#include "verifier/crypto/der_element.h"
#include "verifier/crypto/openssl_ptr.h"

namespace tegata::verifier {
namespace {

using namespace std::literals;

constexpr char kSequenceTag = 0x30;
constexpr char kExtensions = static_cast<char>(0xa3);  // [3], constructed
constexpr auto kSctsOid = "\x06\x0a\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02"sv;

Error malformed_precertificate(std::string_view what) {
  return {ErrorCode::Malformed, "the certificate's SCT list " + std::string(what)};
}

struct Element {
  char tag;                   // identifiers here have one byte
  std::string_view whole;     // with its header
  std::string_view contents;  // without
};

// Takes the first element off `bytes`; none where no definite-length element stands there.
std::optional<Element> take(std::string_view& bytes) {
  const unsigned char* cursor = openssl_bytes(bytes);
  long size = 0;
  int tag = 0;
  int tag_class = 0;
  const int kind = ASN1_get_object(&cursor, &size, &tag, &tag_class, static_cast<long>(bytes.size()));
  ERR_clear_error();
  if ((kind & 0x80) != 0 || (kind & 0x01) != 0 || bytes.empty()) return std::nullopt;
  const auto header = static_cast<std::size_t>(cursor - openssl_bytes(bytes));
  const std::size_t end = header + static_cast<std::size_t>(size);
  if (end > bytes.size()) return std::nullopt;
  const Element element{bytes.front(), bytes.substr(0, end), bytes.substr(header, end - header)};
  bytes.remove_prefix(end);
  return element;
}

// The contents of the only element, of this tag.
std::optional<std::string_view> only(std::string_view bytes, char tag) {
  const auto element = take(bytes);
  if (!element || element->tag != tag || !bytes.empty()) return std::nullopt;
  return element->contents;
}

// The extensions but the list of SCTs, which must be there once.
Result<std::string> without_scts(std::string_view extensions) {
  auto rest = only(extensions, kSequenceTag);
  if (!rest) return malformed_precertificate("stands in extensions that cannot be read");
  std::string kept;
  int removed = 0;
  while (!rest->empty()) {
    const auto extension = take(*rest);
    if (!extension || extension->tag != kSequenceTag)
      return malformed_precertificate("stands in extensions that cannot be read");
    if (extension->contents.starts_with(kSctsOid))
      ++removed;
    else
      kept.append(extension->whole);
  }
  if (removed != 1) return malformed_precertificate("is not there once");
  // Without any other the [3] around them would have to go too; no leaf that signs is like that.
  if (kept.empty()) return malformed_precertificate("is the only extension");
  return der_element(kExtensions, der_element(kSequenceTag, kept));
}

}  // namespace

Result<std::string> precertificate_of(std::string_view certificate) {
  auto whole = only(certificate, kSequenceTag);
  const auto tbs = whole ? take(*whole) : std::nullopt;
  if (!tbs || tbs->tag != kSequenceTag) return malformed_precertificate("stands in no certificate");
  std::string members;
  bool found = false;
  for (std::string_view rest = tbs->contents; !rest.empty();) {
    const auto member = take(rest);
    if (!member) return malformed_precertificate("stands in no certificate");
    if (member->tag != kExtensions) {
      members.append(member->whole);
      continue;
    }
    TEGATA_TRY(const std::string extensions, without_scts(member->contents));
    members += extensions;
    found = true;
  }
  if (!found) return malformed_precertificate("stands in a certificate without extensions");
  return der_element(kSequenceTag, members);
}

}  // namespace tegata::verifier
