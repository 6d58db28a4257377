// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/facts/find_labels.h"

#include <algorithm>
#include <exception>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "policy/model/limits.h"
#include "verifier/evidence/facts/read_image_config.h"
#include "verifier/oci/manifest.h"

namespace tegata::verifier {
using Texts = ImageLabels::Texts;

Result<Texts> bounded(const Annotations& annotations) {
  Texts texts;
  for (const auto& [name, value] : annotations) TEGATA_CHECK(keep_text(texts, name, value));
  return texts;
}

Texts shared_by_all(const std::vector<Texts>& all) {
  if (all.empty()) return {};
  Texts shared = all.front();
  for (const auto& texts : all)
    std::erase_if(shared, [&](const auto& text) {
      const auto found = texts.find(text.first);
      return found == texts.end() || found->second != text.second;
    });
  return shared;
}

namespace {

/// The error for content that an image refers to: if it is absent, the image itself is not absent.
Error error_of(const Error& error, std::string_view what, const Digest& digest) {
  const auto code = error.code == ErrorCode::NotFound ? ErrorCode::Malformed : error.code;
  return Error{code, error.message}.in(std::string(what) + " " + digest.text());
}

void add_distinct(std::vector<Digest>& digests, const Digest& digest) {
  if (std::find(digests.begin(), digests.end(), digest) == digests.end()) digests.push_back(digest);
}

// One search, from the first request to the call of `done`. Owned by the callback of the pending request.
class LabelSearch : public std::enable_shared_from_this<LabelSearch> {
 public:
  LabelSearch(ContentSource& source, Repository repository, Digest digest, Terms terms,
              std::function<void(Fact<ImageLabels>)> done)
      : source_(source),
        repository_(std::move(repository)),
        digest_(digest),
        terms_(std::move(terms)),
        done_(std::move(done)) {
    found_.configs.emplace();
  }

  void start() { fetch({ManifestRequest{repository_, digest_}}, &LabelSearch::on_manifest); }

 private:
  using Answers = std::span<const ContentAnswer>;
  using Step = Status (LabelSearch::*)(Answers);

  void fetch(std::vector<ContentRequest> requests, Step next) {
    source_.fetch(std::move(requests), terms_,
                  [self = shared_from_this(), next](const std::vector<ContentAnswer>& answers) {
                    self->take(next, answers);
                  });
  }

  // An exception must not reach the thread of the source, and `done` must still be called.
  void take(Step next, Answers answers) {
    try {
      if (const auto status = (this->*next)(answers); !status.ok()) finish(Unknown{status.error()});
    } catch (const std::exception& failure) {
      if (!done_) throw;
      finish(Unknown{{ErrorCode::Internal, failure.what()}});
    }
  }

  Status on_manifest(Answers answers) {
    if (!answers[0].ok()) {
      if (answers[0].error().code != ErrorCode::NotFound) return answers[0].error();
      finish(Absent{});
      return tegata::done();
    }
    TEGATA_TRY(auto document, parse_manifest(std::get<Content>(*answers[0]).bytes));
    if (const auto* image = std::get_if<Manifest>(&document)) {
      TEGATA_CHECK(add_image(*image));
      return fetch_configs();
    }
    return fetch_images(std::get<Index>(document));
  }

  Status fetch_images(const Index& index) {
    TEGATA_TRY(found_.annotations, bounded(index.annotations));
    for (const auto& entry : index.manifests)
      if (may_run(entry)) add_distinct(images_, entry.digest);
    if (images_.size() > limits::kLabelledImages)
      return Error{ErrorCode::LimitExceeded,
                   "an index of more than " + std::to_string(limits::kLabelledImages) + " images"};
    if (images_.empty()) return conclude();
    std::vector<ContentRequest> requests;
    for (const auto& image : images_) requests.push_back(ManifestRequest{repository_, image});
    fetch(std::move(requests), &LabelSearch::on_images);
    return tegata::done();
  }

  /// The error of these answers; done() if there is none.
  static Status first_error(Answers answers, std::string_view what, const std::vector<Digest>& digests) {
    std::optional<Error> failed;
    for (std::size_t i = 0; i < digests.size(); ++i)
      if (!answers[i].ok()) note_error(failed, error_of(answers[i].error(), what, digests[i]));
    if (failed) return *std::move(failed);
    return tegata::done();
  }

  Status on_images(Answers answers) {
    TEGATA_CHECK(first_error(answers, "an image of the index,", images_));
    for (std::size_t i = 0; i < images_.size(); ++i) {
      TEGATA_TRY(const auto document, parse_manifest(std::get<Content>(*answers[i]).bytes));
      const auto* image = std::get_if<Manifest>(&document);
      if (image == nullptr) return Error::malformed("an index within an index is not read");
      TEGATA_CHECK(add_image(*image));
    }
    return fetch_configs();
  }

  Status add_image(const Manifest& image) {
    if (image.config.size > limits::kImageConfig) return too_large();
    TEGATA_TRY(auto texts, bounded(image.annotations));
    annotations_.push_back(std::move(texts));
    add_distinct(configs_, image.config.digest);
    return tegata::done();
  }

  static Error too_large() {
    return {ErrorCode::LimitExceeded,
            "an image's config of more than " + std::to_string(limits::kImageConfig) + " bytes"};
  }

  Status fetch_configs() {
    std::vector<ContentRequest> requests;
    for (const auto& config : configs_)
      requests.push_back(BlobRequest{repository_, config, limits::kImageConfig});
    fetch(std::move(requests), &LabelSearch::on_configs);
    return tegata::done();
  }

  Status on_configs(Answers answers) {
    TEGATA_CHECK(first_error(answers, "the image's config", configs_));
    for (std::size_t i = 0; i < configs_.size(); ++i) {
      const auto& bytes = std::get<Content>(*answers[i]).bytes;
      // A source that answers from a store does not apply the size limit.
      if (bytes.size() > limits::kImageConfig) return too_large();
      auto read = read_image_config(bytes);
      if (!read.ok()) return error_of(read.error(), "the image's config", configs_[i]);
      labels_.push_back(std::move(read->labels));
      found_.configs->push_back(std::move(read->config));
    }
    return conclude();
  }

  Status conclude() {
    found_.annotations.merge(shared_by_all(annotations_));
    found_.labels = shared_by_all(labels_);
    finish(Known<ImageLabels>{std::move(found_)});
    return tegata::done();
  }

  void finish(Fact<ImageLabels> fact) {
    const auto done = std::exchange(done_, nullptr);
    done(std::move(fact));
  }

  ContentSource& source_;
  const Repository repository_;
  const Digest digest_;
  const Terms terms_;
  std::function<void(Fact<ImageLabels>)> done_;

  ImageLabels found_;
  std::vector<Digest> images_;      // of the index, each once
  std::vector<Texts> annotations_;  // of each manifest
  std::vector<Digest> configs_;     // each once
  std::vector<Texts> labels_;       // of each config
};

}  // namespace

void find_labels(ContentSource& source, const Repository& repository, const Digest& digest, Terms terms,
                 std::function<void(Fact<ImageLabels>)> done) {
  std::make_shared<LabelSearch>(source, repository, digest, std::move(terms), std::move(done))->start();
}

}  // namespace tegata::verifier
