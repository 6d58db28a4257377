// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/examples/example.h"
#include "testdata_folder.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "policy/document/load.h"
#include "policy/engine/engine.h"
#include "verifier/crypto/hash.h"

namespace tegata::testing {
namespace {

using namespace verifier;

Digest image() { return sha256("the image"); }

DeploymentRequest request() {
  const auto written = "registry.example.com/shop/web@" + image().text();
  DeploymentRequest request;
  request.ns = "prod-shop";
  request.operation = "CREATE";
  request.kind = "v1 Pod";
  request.name = "web";
  request.images = {{"spec.containers[0].image", "web", ContainerKind::Container, written,
                     ImageReference::parse(written), /*unchanged=*/false}};
  return request;
}

/// The program's `--trusted-root` is the Sigstore in memory.
struct InMemory final : TrustResolver {
  InMemory(TrustMaterial& material, TrustedRootId root) : files(material), id(std::move(root)) {}
  Result<KeyId> key(const std::string& path) override { return files.key(path); }
  Result<CertificateId> certificate(const std::string& path) override { return files.certificate(path); }
  Result<TrustedRootId> root(const TrustedRootFiles& paths) override { return files.root(paths); }
  Result<TrustedRootId> default_root() override { return id; }
  Result<std::shared_ptr<const DigestList>> digest_list(const std::string& path) override {
    return files.digest_list(path);
  }
  TrustMaterial& files;
  TrustedRootId id;
};

std::string text_of(const std::string& file) {
  std::ifstream stream(std::string(TEGATA_SOURCE_DIR) + "/examples/" + file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace

Example::Example(const std::string& file) {
  auto root = parse_trusted_root(world_.trusted_root_json());
  if (!root.ok()) throw std::runtime_error(root.error().message);
  InMemory trust(*material_, material_->add(*std::move(root)));
  auto loaded = policy::load({{file, "examples", text_of(file)}}, trust);
  for (const auto& error : loaded.errors) throw std::runtime_error(error.text());
  policies_ = *std::move(loaded.policies);
}

Candidate Example::attest_for(const Digest& digest, const SigningRequest& by, const std::string& type,
                              const std::string& predicate) {
  const auto json = world_.sign(digest, by).attestation(type, predicate).bundle_json();
  return BundleCandidate{sha256(json), json};
}

Candidate Example::attest(const SigningRequest& by, const std::string& type, const std::string& predicate) {
  return attest_for(image(), by, type, predicate);
}

Candidate Example::attest_other(const SigningRequest& by, const std::string& type,
                                const std::string& predicate) {
  return attest_for(sha256("another image"), by, type, predicate);
}

std::string Example::told(const std::vector<Candidate>& beside, Time verified, Time judged) const {
  const auto asked = policy::plan(policies_, request(), verified);
  GatheredFacts facts;
  for (const auto& questions : asked.images) {
    ImageFacts found{questions.image.canonical()};
    for (const auto& question : questions.questions.of<SignatureKind>()) {
      Candidates candidates;
      candidates.list = beside;
      found.facts.add<SignatureKind>(
          question,
          Known<std::shared_ptr<const SignatureFacts>>{std::make_shared<const SignatureFacts>(
              SignatureVerifier(material_).verify_all(image(), candidates, *question.united(), verified))});
    }
    facts.images.push_back(std::move(found));
  }
  policy::JudgeOptions options;
  options.now = judged;
  const auto verdict = policy::judge(policies_, request(), facts, options);
  if (verdict.decision == Decision::Allow) return "allow";
  std::string text;
  for (const auto& finding : verdict.findings)
    text += *finding.rule + ": " + std::string(name_of(finding.reason)) + ": " + finding.found + "\n";
  return text;
}

std::string Example::doubts() const {
  std::string text;
  for (const auto& doubt : policy::lint(policies_, kSigningTime)) text += doubt.text() + "\n";
  return text;
}

}  // namespace tegata::testing
