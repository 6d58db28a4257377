// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/trust_files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <optional>
#include <system_error>

#include "verifier/crypto/file_format.h"
#include "verifier/crypto/pem.h"

namespace tegata::verifier {
namespace {

/// Where a reference that cosign takes in place of a key file keeps the key, and the command that writes its
/// public half into a file; REF stands for the reference.
struct KeyStore {
  std::string_view prefix;
  std::string_view name;
  std::string_view command = "cosign public-key --key REF > cosign.pub";
};
constexpr std::array kKeyStores = {KeyStore{"k8s://", "a Kubernetes Secret"},
                                   KeyStore{"awskms://", "AWS KMS"},
                                   KeyStore{"gcpkms://", "Google Cloud KMS"},
                                   KeyStore{"azurekms://", "Azure Key Vault"},
                                   KeyStore{"hashivault://", "HashiCorp Vault"},
                                   KeyStore{"openbao://", "OpenBao"},
                                   KeyStore{"gitlab://", "a GitLab project"},
                                   KeyStore{"github://", "a GitHub repository", ""},
                                   KeyStore{"pkcs11:", "a PKCS#11 token"},
                                   KeyStore{"env://", "an environment variable"},
                                   KeyStore{"http://", "a web server", "curl -fo FILE REF"},
                                   KeyStore{"https://", "a web server", "curl -fo FILE REF"},
                                   KeyStore{"file://", "a file named by its URL", ""}};

std::optional<Error> key_store_error(std::string_view path) {
  const auto* store = std::find_if(kKeyStores.begin(), kKeyStores.end(),
                                   [path](const KeyStore& one) { return path.starts_with(one.prefix); });
  if (store == kKeyStores.end()) return std::nullopt;
  std::string message = "this names " + std::string(store->name) + "; only the path of a file is read here";
  if (const auto at = store->command.find("REF"); at != std::string_view::npos)
    message += ": " + std::string(store->command.substr(0, at)) + "'" + std::string(path) + "'" +
               std::string(store->command.substr(at + 3));
  return Error{ErrorCode::Misconfigured, std::move(message)};
}

}  // namespace

Result<std::vector<Certificate>> certificates_of_file(std::string_view bytes) {
  const auto blocks = decode_certificate_pem(bytes);
  if (!blocks.ok() && blocks.error().code == ErrorCode::Malformed)
    return other_format(bytes, PemFile::Certificates);
  return Certificate::parse_pem(bytes);
}

Result<std::string> read_trust_file(const std::string& path, std::size_t max_bytes) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    const int why = errno;
    if (auto store = key_store_error(path)) return *std::move(store);
    return Error{ErrorCode::NotFound, "the file cannot be opened: " + std::generic_category().message(why)};
  }
  std::string bytes(max_bytes + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (file.bad()) return Error{ErrorCode::NotFound, "the file cannot be read"};
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  if (bytes.size() > max_bytes)
    return Error{ErrorCode::LimitExceeded, "the file has more than " + std::to_string(max_bytes) + " bytes"};
  return bytes;
}

}  // namespace tegata::verifier
