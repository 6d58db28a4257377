// SPDX-License-Identifier: Apache-2.0
#include "policy/model/limits.h"
#include "tests/unit/sigstore/discovery.h"

namespace tegata::testing {
namespace {

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

// What cosign 2 writes with --registry-referrers-mode oci-1-1, and what tools with an artifactType write.
TEST_F(Discovery, FindsLayersOfSignaturesInReferrers) {
  json layer = descriptor("payload", "application/vnd.dev.cosign.simplesigning.v1+json");
  layer["annotations"] = {{"dev.cosignproject.cosign/signature", "eA=="}};
  json configured = manifest(json::array({layer, descriptor("second", "application/whatever")}));
  configured["config"]["mediaType"] = kSignatureType;
  json typed = manifest(json::array({descriptor("third")}));
  typed["artifactType"] = kSignatureType;
  for (const char* blob : {"payload", "second", "third"}) put_blob(blob);
  put_referrers(
      {put_manifest(configured.dump()), put_referrer("bundle", kBundleType), put_manifest(typed.dump())});
  const auto found = discover();
  ASSERT_EQ(found.list.size(), 4U);
  EXPECT_EQ(std::get<SimpleSigningCandidate>(found.list[0]).payload, "payload");
  EXPECT_EQ(std::get<SimpleSigningCandidate>(found.list[0]).layer, sha256("payload"));
  EXPECT_EQ(std::get<SimpleSigningCandidate>(found.list[0]).annotations.size(), 1U);
  EXPECT_EQ(std::get<SimpleSigningCandidate>(found.list[1]).payload, "second");
  EXPECT_EQ(std::get<SimpleSigningCandidate>(found.list[2]).payload, "third");
  EXPECT_EQ(std::get<BundleCandidate>(found.list[3]).json, "bundle");
  EXPECT_EQ(source_.rounds, 3U);
}

TEST_F(Discovery, RejectsALayerOfASignatureReferrerThatIsAbsentAsASignature) {
  json document = manifest(json::array({descriptor("payload")}));
  document["artifactType"] = kSignatureType;
  put_referrers({put_manifest(document.dump())});
  const auto found = discover();
  ASSERT_EQ(found.list.size(), 1U);
  EXPECT_EQ(reason(found.list[0]), "ContentAbsent");
  EXPECT_EQ(std::get<UnreadableCandidate>(found.list[0]).of, UnreadableCandidate::Of::Signatures);
}

TEST_F(Discovery, LooksAt1000LayersOfTagAndReferrersTogether) {
  put_blob("payload");
  put_sig(manifest(json::array({descriptor("payload")})));
  json layers = json::array();
  const auto put = [&] {
    json document = manifest(layers);
    document["artifactType"] = kSignatureType;
    put_referrers({put_manifest(document.dump())});
  };
  for (std::size_t i = 1; i < limits::kSignatureLayers; ++i) layers.push_back(descriptor("payload"));
  put();
  auto found = discover();
  EXPECT_EQ(found.list.size(), limits::kSignatureLayers);
  EXPECT_FALSE(found.too_many);
  layers.push_back(descriptor("payload"));
  put();
  found = discover();
  EXPECT_EQ(found.list.size(), limits::kSignatureLayers);
  EXPECT_TRUE(found.too_many);
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
  set("signatures tag " + image().tag_prefix() + ".sig", Error{ErrorCode::LimitExceeded, "above 4 MiB"});
  EXPECT_TRUE(discover().too_many);
}

TEST_F(Discovery, CallsAnOddAnswerUnknownAndCondemnsNothing) {
  const std::string sig = "signatures tag " + image().tag_prefix() + ".sig";
  for (const ErrorCode code : {ErrorCode::Malformed, ErrorCode::UnexpectedAnswer}) {
    set(sig, Error{code, "a login page"});
    const auto found = discover();
    EXPECT_TRUE(found.list.empty());
    EXPECT_EQ(found.unknown, (Error{code, "a login page"}));
  }
  const Error odd{ErrorCode::UnexpectedAnswer, "a login page"};
  put_sig(manifest(json::array({descriptor("payload")})));
  set("signatures blob " + sha256("payload").text(), odd);
  const Descriptor referrer = put_referrer("bundle", kBundleType);
  put_referrers({referrer});
  set("signatures blob " + sha256("bundle").text(), odd);
  auto found = discover();
  EXPECT_TRUE(found.list.empty());
  EXPECT_EQ(found.unknown, odd);
  set("signatures manifest " + referrer.digest.text(), odd);
  found = discover();
  EXPECT_TRUE(found.list.empty());
  EXPECT_EQ(found.unknown, odd);
}

TEST_F(Discovery, FindsNoCandidateInASigManifestWithoutLayers) {
  put_sig(manifest(json::array()));
  const auto found = discover();
  EXPECT_TRUE(found.list.empty() && !found.unknown && !found.too_many);
}

TEST_F(Discovery, CallsTheNetworksTroublesUnknownAndGoesOn) {
  for (const ErrorCode code :
       {ErrorCode::Unauthorized, ErrorCode::RateLimited, ErrorCode::Unavailable, ErrorCode::DeadlineExceeded,
        ErrorCode::CutShort, ErrorCode::OwnRate, ErrorCode::AddressRefused, ErrorCode::NotRecorded}) {
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

/// Who pushes may add a candidate that answers 503, in any place: it must not hide what may not be softened.
TEST_F(Discovery, KeepsTheErrorThatMayNotBeSoftenedWhereverItMeetsAnother) {
  const std::vector<std::string> places{
      "app manifest " + image().text(), "signatures tag " + image().tag_prefix() + ".sig",
      "signatures referrers " + image().text(), "signatures blob " + sha256("payload").text(),
      "signatures blob " + sha256("other").text()};
  for (const auto& mild : places)
    for (const auto& strict : places) {
      if (mild == strict || (strict.find("blob") != std::string::npos && mild == places[1])) continue;
      if (mild.find("blob") != std::string::npos && strict == places[1]) continue;  // the tag names the blobs
      put_sig(manifest(json::array({descriptor("payload"), descriptor("other")})));
      put_blob("payload");
      put_blob("other");
      put_referrers({});
      ScriptedSource fresh = source_;
      set(mild, Error{ErrorCode::Unavailable, "503"});
      set(strict, Error{ErrorCode::CutShort, "queued"});
      EXPECT_EQ(discover().unknown->code, ErrorCode::CutShort) << mild << ", " << strict;
      source_ = fresh;
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

TEST_F(Discovery, SendsAsManyRequestsAsTheBoundAllowsAndNoMore) {
  json layers = json::array();
  for (std::size_t i = 0; i < limits::kSignatureLayers; ++i) {
    const auto text = "payload " + std::to_string(i);
    put_blob(text);
    layers.push_back(descriptor(text));
  }
  put_sig(manifest(layers));
  // What the bound leaves, besides the pages of the list and the requests of the first round.
  const auto left = limits::kFetchRequests - limits::kReferrersPages - 4 - limits::kSignatureLayers;
  std::vector<Descriptor> list;
  for (std::size_t i = 0; i < left; ++i)
    list.push_back(put_manifest(manifest(json::array()).dump() + std::string(i, ' ')));
  put_referrers(list);
  EXPECT_FALSE(discover().too_many);
  list.push_back(put_referrer("bundle", kBundleType));
  put_referrers(list);
  source_.asked.clear();
  const auto found = discover();
  EXPECT_TRUE(found.too_many);
  EXPECT_FALSE(found.unknown);
  EXPECT_EQ(found.list.size(), limits::kSignatureLayers);
  EXPECT_LE(source_.asked.size(), limits::kFetchRequests - limits::kReferrersPages);
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
    void fetch(std::vector<ContentRequest> requests, Terms, Done done) override {
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
