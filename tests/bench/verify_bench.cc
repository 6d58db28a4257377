// SPDX-License-Identifier: Apache-2.0
// Recorded signatures, verified from bytes in memory, beside the bare operations of the same kinds of keys.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <variant>
#include <vector>

#include "policy/model/deadline.h"
#include "testdata_folder.h"
#include "tests/bench/bare_signature.h"
#include "tests/support/recorded_signing.h"
#include "verifier/oci/recorded_layout.h"
#include "verifier/sigstore/discover/discover.h"
#include "verifier/sigstore/signature_verifier.h"

namespace {

using namespace tegata;
using namespace tegata::verifier;
using bench::BareSignature;
namespace fs = std::filesystem;

const fs::path kFixtures = fs::path(TEGATA_TESTDATA) / "sigstore";

/// A recorded image with what stands beside it, and the authority that it is held against.
struct Subject {
  Digest image;
  Candidates candidates;
  std::shared_ptr<const TrustSettings> trust;
  std::shared_ptr<const TrustMaterial> material;
};

Authority keyed(TrustMaterial& material, const std::string& key) {
  const auto id = material.key((kFixtures / "keys" / (key + ".pub")).string());
  if (!id.ok()) throw std::runtime_error(id.error().message);
  return key_authority(*id, key + ".pub");
}

/// The identity of the recordings, with log and SCT.
Authority keyless(TrustMaterial& material) {
  const auto root = material.root({(kFixtures / "mock/trusted_root.json").string(), {}, {}, {}, {}});
  if (!root.ok()) throw std::runtime_error(root.error().message);
  const auto mismatch =
      +[](const std::monostate&, const CertificateIdentity& identity) -> std::optional<std::string> {
    if (identity.subject == "https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main" &&
        identity.issuer == "https://token.actions.githubusercontent.com")
      return std::nullopt;
    return "somebody else";
  };
  return {AuthorityId(std::string("keyless")), "keyless",
          CertificateSigner{{std::monostate{}, mismatch}, std::nullopt},
          ProofSettings{*root, Demand::Required, Demand::NotRequired, Demand::Required}};
}

/// An empty `key`: keyless.
Subject subject_of(const std::string& recording, const std::string& key) {
  auto layout = RecordedLayout::open(kFixtures / "cases" / recording);
  auto material = std::make_shared<TrustMaterial>();
  if (!layout.ok()) throw std::runtime_error(recording + ": cannot be read");
  const auto authority = key.empty() ? keyless(*material) : keyed(*material, key);
  const auto image = layout->tags().at("v1");
  Candidates found;
  discover_signatures(*layout, layout->repository(), layout->repository(), image, Reach::Signatures,
                      Deadline::never(), [&](Candidates candidates) { found = std::move(candidates); });
  return {image, std::move(found), TrustSettings::of({authority}), std::move(material)};
}

std::size_t signed_bytes(const Candidates& candidates) {
  std::size_t bytes = 0;
  for (const auto& candidate : candidates.list) {
    if (const auto* simple = std::get_if<SimpleSigningCandidate>(&candidate)) bytes += simple->payload.size();
    if (const auto* bundle = std::get_if<BundleCandidate>(&candidate)) bytes += bundle->json.size();
  }
  return bytes;
}

void verify_recorded(benchmark::State& state, const std::shared_ptr<const Subject>& subject) {
  const SignatureVerifier verifier(subject->material);
  for (auto _ : state) {
    const auto facts = verifier.verify_all(subject->image, subject->candidates, *subject->trust, Time{});
    if (facts.authorities.at(0).verified.empty()) return state.SkipWithError("not verified");
    benchmark::DoNotOptimize(facts.candidates);
  }
  state.counters["candidates"] = static_cast<double>(subject->candidates.list.size());
  state.counters["bytes"] = static_cast<double>(signed_bytes(subject->candidates));
}

using BareOperation = std::function<bool()>;

BareOperation verifying(BareSignature::Kind kind, std::size_t bytes) {
  return [bare = std::make_shared<const BareSignature>(kind, bytes)] { return bare->verify(); };
}

BareOperation decoding_the_leaf_of(const std::string& recording) {
  return [der = testing::recorded_signing(recording).certificate_der] {
    return bench::decodes_certificate(der);
  };
}

void run_bare(benchmark::State& state, const std::vector<BareOperation>& operations) {
  for (auto _ : state)
    for (const auto& operation : operations)
      if (!operation()) return state.SkipWithError("refused");
}

/// What is measured, and beside what: the runner finds the pair by the name. `kinds`: every signature
/// that has to be checked for one candidate. Without a key, there is a leaf to decode besides.
void add(const std::string& name, const std::string& recording, const std::string& key,
         const std::vector<BareSignature::Kind>& kinds) {
  const auto subject = std::make_shared<const Subject>(subject_of(recording, key));
  const auto bytes =
      signed_bytes(subject->candidates) / std::max<std::size_t>(1, subject->candidates.list.size());
  std::vector<BareOperation> bare;
  for (const auto kind : kinds) bare.push_back(verifying(kind, bytes));
  if (key.empty()) bare.push_back(decoding_the_leaf_of(recording));
  benchmark::RegisterBenchmark(("tegata/" + name).c_str(), verify_recorded, subject);
  benchmark::RegisterBenchmark(("bare/" + name).c_str(), run_bare, bare);
}

void add_bare(const std::string& name, BareOperation operation) {
  benchmark::RegisterBenchmark(("library/" + name).c_str(), run_bare, std::vector{std::move(operation)});
}

}  // namespace

