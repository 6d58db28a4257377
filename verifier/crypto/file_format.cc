// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/text_encoding.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "policy/model/ascii.h"

namespace tegata::verifier {
namespace {

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size()))
    ++found;
  return found;
}

/// The content of a DER SEQUENCE (X.690, section 8.1) at the front; empty for anything else.
std::string_view sequence(std::string_view der) {
  if (der.size() < 2 || der[0] != '\x30') return {};
  const auto length = static_cast<unsigned char>(der[1]);
  const std::size_t header = length < 0x80 ? 2 : 2 + (length & 0x7FU);
  return header < der.size() ? der.substr(header) : std::string_view();
}

// Recognized by the first bytes: RFC 5280 for keys and certificates, RFC 8017, 5958 and 5915 for the others.
bool is_private_key_der(std::string_view der) {
  const auto inside = sequence(der);
  return inside.starts_with(std::string_view("\x02\x01\x00", 3)) || inside.starts_with("\x02\x01\x01");
}
bool is_pkcs1_der(std::string_view der) {
  return sequence(der).starts_with('\x02') && !is_private_key_der(der);
}
bool is_public_key_der(std::string_view der) { return sequence(sequence(der)).starts_with('\x06'); }
bool is_certificate_der(std::string_view der) { return sequence(sequence(der)).starts_with('\xA0'); }
bool is_pkcs7_der(std::string_view der) { return sequence(der).starts_with('\x06'); }

/// Base64 of such DER, without the lines that make it PEM.
template <bool (*is_der)(std::string_view)>
bool in_base64(std::string_view text) {
  const auto der = decode_base64_lines(text);
  return der && is_der(*der);
}

bool is_blank(std::string_view bytes) { return trimmed(bytes, kPemWhitespace).empty(); }
bool is_utf16(std::string_view bytes) {
  return bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
}
bool has_several_keys(std::string_view bytes) { return count(bytes, "-----BEGIN PUBLIC KEY-----") > 1; }
bool has_whole_key(std::string_view bytes) { return holds(bytes, "-----END PUBLIC KEY-----"); }
bool is_only_key(std::string_view bytes) {
  const auto text = trimmed(bytes, kPemWhitespace);
  return text.starts_with("-----BEGIN PUBLIC KEY-----") && text.ends_with("-----END PUBLIC KEY-----");
}
bool has_whole_certificate(std::string_view bytes) { return holds(bytes, "-----END CERTIFICATE-----"); }

/// A file format: how it is recognized, and the command that converts it to the expected format; "" if there
/// is none.
struct Format {
  std::string_view name;
  std::string_view begins = {};
  std::string_view holds = {};
  bool (*is)(std::string_view bytes) = nullptr;
  std::optional<PemFile> only = {};  ///< only where this is expected
  std::string_view to_key = {};
  std::string_view to_certificates = {};
};

constexpr std::string_view kKeyOfCertificate = "openssl x509 -in FILE -pubkey -noout > key.pub";
constexpr std::string_view kBlocksOnly =
    "sed -n '/-----BEGIN CERTIFICATE-----/,/-----END CERTIFICATE-----/p' FILE > certs.pem";

