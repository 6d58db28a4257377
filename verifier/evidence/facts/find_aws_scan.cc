// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/facts/find_aws_scan.h"

#include <algorithm>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "policy/model/limits.h"
#include "verifier/aws/ecr_login.h"
#include "verifier/json/json_text.h"
#include "verifier/oci/manifest.h"
#include "verifier/scan/aws_scans.h"

namespace tegata::verifier {
namespace {

AwsCall describe_scan(const EcrRegistry& registry, const ScannedImage& image, const std::string& token) {
  const JsonText id({{"imageDigest", image.digest.text()}});
  return {AwsService::Ecr, "DescribeImageScanFindings",
          JsonText({{"imageId", id},
                    {"maxResults", limits::kScanPageSize},
                    {"nextToken", token.empty() ? JsonText::absent() : JsonText(token)},
                    {"registryId", registry.account},
                    {"repositoryName", image.repository}})
              .text(),
          registry.region, registry.account};
}

ScanReport report_without_scan(ScanSource source, Reason reason, std::string why) {
  ScanReport report;
  report.source = source;
  report.gap = {reason, std::move(why)};
  return report;
}

/// What an error of the service says of the image; none where it says nothing of it.
std::optional<ScanPage> page_of_error(const std::string& code) {
  if (code.empty()) return std::nullopt;
  auto page = read_ecr_scan(JsonText({{"__type", code}}).text());
  if (!page.report.gap || finding_kind_of(page.report.gap->reason) != FindingKind::Missing)
    return std::nullopt;
  return page;
}

/// The images that can run, each once.
Result<std::vector<Digest>> images_in(const Digest& digest, std::string_view manifest) {
  TEGATA_TRY(const auto document, parse_manifest(manifest));
  const auto* index = std::get_if<Index>(&document);
  std::vector<Digest> images;
  if (index == nullptr) return std::vector<Digest>{digest};
  for (const auto& entry : index->manifests) {
    if (!may_run(entry)) continue;
    if (is_index(entry)) return Error::malformed("an index within an index is not read");
    if (std::find(images.begin(), images.end(), entry.digest) != images.end()) continue;
    if (images.size() == limits::kScannedImages)
      return Error{ErrorCode::LimitExceeded,
                   "an index of more than " + std::to_string(limits::kScannedImages) + " images"};
    images.push_back(entry.digest);
  }
  return images;
}

// One search, from the first request to the call of `done`. Owned by the callback of the pending request;
// there is one at a time, so that a large index does not use up the rate of the service.
class AwsScanSearch : public std::enable_shared_from_this<AwsScanSearch> {
 public:
  using Done = std::function<void(FactOf<ScanKind>)>;

  AwsScanSearch(ScanSource source, ScanPlaces places, Repository repository, Digest digest, Terms terms,
                Done done)
      : source_(source),
        places_(places),
        repository_(std::move(repository)),
        digest_(digest),
        terms_(std::move(terms)),
        done_(std::move(done)) {}

  void start() {
    auto registry = ecr_registry_of(repository_.registry);
    if (!registry)
      return finish(report_without_scan(source_, Reason::ScanMissing,
                                        "the image is not in a private registry of Amazon ECR, so " +
                                            std::string(name_of(source_)) + " has no scan of it: it is in " +
                                            repository_.registry));
    registry_ = *std::move(registry);
    places_.registry.fetch({ManifestRequest{repository_, digest_}}, terms_,
                           [self = shared_from_this()](const std::vector<ContentAnswer>& answers) {
                             self->guarded([&] { return self->on_manifest(answers.at(0)); });
                           });
  }

 private:
  // An exception must not reach the thread of a source, and `done` must still be called.
  template <typename Step>
  void guarded(Step step) {
    try {
      if (const Status status = step(); !status.ok()) finish(Unknown{status.error()});
    } catch (const std::exception& failure) {
      if (!done_) throw;
      finish(Unknown{{ErrorCode::Internal, failure.what()}});
    }
  }

  Status on_manifest(const ContentAnswer& answer) {
    if (!answer.ok()) {
      if (answer.error().code != ErrorCode::NotFound) return answer.error();
      finish(Absent{});
      return done();
    }
    TEGATA_TRY(images_, images_in(digest_, std::get<Content>(*answer).bytes));
    if (images_.empty()) {
      finish(report_without_scan(source_, Reason::ScanMissing, "an index without an image that can run"));
      return done();
    }
    ask({});
    return done();
  }

  [[nodiscard]] ScannedImage image() const {
    return {registry_.account, repository_.path, images_[reports_.size()]};
  }

  void ask(const std::string& token) {
    places_.aws.call(describe_scan(registry_, image(), token), terms_,
                     [self = shared_from_this()](AwsOutcome outcome) {
                       self->guarded([&] { return self->on_answer(std::move(outcome)); });
                     });
  }

  Status on_answer(AwsOutcome outcome) {
    if (auto* failure = std::get_if<AwsFailure>(&outcome)) {
      auto page = page_of_error(failure->code);
      if (!page) return error_of_login(std::move(failure->error));
      pages_.push_back(*std::move(page));
    } else {
      pages_.push_back(read_ecr_scan(std::get<std::string>(outcome), image()));
    }
    found_ += pages_.back().report.findings.size();
    const auto& last = pages_.back();
    // With more findings than a report may have, or pages that do not end, united_pages() says so.
    if (!last.report.gap && !last.next.empty() && pages_.size() < limits::kScanPages &&
        found_ <= limits::kScanFindings) {
      ask(std::string(last.next));
      return done();
    }
    return on_image(united_pages(std::exchange(pages_, {})));
  }

  Status on_image(ScanReport report) {
    const bool ends = report.gap.has_value();
    reports_.push_back(std::move(report));
    if (ends || reports_.size() == images_.size())
      finish(united_images(std::move(reports_)));
    else
      ask({});
    return done();
  }

  static Status done() { return tegata::done(); }

  void finish(ScanReport report) {
    finish(Known<std::shared_ptr<const ScanReport>>{std::make_shared<const ScanReport>(std::move(report))});
  }
  void finish(FactOf<ScanKind> fact) {
    const auto done = std::exchange(done_, nullptr);
    done(std::move(fact));
  }

  const ScanSource source_;
  const ScanPlaces places_;
  const Repository repository_;
  const Digest digest_;
  const Terms terms_;
  Done done_;

  EcrRegistry registry_;
  std::vector<Digest> images_;       // of the index, or the image alone
  std::vector<ScanReport> reports_;  // of the first of them
  std::vector<ScanPage> pages_;      // of the next one
  std::size_t found_ = 0;            // in all
};

}  // namespace

void find_aws_scan(ScanSource source, ScanPlaces places, const Repository& repository, const Digest& digest,
                   Terms terms, std::function<void(FactOf<ScanKind>)> done) {
  std::make_shared<AwsScanSearch>(source, places, repository, digest, std::move(terms), std::move(done))
      ->start();
}

}  // namespace tegata::verifier
