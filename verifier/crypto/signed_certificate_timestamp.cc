// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/signed_certificate_timestamp.h"

#include <openssl/err.h>

#include "policy/model/limits.h"
#include "verifier/crypto/certificate_access.h"
#include "verifier/crypto/precertificate.h"
#include "verifier/crypto/sha256.h"
#include "verifier/crypto/tls_reader.h"

namespace tegata::verifier {
namespace {

constexpr const char* kScts = "1.3.6.1.4.1.11129.2.4.2";
constexpr std::size_t kMostMilliseconds = 253'402'300'799'999;  // the end of the year 9999

Error malformed_sct_list(std::string_view what) {
  return {ErrorCode::Malformed, "the certificate's SCT list " + std::string(what)};
}

/// RFC 6962, 3.3: the extension holds an OCTET STRING that holds the list.
Result<std::string> list_inside(std::string_view extension) {
  using OctetsPtr = std::unique_ptr<ASN1_OCTET_STRING, OpensslFree<ASN1_OCTET_STRING_free>>;
  ERR_clear_error();
  const unsigned char* cursor = openssl_bytes(extension);
  const OctetsPtr octets(d2i_ASN1_OCTET_STRING(nullptr, &cursor, static_cast<long>(extension.size())));
  ERR_clear_error();
  if (!octets || openssl_encoded(i2d_ASN1_OCTET_STRING, octets.get()) != extension)
    return malformed_sct_list("is no OCTET STRING");
  return std::string(openssl_view(octets.get()));
}

std::string big_endian(std::uint64_t number, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>((number >> (8 * i)) & 0xff);
  return text;
}

std::string raw(const Digest& digest) { return {digest.bytes().begin(), digest.bytes().end()}; }

/// The parts of signed data that are the same for every SCT of a leaf.
Result<std::string> precert_entry(const Certificate& leaf, const Certificate& issuer) {
  TEGATA_TRY(const std::string tbs, precertificate_of(leaf.der()));
  return big_endian(1, 2) + raw(sha256(issuer.public_key_der())) + big_endian(tbs.size(), 3) + tbs;
}

/// One SerializedSCT. None: of a kind that is not read.
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
    return malformed_sct_list("holds an SCT that cannot be read");
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
    return malformed_sct_list("has another length than it says, or is empty");
  std::vector<std::string_view> scts;
  for (TlsReader reader(*all); !reader.at_end();) {
    const auto sct = reader.vector(2);
    if (!sct) return malformed_sct_list("is cut short");
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
