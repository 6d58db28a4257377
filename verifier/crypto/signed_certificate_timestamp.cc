// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/signed_certificate_timestamp.h"

#include <openssl/asn1.h>
#include <openssl/err.h>

#include <optional>
#include <string>
#include <string_view>

#include "policy/model/limits.h"
#include "policy/model/result.h"
#include "verifier/crypto/asn1.h"
#include "verifier/crypto/hash.h"
#include "verifier/crypto/openssl_support.h"

namespace tegata::verifier {
namespace {

using namespace std::literals;

constexpr char kSequenceTag = 0x30;
constexpr char kExtensions = static_cast<char>(0xa3);  // [3], constructed
constexpr auto kSctsOid = "\x06\x0a\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02"sv;

Error malformed_sct_list(std::string_view what) {
  return {ErrorCode::Malformed, "the certificate's SCT list " + std::string(what)};
}

// The extensions without the list of SCTs, which must occur once.
Result<std::string> without_scts(std::string_view extensions) {
  auto rest = only_der_element(extensions, kSequenceTag);
  if (!rest) return malformed_sct_list("is in extensions that cannot be parsed");
  std::string kept;
  int removed = 0;
  while (!rest->empty()) {
    const auto extension = take_der_element(*rest);
    if (!extension || extension->tag != kSequenceTag)
      return malformed_sct_list("is in extensions that cannot be parsed");
    if (extension->contents.starts_with(kSctsOid))
      ++removed;
    else
      kept.append(extension->whole);
  }
  if (removed != 1) return malformed_sct_list("does not occur exactly once");
  // Without another extension the enclosing [3] would have to be removed too. Signing certificates always
  // have others.
  if (kept.empty()) return malformed_sct_list("is the only extension");
  return der_element(kExtensions, der_element(kSequenceTag, kept));
}

/// The TBSCertificate of a certificate in DER without its list of SCTs: what the CT log signed
/// (RFC 6962, section 3.2). All other bytes are unchanged; only the enclosing lengths change. Malformed: not
/// the DER of a certificate with this list and at least one other extension.
Result<std::string> precertificate_of(std::string_view certificate) {
  auto whole = only_der_element(certificate, kSequenceTag);
  const auto tbs = whole ? take_der_element(*whole) : std::nullopt;
  if (!tbs || tbs->tag != kSequenceTag) return malformed_sct_list("is not in a valid certificate");
  std::string members;
  bool found = false;
  for (std::string_view rest = tbs->contents; !rest.empty();) {
    const auto member = take_der_element(rest);
    if (!member) return malformed_sct_list("is not in a valid certificate");
    if (member->tag != kExtensions) {
      members.append(member->whole);
      continue;
    }
    TEGATA_TRY(const std::string extensions, without_scts(member->contents));
    members += extensions;
    found = true;
  }
  if (!found) return malformed_sct_list("is in a certificate without extensions");
  return der_element(kSequenceTag, members);
}

constexpr const char* kScts = "1.3.6.1.4.1.11129.2.4.2";
constexpr std::size_t kMostMilliseconds = 253'402'300'799'999;  // the end of the year 9999

/// RFC 6962, 3.3: the extension holds an OCTET STRING that holds the list.
Result<std::string> list_inside(std::string_view extension) {
  using OctetsPtr = std::unique_ptr<ASN1_OCTET_STRING, OpensslFree<ASN1_OCTET_STRING_free>>;
  ERR_clear_error();
  const unsigned char* cursor = openssl_bytes(extension);
  const OctetsPtr octets(d2i_ASN1_OCTET_STRING(nullptr, &cursor, static_cast<long>(extension.size())));
  ERR_clear_error();
  if (!octets || openssl_encoded(i2d_ASN1_OCTET_STRING, octets.get()) != extension)
    return malformed_sct_list("is not an OCTET STRING");
  return std::string(openssl_view(octets.get()));
}

std::string big_endian(std::uint64_t number, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>((number >> (8 * i)) & 0xff);
  return text;
}

std::string raw(const Digest& digest) { return {digest.bytes().begin(), digest.bytes().end()}; }

/// The part of the signed data that is common to every SCT of a leaf.
Result<std::string> precert_entry(const Certificate& leaf, const Certificate& issuer) {
  TEGATA_TRY(const std::string tbs, precertificate_of(leaf.der()));
  return big_endian(1, 2) + raw(sha256(issuer.public_key_der())) + big_endian(tbs.size(), 3) + tbs;
}

/// One SerializedSCT. None: an unsupported version or algorithm.
Result<std::optional<SignedCertificateTimestamp>> read_sct(std::string_view bytes, const std::string& entry) {
  TlsReader reader(bytes);
  const auto version = reader.number(1);
  if (!version) return malformed_sct_list("holds an empty SCT");
  if (*version != 0) return std::optional<SignedCertificateTimestamp>();
  const auto log_id = reader.bytes(32);
  const auto milliseconds = reader.number(8);
  const auto extensions = reader.vector(2);
  const auto hash = reader.number(1);
  const auto algorithm = reader.number(1);
  const auto signature = reader.vector(2);
  if (!log_id || !milliseconds || !extensions || !hash || !algorithm || !signature || !reader.at_end() ||
      *milliseconds > kMostMilliseconds)
    return malformed_sct_list("holds an SCT that cannot be parsed");
  constexpr int kSha256 = 4;
  constexpr int kRsa = 1;
  constexpr int kEcdsa = 3;
  if (*hash != kSha256 || (*algorithm != kRsa && *algorithm != kEcdsa))
    return std::optional<SignedCertificateTimestamp>();
  // v1, certificate_timestamp, the time, the entry, the extensions.
  std::string signed_data = std::string(2, '\0') + big_endian(*milliseconds, 8) + entry +
                            big_endian(extensions->size(), 2) + std::string(*extensions);
  return std::optional(SignedCertificateTimestamp{
      std::string(*log_id), Time(std::chrono::milliseconds(static_cast<std::int64_t>(*milliseconds))),
      std::move(signed_data), std::string(*signature)});
}

Result<std::vector<std::string_view>> split(std::string_view list) {
  TlsReader outer(list);
  const auto all = outer.vector(2);
  if (!all || !outer.at_end() || all->empty())
    return malformed_sct_list("is empty, or its length field is wrong");
  std::vector<std::string_view> scts;
  for (TlsReader reader(*all); !reader.at_end();) {
    const auto sct = reader.vector(2);
    if (!sct) return malformed_sct_list("is truncated");
    if (scts.size() == limits::kCertificateTimestamps)
      return malformed_sct_list("holds more than " + std::to_string(limits::kCertificateTimestamps) +
                                " SCTs");
    scts.push_back(*sct);
  }
  return scts;
}

}  // namespace

Result<std::vector<SignedCertificateTimestamp>> embedded_timestamps(const Certificate& leaf,
                                                                    const Certificate& issuer) {
  TEGATA_TRY(const std::optional<std::string> extension, leaf.extension(kScts));
  if (!extension) return std::vector<SignedCertificateTimestamp>();
  TEGATA_TRY(const std::string list, list_inside(*extension));
  TEGATA_TRY(const std::vector<std::string_view> scts, split(list));
  TEGATA_TRY(const std::string entry, precert_entry(leaf, issuer));
  std::vector<SignedCertificateTimestamp> timestamps;
  for (const std::string_view sct : scts) {
    TEGATA_TRY(std::optional<SignedCertificateTimestamp> timestamp, read_sct(sct, entry));
    if (timestamp) timestamps.push_back(*std::move(timestamp));
  }
  return timestamps;
}

}  // namespace tegata::verifier
