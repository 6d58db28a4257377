// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "scripted_source.h"
#include "verifier/crypto/hash.h"

namespace tegata::verifier {

/// Puts images with labels into a ScriptedSource: each function answers the digest of what it put there.
class LabelledImages {
 public:
  using json = nlohmann::json;

  LabelledImages(ScriptedSource& source, Repository repository)
      : source_(source), repository_(std::move(repository)) {}

  [[nodiscard]] const Repository& repository() const { return repository_; }

  Digest manifest(const std::string& bytes) {
    const auto digest = sha256(bytes);
    source_.answer(ManifestRequest{repository_, digest}, {Content{digest, "", bytes}});
    return digest;
  }
  Digest blob(const std::string& bytes) {
    const auto digest = sha256(bytes);
    source_.answer(BlobRequest{repository_, digest, 0}, {Content{digest, "", bytes}});
    return digest;
  }
  Digest image_of(const std::string& config, const json& annotations = json::object()) {
    return manifest(json{
        {"schemaVersion", 2},
        {"config", descriptor(blob(config), config.size())},
        {"layers", json::array()},
        {"annotations",
         annotations}}.dump());
  }
  Digest image(const json& labels, const json& annotations = json::object()) {
    return image_of(config(labels), annotations);
  }
  Digest index(const std::vector<json>& entries, const json& annotations = json::object()) {
    return manifest(json{{"schemaVersion", 2}, {"manifests", entries}, {"annotations", annotations}}.dump());
  }
  void tag(const std::string& name, const Digest& digest) {
    const auto asked = answer_to(ManifestRequest{repository_, digest});
    source_.answer(TagRequest{repository_, name}, {asked});
  }

  static std::string config(const json& labels) {
    return json{{"architecture", "amd64"}, {"os", "linux"}, {"config", {{"Labels", labels}}}}.dump();
  }
  static json descriptor(const Digest& digest, std::size_t size = 2) {
    return {{"mediaType", "a/b"}, {"digest", digest.text()}, {"size", size}};
  }
  static json entry(const Digest& digest, const std::string& os = "linux",
                    const std::string& architecture = "amd64") {
    auto form = descriptor(digest);
    form["platform"] = {{"os", os}, {"architecture", architecture}};
    return form;
  }

 private:
  Content answer_to(const ContentRequest& request) {
    auto answers = fetch_and_wait(source_, {request}, Deadline::never());
    return std::get<Content>(*answers.at(0));
  }

  ScriptedSource& source_;
  const Repository repository_;
};

}  // namespace tegata::verifier
