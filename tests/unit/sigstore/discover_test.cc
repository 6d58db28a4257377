// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/discover.h"

#include <gtest/gtest.h>

#include <map>

#include "policy/model/limits.h"
#include "tests/unit/sigstore/signed_material.h"
#include "verifier/crypto/sha256.h"

namespace tegata::testing {
namespace {

using nlohmann::json;
using namespace verifier;

const Repository kImages{"registry.example", "app"};
const Repository kSignatures{"registry.example", "signatures"};

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

  void fetch(std::vector<ContentRequest> requests, Deadline, Done done) override {
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

  static constexpr const char* kBundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
  ScriptedSource source_;
};

TEST_F(Discovery, OfAnImageWithoutSignaturesIsOneRound) {
  put_referrers({});
  const auto found = discover();
  EXPECT_TRUE(found.list.empty());
  EXPECT_FALSE(found.image_absent || found.too_many || found.unknown);
  EXPECT_EQ(source_.rounds, 1U);
  EXPECT_EQ(source_.asked.size(), 3U);
}

TEST_F(Discovery, OfAnAbsentImageEndsAtOnce) {
  source_.answers.clear();
  put_sig(manifest(json::array({descriptor("payload")})));
  const auto found = discover();
  EXPECT_TRUE(found.image_absent);
  EXPECT_TRUE(found.list.empty() && !found.unknown);
  EXPECT_EQ(source_.rounds, 1U);
}

TEST_F(Discovery, FindsLayersInTwoRoundsWhateverTheirMediaType) {
  json layer = descriptor("payload", "application/whatever");
  layer["annotations"] = {{"dev.cosignproject.cosign/signature", "eA=="}};
  json document = manifest(json::array({layer, layer}));
  document["mediaType"] = "application/vnd.docker.distribution.manifest.v2+json";
  put_sig(document);
  put_blob("payload");
  const auto found = discover();
  ASSERT_EQ(found.list.size(), 2U);
  for (const auto& candidate : found.list) {
    const auto& signing = std::get<SimpleSigningCandidate>(candidate);
    EXPECT_EQ(signing.payload, "payload");
    EXPECT_EQ(signing.layer, sha256("payload"));
    EXPECT_EQ(signing.annotations.size(), 1U);
  }
  EXPECT_EQ(source_.rounds, 2U);
  EXPECT_EQ(source_.asked.size(), 4U) << "the payload is asked for once";
}

TEST_F(Discovery, FindsBundlesByTheManifestsContentInThreeRounds) {
  json typed = {{"artifactType", kBundleType}};
  json configured = {{"config", descriptor("{}", kBundleType)}};
  put_referrers({put_referrer("one", "application/other", typed),
                 put_referrer("two", "application/other", configured), put_referrer("three", kBundleType),
                 put_referrer("sbom", "application/spdx+json")});
  const auto found = discover();
  ASSERT_EQ(found.list.size(), 3U);
  EXPECT_EQ(std::get<BundleCandidate>(found.list[0]).json, "one");
  EXPECT_EQ(std::get<BundleCandidate>(found.list[1]).json, "two");
  EXPECT_EQ(std::get<BundleCandidate>(found.list[2]).json, "three");
  EXPECT_EQ(source_.rounds, 3U);
}

TEST_F(Discovery, TakesABundleWhoseManifestNamesAnotherSubject) {
  json subject = descriptor("another image", "application/vnd.oci.image.manifest.v1+json");
  put_referrers({put_referrer("one", kBundleType, {{"subject", subject}})});
  EXPECT_EQ(discover().list.size(), 1U);
}

TEST_F(Discovery, SkipsReferrersThatAreNoBundle) {
  const json one = descriptor("one", kBundleType);
  const Descriptor two_layers = put_manifest(manifest(json::array({one, one})).dump());
  json no_layers = manifest(json::array());
  no_layers["artifactType"] = kBundleType;
  const json index = {{"schemaVersion", 2},
                      {"mediaType", "application/vnd.oci.image.index.v1+json"},
                      {"artifactType", kBundleType},
                      {"manifests", json::array()}};
  const json oras = {{"mediaType", "application/vnd.oci.artifact.manifest.v1+json"}, {"schemaVersion", 2}};
  put_referrers(
      {two_layers, put_manifest(no_layers.dump()), put_manifest(index.dump()), put_manifest(oras.dump())});
  const auto found = discover();
  EXPECT_TRUE(found.list.empty());
  EXPECT_FALSE(found.unknown);
}

TEST_F(Discovery, DoesNotAskForManifestsOfKindsThatNobodyReads) {
  Descriptor oras = put_manifest("{}");
  oras.media_type = "application/vnd.cncf.oras.artifact.manifest.v1+json";
  put_referrers({oras});
  EXPECT_TRUE(discover().list.empty());
  EXPECT_EQ(source_.rounds, 1U);
}

TEST_F(Discovery, KeepsWhatIsBrokenAsARejectedCandidate) {
  put_sig(manifest(json::array({descriptor("absent"), descriptor("lies"), descriptor("good")})));
  put_blob("good");
  set("signatures blob " + sha256("lies").text(), Error{ErrorCode::Malformed, "other bytes"});
  const std::string absent_manifest = "absent manifest";
  put_referrers(
      {put_manifest("garbage"), {sha256(absent_manifest), 1, ""}, put_referrer("bundle", kBundleType)});
  const auto found = discover();
  ASSERT_EQ(found.list.size(), 6U);
  EXPECT_EQ(reason(found.list[0]), "ContentAbsent");
  EXPECT_EQ(reason(found.list[1]), "ContentOtherDigest");
  EXPECT_EQ(reason(found.list[2]), "readable");
  EXPECT_EQ(reason(found.list[3]), "BundleMalformed");
  EXPECT_EQ(reason(found.list[4]), "ContentAbsent");
  EXPECT_EQ(reason(found.list[5]), "readable");
  EXPECT_FALSE(found.unknown);
}

TEST_F(Discovery, RejectsASigTagThatNamesNoManifest) {
  set("signatures tag " + image().tag_prefix() + ".sig", content("garbage"));
  EXPECT_EQ(reason(discover().list.at(0)), "PayloadMalformed");
  set("signatures tag " + image().tag_prefix() + ".sig", Error{ErrorCode::Malformed, "other digest"});
  EXPECT_EQ(reason(discover().list.at(0)), "ContentOtherDigest");
  set("signatures tag " + image().tag_prefix() + ".sig", Error{ErrorCode::LimitExceeded, "above 4 MiB"});
  EXPECT_TRUE(discover().too_many);
}

TEST_F(Discovery, FindsNoCandidateInASigManifestWithoutLayers) {
  put_sig(manifest(json::array()));
  const auto found = discover();
  EXPECT_TRUE(found.list.empty() && !found.unknown && !found.too_many);
}

TEST_F(Discovery, CallsTheNetworksTroublesUnknownAndGoesOn) {
  for (const ErrorCode code : {ErrorCode::Unauthorized, ErrorCode::RateLimited, ErrorCode::Unavailable,
                               ErrorCode::DeadlineExceeded, ErrorCode::NotRecorded}) {
    const Error trouble{code, "trouble"};
    const std::string sig = "signatures tag " + image().tag_prefix() + ".sig";
    const std::string payload = "signatures blob " + sha256("payload").text();
    for (const std::string& where :
         {"app manifest " + image().text(), sig, payload, "signatures referrers " + image().text()}) {
      ScriptedSource fresh = source_;
      put_sig(manifest(json::array({descriptor("payload"), descriptor("other")})));
      put_blob("payload");
      put_blob("other");
      put_referrers({put_referrer("bundle", kBundleType)});
      set(where, trouble);
      const auto found = discover();
      EXPECT_EQ(found.unknown, trouble) << where;
      EXPECT_FALSE(found.list.empty()) << where;
      EXPECT_FALSE(found.image_absent || found.too_many);
      source_ = fresh;
    }
  }
}

TEST_F(Discovery, CallsAListThatIsTooLongTooMany) {
  put_referrers({}, true);
  EXPECT_TRUE(discover().too_many);
  set("signatures referrers " + image().text(), Error{ErrorCode::LimitExceeded, "too long"});
  const auto found = discover();
  EXPECT_TRUE(found.too_many);
  EXPECT_FALSE(found.unknown) << "whoever made the list long must not gain an unknown";
}

TEST_F(Discovery, LooksAt1000LayersAndNoMore) {
  put_blob("payload");
  json layers = json::array();
  for (std::size_t i = 0; i < limits::kSignatureLayers; ++i) layers.push_back(descriptor("payload"));
  put_sig(manifest(layers));
  auto found = discover();
  EXPECT_EQ(found.list.size(), limits::kSignatureLayers);
  EXPECT_FALSE(found.too_many);
  layers.push_back(descriptor("payload"));
  put_sig(manifest(layers));
  found = discover();
  EXPECT_EQ(found.list.size(), limits::kSignatureLayers);
  EXPECT_TRUE(found.too_many);
}

TEST_F(Discovery, AsksForAttestationsOnlyWhereTheyAreInReach) {
  put_blob("envelope");
  put_att(manifest(json::array({descriptor("envelope")})));
  EXPECT_TRUE(discover().list.empty());
  for (const std::string& asked : source_.asked) EXPECT_EQ(asked.find(".att"), std::string::npos);
  reach_ = Reach::SignaturesAndAttestations;
  const auto found = discover();
  ASSERT_EQ(found.list.size(), 1U);
  EXPECT_EQ(std::get<EnvelopeCandidate>(found.list[0]).json, "envelope");
}

TEST_F(Discovery, LooksAt1000LayersOfAttestationsAndNoMore) {
  reach_ = Reach::SignaturesAndAttestations;
  put_blob("envelope");
  json layers = json::array();
  for (std::size_t i = 0; i < limits::kSignatureLayers; ++i) layers.push_back(descriptor("envelope"));
  put_att(manifest(layers));
  auto found = discover();
  EXPECT_EQ(found.list.size(), limits::kSignatureLayers);
  EXPECT_FALSE(found.too_many);
  layers.push_back(descriptor("envelope"));
  put_att(manifest(layers));
  found = discover();
  EXPECT_EQ(found.list.size(), limits::kSignatureLayers);
  EXPECT_TRUE(found.too_many);
}

TEST_F(Discovery, NeverAsksForAnEnvelopeAboveItsBound) {
  reach_ = Reach::SignaturesAndAttestations;
  const std::string at_bound(limits::kAttestationEnvelope, 'x');
  put_blob(at_bound);
  put_att(manifest(json::array({descriptor(at_bound)})));
  EXPECT_EQ(reason(discover().list.at(0)), "readable");
  source_.asked.clear();
  put_att(manifest(json::array({descriptor(at_bound + 'x')})));
  EXPECT_EQ(reason(discover().list.at(0)), "TooLarge");
  EXPECT_EQ(source_.asked.size(), 4U);
}

TEST_F(Discovery, HoldsAFewReferrerManifestsAtATime) {
  std::vector<Descriptor> list;
  for (int i = 0; i < 100; ++i) list.push_back(put_referrer("bundle " + std::to_string(i), kBundleType));
  put_referrers(list);
  EXPECT_EQ(discover().list.size(), 100U);
  EXPECT_EQ(source_.most_manifests, limits::kReferrersAtOnce);
}

TEST_F(Discovery, NeverAsksForABlobAboveItsBound) {
  const std::string at_bound(limits::kSimpleSigningPayload, 'x');
  put_blob(at_bound);
  put_sig(manifest(json::array({descriptor(at_bound)})));
  EXPECT_EQ(reason(discover().list.at(0)), "readable");
  source_.asked.clear();
  put_sig(manifest(json::array({descriptor(at_bound + 'x')})));
  EXPECT_EQ(reason(discover().list.at(0)), "TooLarge");
  EXPECT_EQ(source_.asked.size(), 3U);
}

TEST_F(Discovery, NeverAsksForABundleAboveItsBound) {
  const auto document = [](std::size_t size) {
    json layer = descriptor("bundle", kBundleType);
    layer["size"] = size;
    return manifest(json::array({layer})).dump();
  };
  put_referrers({put_manifest(document(limits::kBundle + 1))});
  EXPECT_EQ(reason(discover().list.at(0)), "TooLarge");
  EXPECT_EQ(source_.rounds, 2U);
  put_referrers({put_manifest(document(limits::kBundle))});
  EXPECT_EQ(reason(discover().list.at(0)), "ContentAbsent");
}

TEST_F(Discovery, RefusesBytesThatAreMoreOrFewerThanTheirDescriptorSays) {
  put_blob("payload");
  for (const int size : {6, 8}) {
    json layer = descriptor("payload");
    layer["size"] = size;
    put_sig(manifest(json::array({layer})));
    EXPECT_EQ(reason(discover().list.at(0)), size == 6 ? "TooLarge" : "ContentOtherDigest");
  }
}

TEST_F(Discovery, LeavesWhatIsAboveTheByteBudget) {
  json layer = descriptor("payload");
  layer["size"] = limits::kSimpleSigningPayload;
  json layers = json::array();
  for (std::size_t i = 0; i < limits::kCandidateBytes / limits::kSimpleSigningPayload; ++i)
    layers.push_back(layer);
  put_sig(manifest(layers));
  EXPECT_FALSE(discover().too_many);
  layers.push_back(layer);
  put_sig(manifest(layers));
  const auto found = discover();
  EXPECT_TRUE(found.too_many);
  EXPECT_EQ(found.list.size(), layers.size() - 1);
}

TEST_F(Discovery, FetchesBundlesThatCallThemselvesAttestationsLastAndWithinTheBudget) {
  const auto document = [](const char* predicate, char tag) {
    json layer = descriptor(std::string(1, tag), kBundleType);
    layer["size"] = limits::kBundle;
    json one = manifest(json::array({layer}));
    one["annotations"] = {{"dev.sigstore.bundle.predicateType", predicate}};
    return one.dump();
  };
  std::vector<Descriptor> list;
  for (const char tag : {'a', 'b', 'c', 'd', 'e'})
    list.push_back(put_manifest(document("https://spdx.dev/Document", tag)));
  list.push_back(put_referrer("signature", kBundleType));
  put_referrers(list);
  const auto found = discover();
  ASSERT_EQ(found.list.size(), 4U) << "the signature, and the three that the budget still holds";
  EXPECT_EQ(std::get<BundleCandidate>(found.list[0]).json, "signature");
  EXPECT_FALSE(found.too_many);
}

TEST_F(Discovery, AnswersAlsoWhenSomethingUnforeseenIsThrown) {
  class Absurd final : public ContentSource {
    void fetch(std::vector<ContentRequest> requests, Deadline, Done done) override {
      done(std::vector<ContentAnswer>(requests.size(), std::variant<Content, Referrers>(Referrers{})));
    }
  } absurd;
  std::optional<Candidates> found;
  discover_signatures(absurd, kImages, kSignatures, image(), Reach::Signatures, Deadline::never(),
                      [&](Candidates candidates) { found = std::move(candidates); });
  ASSERT_TRUE(found && found->unknown);
  EXPECT_EQ(found->unknown->code, ErrorCode::Internal);
}

}  // namespace
}  // namespace tegata::testing
