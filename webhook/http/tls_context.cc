// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/tls_context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>
#include <optional>
#include <utility>
#include <vector>

#include "policy/model/limits.h"
#include "webhook/config/read_file.h"

namespace tegata::webhook::http {
namespace {

template <auto kFree>
struct FreeWith {
  template <typename T>
  void operator()(T* thing) const {
    kFree(thing);
  }
};
using Bio = std::unique_ptr<BIO, FreeWith<BIO_free>>;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;

Error misconfigured(std::string message) { return {ErrorCode::Misconfigured, std::move(message)}; }

Result<std::string> read_pem(const std::string& file) {
  auto text = read_file(file, limits::kKeyFile);
  if (!text.ok()) return misconfigured(text.error().message);
  return text;
}

/// Never prompts for a password: an encrypted key is an error.
int no_password(char*, int, int, void*) { return -1; }

Result<std::vector<Certificate>> read_chain(const std::string& file) {
  TEGATA_TRY(const auto text, read_pem(file));
  const Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  std::vector<Certificate> chain;
  while (true) {
    Certificate next(PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr));
    if (next == nullptr) break;
    chain.push_back(std::move(next));
  }
  // At the end of the file the error is "no start line"; any other error is a block that cannot be parsed.
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (chain.empty()) return misconfigured(file + " contains no PEM certificate");
  if (!at_end) return misconfigured(file + " contains a PEM block that is not a certificate");
  return chain;
}

/// None if `file` is empty.
Result<std::vector<Certificate>> read_client_cas(const std::string& file) {
  if (file.empty()) return std::vector<Certificate>();
  return read_chain(file);
}

Result<Key> read_key(const std::string& file) {
  TEGATA_TRY(const auto text, read_pem(file));
  const Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
  ERR_clear_error();
  if (key != nullptr) return key;
  if (text.find("ENCRYPTED") != text.npos)
    return misconfigured(file + " is encrypted; give the private key without a password");
  return misconfigured(file + " contains no PEM private key");
}

std::optional<Time> time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return Time{std::chrono::seconds{timegm(&parts)}};
}

std::string date(const ASN1_TIME* time) {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (ASN1_TIME_print(bio.get(), time) != 1) return "?";
  char* text = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

/// notAfter of a certificate that is valid at `now`.
Result<Time> check_validity(const std::string& file, const X509& certificate, Time now) {
  const auto begins = time_of(X509_get0_notBefore(&certificate));
  const auto ends = time_of(X509_get0_notAfter(&certificate));
  if (!begins || !ends)
    return misconfigured("the certificate in " + file + " has an invalid validity period");
  if (now > *ends)
    return misconfigured("the certificate in " + file + " expired at " +
                         date(X509_get0_notAfter(&certificate)));
  if (now < *begins)
    return misconfigured("the certificate in " + file + " is not valid before " +
                         date(X509_get0_notBefore(&certificate)));
  return *ends;
}

/// Only http/1.1 is supported; a client that does not offer it continues without ALPN.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                    unsigned int in_size, void*) {
  static constexpr unsigned char kHttp11[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kHttp11, sizeof kHttp11 - 1, in, in_size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

bool use_pair(SSL_CTX* context, const std::vector<Certificate>& chain, EVP_PKEY* key) {
  if (SSL_CTX_use_certificate(context, chain.front().get()) != 1) return false;
  for (std::size_t i = 1; i < chain.size(); ++i)
    if (SSL_CTX_add1_chain_cert(context, chain[i].get()) != 1) return false;
  return SSL_CTX_use_PrivateKey(context, key) == 1 && SSL_CTX_check_private_key(context) == 1;
}

/// Lets the handshake go on whatever the client's certificate is. What was found is kept, and
/// SSL_get_verify_result() gives it.
int keep_result(int, X509_STORE_CTX*) { return 1; }

/// Asks clients for a certificate of one of these CAs, if there are any.
bool ask_for(SSL_CTX* context, const std::vector<Certificate>& client_cas) {
  if (client_cas.empty()) return true;
  for (const auto& ca : client_cas)
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca.get()) != 1 ||
        SSL_CTX_add_client_CA(context, ca.get()) != 1)
      return false;
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, keep_result);
  return true;
}

bool set_protocol(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context, 1);  // a record with one recv() in place of two
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_num_tickets(context, 0) == 1;
}

}  // namespace

void TlsContext::Free::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

Result<std::shared_ptr<const TlsContext>> TlsContext::load(const TlsFiles& files, Time now) {
  ERR_clear_error();
  TEGATA_TRY(const auto chain, read_chain(files.certificate));
  TEGATA_TRY(const auto key, read_key(files.private_key));
  TEGATA_TRY(const auto client_cas, read_client_cas(files.client_ca));
  TEGATA_TRY(const auto not_after, check_validity(files.certificate, *chain.front(), now));
  if (X509_check_private_key(chain.front().get(), key.get()) != 1) {
    ERR_clear_error();
    return misconfigured("the certificate in " + files.certificate + " does not match the private key in " +
                         files.private_key);
  }
  const std::shared_ptr<TlsContext> made(new TlsContext);
  made->context_.reset(SSL_CTX_new(TLS_server_method()));
  made->not_after_ = not_after;
  if (made->context_ == nullptr || !set_protocol(made->context_.get()) ||
      !use_pair(made->context_.get(), chain, key.get()) || !ask_for(made->context_.get(), client_cas)) {
    ERR_clear_error();
    return misconfigured("TLS cannot be served with the certificate in " + files.certificate +
                         " (is its key or signature too weak?)");
  }
  return std::shared_ptr<const TlsContext>(made);
}

}  // namespace tegata::webhook::http
