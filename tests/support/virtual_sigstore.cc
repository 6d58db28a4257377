// SPDX-License-Identifier: Apache-2.0
#include "tests/support/virtual_sigstore.h"

#include <nlohmann/json.hpp>

#include "tests/support/virtual_bytes.h"

namespace tegata::testing {
namespace {

using nlohmann::json;

VirtualCa::Settings ca(const VirtualSigstoreSettings& settings, const std::string& name) {
  return {name, "codeSigning", settings.from, settings.until, settings.intermediate_until};
}

VirtualTimestampAuthority::Settings tsa(const VirtualSigstoreSettings& settings, const std::string& name) {
  return {.name = name, .from = settings.from, .until = settings.until, .key = settings.timestamp_key};
}

template <typename T>
const T& chosen(By by, const T& itself, const T& stranger, const T& impostor) {
  return by == By::Itself ? itself : by == By::Stranger ? stranger : impostor;
}

}  // namespace

VirtualSigstore::VirtualSigstore(const VirtualSigstoreSettings& settings)
    : settings_(settings),
      ca_(ca(settings, "virtual fulcio")),
      stranger_ca_(ca(settings, "strange fulcio")),
      impostor_ca_(ca(settings, "virtual fulcio")),
      rekor_v2_(settings.rekor_v2_key),
      tsa_(tsa(settings, "virtual tsa")),
      stranger_tsa_(tsa(settings, "strange tsa")),
      impostor_tsa_(tsa(settings, "virtual tsa")) {}

json VirtualSigstore::trusted_root() const {
  const json valid = {{"start", rfc3339(settings_.from)}};
  const auto log = [&](const std::string& url, const std::string& key, const std::string& details,
                       const std::string& id) {
    return json{{"baseUrl", url},
                {"hashAlgorithm", "SHA2_256"},
                {"publicKey", {{"rawBytes", base64(key)}, {"keyDetails", details}, {"validFor", valid}}},
                {"logId", {{"keyId", base64(id)}}}};
  };
  const auto authority = [&](const std::string& name, const std::vector<std::string>& chain) {
    json certificates = json::array();
    for (const auto& one : chain) certificates.push_back({{"rawBytes", base64(one)}});
    return json{{"subject", {{"organization", "virtual"}, {"commonName", name}}},
                {"uri", "https://authority.virtual"},
                {"certChain", {{"certificates", certificates}}},
                {"validFor", valid}};
  };
  json root = {{"mediaType", "application/vnd.dev.sigstore.trustedroot+json;version=0.1"}};
  root["tlogs"] = json::array(
      {log(rekor_v1_.base_url(), rekor_v1_.public_key_der(), rekor_v1_.details(), rekor_v1_.key_id()),
       log(rekor_v2_.base_url(), rekor_v2_.public_key_der(), rekor_v2_.details(), rekor_v2_.key_id())});
  root["certificateAuthorities"] =
      json::array({authority(ca_.name(), {ca_.intermediate_der(), ca_.root_der()})});
  root["ctlogs"] = json::array({log("https://ctfe.virtual/test", ct_log_.public_key_der(), ct_log_.details(),
                                    hash_of(ct_log_.public_key_der()))});
  root["timestampAuthorities"] = json::array(
      {authority(tsa_.ca().name(), {tsa_.leaf_der(), tsa_.ca().intermediate_der(), tsa_.ca().root_der()})});
  return root;
}

std::string VirtualSigstore::trusted_root_json() const { return trusted_root().dump(); }

VirtualSigning VirtualSigstore::sign(const Digest& image, const SigningRequest& request) {
  return {*this, image, request};
}

VirtualLeaf VirtualSigstore::certificate(const SigningRequest& request, const VirtualKey& key) const {
  const auto& breaks = request.breaks;
  const VirtualCa& issuer = chosen(breaks.certificate_by, ca_, stranger_ca_, impostor_ca_);
  CertificateText text = leaf_text(request);
  if (request.sct) {
    std::string precertificate = to_be_signed_of(issuer.issue(text, key));
    if (breaks.sct_over_other_certificate) precertificate.back() ^= 1;
    text.extensions.push_back(sct_list({ct_log_.sct(precertificate, issuer.issuer_key_der(), request.at,
                                                    request.sct_extensions, breaks.sct_by)}));
  }
  return {issuer.issue(text, key), issuer.chain_pem()};
}

std::optional<VirtualLogEntry> VirtualSigstore::log(const VirtualSigned& content,
                                                    const SigningRequest& request) {
  if (request.rekor == Rekor::None) return std::nullopt;
  const bool first = request.rekor == Rekor::V1;
  VirtualLogBody body =
      first ? log_body_v1(content, request.entry_kind) : log_body_v2(content, request.entry_kind);
  if (request.edit_body) {
    json edited = json::parse(body.text);
    request.edit_body(edited);
    body.text = edited.dump();
  }
  const Time at = request.at + request.logged_after;
  return first ? rekor_v1_.log(body, at, request.breaks.log) : rekor_v2_.log(body, at, request.breaks.log);
}

std::optional<std::string> VirtualSigstore::stamp(std::string_view bytes,
                                                  const SigningRequest& request) const {
  if (!request.timestamp) return std::nullopt;
  const auto& breaks = request.breaks;
  return chosen(breaks.timestamp_by, tsa_, stranger_tsa_, impostor_tsa_)
      .stamp(breaks.timestamp_over_other_bytes ? "other bytes" : bytes,
             request.at + request.timestamped_after, request.embed, request.imprint_bits);
}

}  // namespace tegata::testing