int main(int argc, char** argv) {
  using enum BareSignature::Kind;
  add(".sig, ECDSA P-256", "legacy-key-p256", "p256", {EcdsaP256});
  add("bundle, ECDSA P-256", "bundle-key-p256", "p256", {EcdsaP256});
  add("20 bundles, ECDSA P-256", "bundle-20-signatures-refapi", "p256", {EcdsaP256});
  add("bundle with log entry, RSA 2048", "bundle-key-rsa2048-rekor1", "rsa2048", {Rsa2048});
  add(".sig, RSA 4096", "legacy-key-rsa4096", "rsa4096", {Rsa4096});
  add(".sig, Ed25519", "legacy-key-ed25519", "ed25519", {Ed25519Sodium});
  add("bundle, Ed25519ph", "bundle-key-ed25519", "ed25519", {Ed25519Sodium});
  // The signature; leaf by intermediate and intermediate by root, which are P-384 here; the SCT; then the
  // SET (and the checkpoint, in a bundle), or Rekor v2's checkpoint and a timestamp with its own chain.
  add(".sig, keyless, Rekor v1", "legacy-keyless-gh", "",
      {EcdsaP256, EcdsaP384, EcdsaP384, EcdsaP256, EcdsaP256});
  add("bundle, keyless, Rekor v1", "bundle-keyless-gh-rekor1", "",
      {EcdsaP256, EcdsaP384, EcdsaP384, EcdsaP256, EcdsaP256, EcdsaP256});
  add("bundle, keyless, Rekor v2 and timestamp", "bundle-keyless-gh-rekor2-refapi", "",
      {EcdsaP256, EcdsaP384, EcdsaP384, EcdsaP256, Ed25519Sodium, EcdsaP256, EcdsaP384, EcdsaP384});
  constexpr std::size_t kMessage = 256;
  add_bare("ECDSA P-256 by OpenSSL", verifying(EcdsaP256, kMessage));
  add_bare("ECDSA P-384 by OpenSSL", verifying(EcdsaP384, kMessage));
  add_bare("Ed25519 by OpenSSL", verifying(Ed25519, kMessage));
  add_bare("Ed25519 by libsodium", verifying(Ed25519Sodium, kMessage));
  add_bare("decoding a leaf by OpenSSL", decoding_the_leaf_of("legacy-keyless-gh"));
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
