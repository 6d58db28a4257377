// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/sigstore/logged_case.h"
#include "testdata_folder.h"

#include <openssl/x509.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "verifier/crypto/hash.h"
#include "verifier/crypto/text_encoding.h"
#include "verifier/sigstore/candidate/signed_payload.h"

namespace tegata::testing {

using nlohmann::json;
using namespace verifier;

namespace {

const std::string kFolder = TEGATA_TESTDATA "/sigstore/";

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("no " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string public_key_of_certificate(const std::string& der) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  X509* certificate = d2i_X509(nullptr, &bytes, static_cast<long>(der.size()));
  if (!certificate) throw std::runtime_error("not a certificate");
  unsigned char* out = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &out);
  std::string key(reinterpret_cast<char*>(out), static_cast<std::size_t>(size));
  OPENSSL_free(out);
  X509_free(certificate);
  return key;
}

std::string key_of_case(const std::string& name) {
  const json about = json::parse(read_file(kFolder + "cases/" + name + "/case.json"));
  return *decode_public_key_pem(read_file(kFolder + about["checks"][0]["key"].get<std::string>()));
}

// The first PEM block, as `-----BEGIN CERTIFICATE-----` and lines of base64.
std::string der_of_pem(const std::string& pem) {
  std::string base64 = pem.substr(pem.find('\n') + 1);
  base64.resize(base64.find("-----END"));
  std::erase(base64, '\n');
  return decode_base64(base64).value();
}

void set_signer(LoggedCase& one, const std::string& name, const std::string& certificate) {
  one.certificate = certificate;
  one.public_key = certificate.empty() ? key_of_case(name) : public_key_of_certificate(certificate);
  one.key_algorithm = PublicKey::parse_der(one.public_key)->algorithm();
}

void set_envelope(LoggedCase& one, const json& envelope) {
  one.payload = decode_base64(envelope["payload"].get<std::string>()).value();
  one.signature = decode_base64(envelope["signatures"][0]["sig"].get<std::string>()).value();
  one.message = pre_authentication_encoding(envelope["payloadType"].get<std::string>(), *one.payload);
}

std::string certificate_in(const json& material) {
  const json& certificate = material.contains("x509CertificateChain")
                                ? material["x509CertificateChain"]["certificates"][0]
                                : material.value("certificate", json());
  return certificate.is_object() ? decode_base64(certificate["rawBytes"].get<std::string>()).value() : "";
}

void add_read(LoggedCase& one, OrRejection<LogEntry> read) {
  if (const auto* entry = std::get_if<LogEntry>(&read)) one.entries.push_back(*entry);
  one.read.push_back(std::move(read));
}

LoggedCase of_bundle(const json& bundle, const std::string& name) {
  LoggedCase one;
  const json& material = bundle["verificationMaterial"];
  for (const json& entry : material.value("tlogEntries", json::array())) add_read(one, read_log_entry(entry));
  set_envelope(one, bundle["dsseEnvelope"]);
  set_signer(one, name, certificate_in(material));
  return one;
}

LoggedCase of_layer(const json& layer, const std::string& blob, const std::string& name) {
  LoggedCase one;
  const json& annotations = layer["annotations"];
  add_read(one, read_log_annotation(annotations["dev.sigstore.cosign/bundle"].get<std::string>()));
  if (layer["mediaType"] == "application/vnd.dsse.envelope.v1+json") {
    one.envelope = blob;
    set_envelope(one, json::parse(blob));
  } else {
    one.message = blob;
    one.signature =
        decode_base64(annotations["dev.cosignproject.cosign/signature"].get<std::string>()).value();
  }
  const bool certified = annotations.contains("dev.sigstore.cosign/certificate");
  set_signer(one, name,
             certified ? der_of_pem(annotations["dev.sigstore.cosign/certificate"].get<std::string>()) : "");
  return one;
}

LogKey log_of(const std::string& file, const std::string& origin, bool v2) {
  const std::string der = *decode_public_key_pem(read_file(kFolder + "mock/" + file));
  const std::string named = v2 ? origin + "\n\x01" + der.substr(der.size() - 32) : der;
  const Time start{std::chrono::seconds(1'792'725'717)};  // 2026-10-23T03:21:57Z
  return {*PublicKey::parse_der(der), hash(HashAlgorithm::Sha256, named), origin, {start, std::nullopt}};
}

}  // namespace

LoggedSignature LoggedCase::signed_by() const {
  LoggedSignature by{.signature = signature,
                     .message = SignedMessage::of_bytes(message),
                     .certificate_der = certificate,
                     .public_key_der = public_key,
                     .key_algorithm = key_algorithm,
                     .dsse_payload = {},
                     .dsse_envelope = {}};
  if (payload) by.dsse_payload = *payload;
  if (envelope) by.dsse_envelope = *envelope;
  return by;
}

std::vector<LoggedCase> logged_cases(const std::string& name) {
  const std::filesystem::path blobs = kFolder + "cases/" + name + "/oci/blobs/sha256";
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(blobs)) files.push_back(file.path());
  std::sort(files.begin(), files.end());
  std::vector<LoggedCase> bundles;
  std::vector<LoggedCase> layers;
  for (const auto& file : files) {
    const json document = json::parse(read_file(file), nullptr, false);
    if (!document.is_object()) continue;
    if (document.contains("verificationMaterial") && document.contains("dsseEnvelope"))
      bundles.push_back(of_bundle(document, name));
    for (const json& layer : document.value("layers", json::array()))
      if (layer.contains("annotations") && layer["annotations"].contains("dev.sigstore.cosign/bundle"))
        layers.push_back(
            of_layer(layer, read_file(blobs / layer["digest"].get<std::string>().substr(7)), name));
  }
  bundles.insert(bundles.end(), layers.begin(), layers.end());
  return bundles;
}

LoggedCase logged_case(const std::string& name) {
  auto all = logged_cases(name);
  if (all.size() != 1) throw std::runtime_error(name + " does not hold one signature");
  return all.front();
}

TrustedRoot mock_root() {
  TrustedRoot root{{}, {}, {}, {}, sha256("")};
  root.transparency_logs.push_back(log_of("rekor.pub", "rekor.mock.local", false));
  root.transparency_logs.push_back(log_of("rekor2.pub", "rekor2.mock.local", true));
  return root;
}

std::string verdict_of(const LoggedCase& one, const TrustedRoot& root) {
  for (const auto& read : one.read)
    if (const auto* rejection = std::get_if<Rejection>(&read)) return std::string(name_of(rejection->reason));
  const auto proof = verify_log_entries(one.entries, one.signed_by(), root);
  const auto* rejection = std::get_if<Rejection>(&proof);
  return rejection ? std::string(name_of(rejection->reason)) : "logged";
}

}  // namespace tegata::testing
