// SPDX-License-Identifier: Apache-2.0
#include "tests/support/recorded_signing.h"
#include "testdata_folder.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "verifier/crypto/certificate.h"
#include "verifier/crypto/text_encoding.h"

namespace tegata::testing {
namespace {

using nlohmann::json;

std::string decoded(const json& text) { return *verifier::decode_base64(text.get<std::string>()); }

std::string signature_of(const json& annotations, const std::string& folder, const json& layer) {
  std::string signature = decoded(annotations.at("dev.cosignproject.cosign/signature"));
  if (!signature.empty()) return signature;
  const std::string blob = recorded_file(folder + layer.at("digest").get<std::string>().substr(7));
  return decoded(json::parse(blob).at("signatures").at(0).at("sig"));
}

std::optional<RecordedSigning> from_layer(const json& layer, const std::string& folder) {
  const json annotations = layer.value("annotations", json::object());
  if (!annotations.contains("dev.sigstore.cosign/certificate")) return std::nullopt;
  RecordedSigning signing;
  const auto pem = annotations.at("dev.sigstore.cosign/certificate").get<std::string>();
  signing.certificate_der = (*verifier::Certificate::parse_pem(pem)).front().der();
  signing.signature = signature_of(annotations, folder, layer);
  if (annotations.contains("dev.sigstore.cosign/rfc3161timestamp"))
    signing.timestamps.push_back(
        decoded(json::parse(annotations.at("dev.sigstore.cosign/rfc3161timestamp").get<std::string>())
                    .at("SignedRFC3161Timestamp")));
  if (annotations.contains("dev.sigstore.cosign/bundle"))
    signing.integrated_time = json::parse(annotations.at("dev.sigstore.cosign/bundle").get<std::string>())
                                  .at("Payload")
                                  .at("integratedTime")
                                  .get<std::int64_t>();
  return signing;
}

std::optional<RecordedSigning> from_bundle(const json& bundle) {
  const json material = bundle.at("verificationMaterial");
  if (!material.contains("certificate")) return std::nullopt;
  RecordedSigning signing;
  signing.certificate_der = decoded(material.at("certificate").at("rawBytes"));
  signing.signature = decoded(bundle.at("dsseEnvelope").at("signatures").at(0).at("sig"));
  const json data = material.value("timestampVerificationData", json::object());
  for (const json& one : data.value("rfc3161Timestamps", json::array()))
    signing.timestamps.push_back(decoded(one.at("signedTimestamp")));
  for (const json& entry : material.value("tlogEntries", json::array()))
    signing.integrated_time = std::stoll(entry.value("integratedTime", std::string("0")));
  return signing;
}

std::optional<RecordedSigning> from_blob(const json& blob, const std::string& folder) {
  if (!blob.is_object()) return std::nullopt;
  if (blob.contains("verificationMaterial")) return from_bundle(blob);
  for (const json& layer : blob.value("layers", json::array()))
    if (auto signing = from_layer(layer, folder)) return signing;
  return std::nullopt;
}

/// The `.sig` or `.att` manifest of the image that the case is about.
std::vector<std::string> tagged_manifests(const std::string& case_name) {
  const json recorded = json::parse(recorded_file("cases/" + case_name + "/case.json"));
  const std::string stem = "sha256-" + recorded.at("image_digest").get<std::string>().substr(7);
  std::vector<std::string> names;
  for (const auto& [tag, digest] : recorded.at("tags").items())
    if (tag == stem + ".sig" || tag == stem + ".att") names.push_back(digest.get<std::string>().substr(7));
  return names;
}

}  // namespace

std::string recorded_file(const std::string& path) {
  std::ifstream file(TEGATA_TESTDATA "/sigstore/" + path, std::ios::binary);
  if (!file) throw std::runtime_error("there is no " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

RecordedSigning recorded_signing(const std::string& case_name) {
  const std::string folder = "cases/" + case_name + "/oci/blobs/sha256/";
  std::vector<std::string> names = tagged_manifests(case_name);
  std::set<std::string> others;
  for (const auto& entry : std::filesystem::directory_iterator(TEGATA_TESTDATA "/sigstore/" + folder))
    others.insert(entry.path().filename());
  names.insert(names.end(), others.begin(), others.end());
  for (const std::string& name : names)
    if (auto signing = from_blob(json::parse(recorded_file(folder + name), nullptr, false), folder))
      return *std::move(signing);
  throw std::runtime_error("no certificate in " + case_name);
}

}  // namespace tegata::testing