// The first match is used.
constexpr std::array kFormats = {
    Format{.name = "an empty file", .is = is_blank},
    Format{.name = "text in UTF-16",
           .is = is_utf16,
           .to_key = "iconv -f UTF-16 -t ASCII FILE > key.pub",
           .to_certificates = "iconv -f UTF-16 -t ASCII FILE > certs.pem"},
    Format{.name = "text with a byte order mark",
           .begins = "\xEF\xBB\xBF",
           .to_key = R"(sed '1s/^\xEF\xBB\xBF//' FILE > key.pub)",
           .to_certificates = R"(sed '1s/^\xEF\xBB\xBF//' FILE > certs.pem)"},
    Format{.name = "a PGP key, which is not supported", .holds = "-----BEGIN PGP "},
    Format{.name = "a private key of cosign",
           .holds = "-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----",
           .to_key = "cosign public-key --key FILE > key.pub"},
    Format{.name = "a private key of cosign",
           .holds = "-----BEGIN ENCRYPTED COSIGN PRIVATE KEY-----",
           .to_key = "cosign public-key --key FILE > key.pub"},
    Format{.name = "a private key of OpenSSH",
           .holds = "-----BEGIN OPENSSH PRIVATE KEY-----",
           .to_key = "ssh-keygen -e -m PKCS8 -f FILE > key.pub"},
    Format{.name = "a private key",
           .holds = "PRIVATE KEY-----",
           .to_key = "openssl pkey -in FILE -pubout -out key.pub"},
    Format{.name = "several public keys",
           .is = has_several_keys,
           .only = PemFile::PublicKey,
           .to_key = "csplit -z -f key- -b %d.pub FILE '/-----BEGIN/' '{*}'"},
    Format{.name = "a PEM block that does not hold base64", .is = is_only_key, .only = PemFile::PublicKey},
    Format{.name = "text beside the PEM block",
           .holds = "-----BEGIN PUBLIC KEY-----",
           .is = has_whole_key,
           .only = PemFile::PublicKey,
           .to_key = "openssl pkey -pubin -in FILE -pubout -out key.pub"},
    Format{.name = "text beside the PEM blocks",
           .holds = "-----BEGIN CERTIFICATE-----",
           .is = has_whole_certificate,
           .only = PemFile::Certificates,
           .to_certificates = kBlocksOnly},
    Format{.name = "an RSA key in PKCS#1",
           .holds = "-----BEGIN RSA PUBLIC KEY-----",
           .to_key = "openssl rsa -RSAPublicKey_in -in FILE -pubout -out key.pub"},
    Format{.name = "a public key", .holds = "-----BEGIN PUBLIC KEY-----", .only = PemFile::Certificates},
    Format{.name = "a certificate",
           .holds = "-----BEGIN CERTIFICATE-----",
           .only = PemFile::PublicKey,
           .to_key = kKeyOfCertificate},
    Format{.name = "a certificate in OpenSSL's trusted form",
           .holds = "-----BEGIN TRUSTED CERTIFICATE-----",
           .to_key = kKeyOfCertificate,
           .to_certificates = "openssl x509 -in FILE -out certs.pem"},
    Format{.name = "certificates in PKCS#7",
           .holds = "-----BEGIN PKCS7-----",
           .to_certificates =
               "openssl pkcs7 -in FILE -print_certs | sed -n '/-----BEGIN/,/-----END/p' > certs.pem"},
    Format{.name = "a PEM block that is cut off or of another kind", .holds = "-----BEGIN "},
    Format{.name = "an Ed25519 key of OpenSSH, which ssh-keygen does not convert", .begins = "ssh-ed25519 "},
    Format{.name = "a public key of OpenSSH",
           .begins = "ssh-",
           .to_key = "ssh-keygen -e -m PKCS8 -f FILE > key.pub"},
    Format{.name = "a public key of OpenSSH",
           .begins = "ecdsa-sha2-",
           .to_key = "ssh-keygen -e -m PKCS8 -f FILE > key.pub"},
    Format{.name = "a JSON document", .begins = "{"},
    Format{.name = "a public key in DER",
           .is = is_public_key_der,
           .to_key = "openssl pkey -pubin -inform DER -in FILE -pubout -out key.pub"},
    Format{.name = "an RSA key in PKCS#1, in DER",
           .is = is_pkcs1_der,
           .to_key = "openssl rsa -RSAPublicKey_in -inform DER -in FILE -pubout -out key.pub"},
    Format{.name = "a private key in DER",
           .is = is_private_key_der,
           .to_key = "openssl pkey -inform DER -in FILE -pubout -out key.pub"},
    Format{.name = "a certificate in DER",
           .is = is_certificate_der,
           .to_key = "openssl x509 -inform DER -in FILE -pubkey -noout > key.pub",
           .to_certificates = "openssl x509 -inform DER -in FILE -out certs.pem"},
    Format{.name = "certificates in PKCS#7, in DER",
           .is = is_pkcs7_der,
           .to_certificates = "openssl pkcs7 -inform DER -in FILE -print_certs | sed -n "
                              "'/-----BEGIN/,/-----END/p' > certs.pem"},
    Format{.name = "a public key in base64 without the lines of PEM",
           .is = in_base64<is_public_key_der>,
           .to_key = "base64 -d FILE | openssl pkey -pubin -inform DER -pubout -out key.pub"},
    Format{.name = "a certificate in base64 without the lines of PEM",
           .is = in_base64<is_certificate_der>,
           .to_key = "base64 -d FILE | openssl x509 -inform DER -pubkey -noout > key.pub",
           .to_certificates = "base64 -d FILE | openssl x509 -inform DER -out certs.pem"},
};

bool fits(const Format& format, std::string_view bytes, PemFile expected) {
  return (!format.only || *format.only == expected) && bytes.starts_with(format.begins) &&
         holds(bytes, format.holds) && (format.is == nullptr || format.is(bytes));
}

}  // namespace

Error other_format(std::string_view bytes, PemFile expected) {
  const bool key = expected == PemFile::PublicKey;
  std::string message = key ? "expected one PEM block \"PUBLIC KEY\" and nothing beside it, found "
                            : "expected PEM blocks \"CERTIFICATE\" and nothing beside them, found ";
  const auto* format = std::find_if(kFormats.begin(), kFormats.end(),
                                    [&](const Format& one) { return fits(one, bytes, expected); });
  if (format == kFormats.end()) return {ErrorCode::Malformed, message + "an unknown format"};
  message += format->name;
  const auto command = key ? format->to_key : format->to_certificates;
  if (!command.empty()) message += "; convert it: " + std::string(command);
  return {ErrorCode::Malformed, std::move(message)};
}

}  // namespace tegata::verifier
