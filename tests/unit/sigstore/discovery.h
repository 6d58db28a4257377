// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <map>

#include "tests/unit/sigstore/signed_material.h"
#include "verifier/crypto/hash.h"
#include "verifier/sigstore/discover/discover.h"

namespace tegata::testing {

using nlohmann::json;
using namespace verifier;

inline const Repository kImages{"registry.example", "app"};
inline const Repository kSignatures{"registry.example", "signatures"};

// A registry of the mind: answers what it was told, and keeps what it was asked.
class ScriptedSource final : public ContentSource {
 public:
  std::map<std::string, ContentAnswer> answers;
  std::vector<std::string> asked;
  std::size_t rounds = 0;
  std::size_t most_manifests = 0;

  static std::string key(const ContentRequest& request) {
    if (const auto* tag = std::get_if<TagRequest>(&request)) return tag->repository.path + " tag " + tag->tag;
    if (const auto* manifest = std::get_if<ManifestRequest>(&request))
      return manifest->repository.path + " manifest " + manifest->digest.text();
    if (const auto* blob = std::get_if<BlobRequest>(&request))
      return blob->repository.path + " blob " + blob->digest.text();
    const auto& subject = std::get<ReferrersRequest>(request);
    return subject.repository.path + " referrers " + subject.digest.text();
  }

  void fetch(std::vector<ContentRequest> requests, Terms, Done done) override {
    ++rounds;
    std::vector<ContentAnswer> found;
    std::size_t manifests = 0;
    for (const auto& request : requests) {
      asked.push_back(key(request));
      const auto answer = answers.find(asked.back());
      const auto* blob = std::get_if<BlobRequest>(&request);
      if (std::holds_alternative<ManifestRequest>(request)) ++manifests;
      if (answer == answers.end())
        found.push_back(Error{ErrorCode::NotFound, "no such thing"});
      else if (blob && answer->second.ok() &&
               std::get<Content>(*answer->second).bytes.size() > blob->max_bytes)
        found.push_back(Error{ErrorCode::LimitExceeded, "too large"});
      else
        found.push_back(answer->second);
    }
    most_manifests = std::max(most_manifests, manifests);
    done(std::move(found));
  }
};

class Discovery : public ::testing::Test {
 protected:
  Discovery() { source_.answers.insert_or_assign("app manifest " + image().text(), content("the image")); }

  static ContentAnswer content(const std::string& bytes) {
    return std::variant<Content, Referrers>(Content{sha256(bytes), {}, bytes});
  }
  void set(const std::string& key, ContentAnswer answer) {
    source_.answers.insert_or_assign(key, std::move(answer));
  }
  void put_blob(const std::string& bytes) { set("signatures blob " + sha256(bytes).text(), content(bytes)); }

  static json descriptor(const std::string& bytes, const char* type = "application/octet-stream") {
    return {{"mediaType", type}, {"digest", sha256(bytes).text()}, {"size", bytes.size()}};
  }
  static json manifest(const json& layers) {
    return {{"schemaVersion", 2},
            {"mediaType", "application/vnd.oci.image.manifest.v1+json"},
            {"config", descriptor("{}")},
            {"layers", layers}};
  }
  void put_sig(const json& document) {
    set("signatures tag " + image().tag_prefix() + ".sig", content(document.dump()));
  }
  void put_att(const json& document) {
    set("signatures tag " + image().tag_prefix() + ".att", content(document.dump()));
  }
  // A referrer with one layer of these bytes; its descriptor for put_referrers.
  Descriptor put_referrer(const std::string& bytes, const char* layer_type,
                          const json& more = json::object()) {
    json document = manifest(json::array({descriptor(bytes, layer_type)}));
    document.update(more);
    put_blob(bytes);
    return put_manifest(document.dump());
  }
  Descriptor put_manifest(const std::string& text) {
    set("signatures manifest " + sha256(text).text(), content(text));
    return {sha256(text), text.size(), "application/vnd.oci.image.manifest.v1+json"};
  }
  void put_referrers(std::vector<Descriptor> list, bool truncated = false) {
    set("signatures referrers " + image().text(),
        std::variant<Content, Referrers>(Referrers{std::move(list), truncated}));
  }

  Reach reach_ = Reach::Signatures;
  Candidates discover() {
    std::optional<Candidates> found;
    discover_signatures(source_, kImages, kSignatures, image(), reach_, Deadline::never(),
                        [&](Candidates candidates) {
                          EXPECT_FALSE(found) << "called twice";
                          found = std::move(candidates);
                        });
    EXPECT_TRUE(found) << "not called";
    return found ? std::move(*found) : Candidates{};
  }
  static std::string reason(const Candidate& candidate) {
    const auto* unreadable = std::get_if<UnreadableCandidate>(&candidate);
    return unreadable ? std::string(name_of(unreadable->rejection.reason)) : "readable";
  }

  static constexpr const char* kSignatureType = "application/vnd.dev.cosign.artifact.sig.v1+json";
  static constexpr const char* kBundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
  ScriptedSource source_;
};

}  // namespace tegata::testing
