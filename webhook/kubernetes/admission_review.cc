// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/admission_review.h"

#include "webhook/kubernetes/json_document.h"
#include "webhook/kubernetes/review_reading.h"

namespace tegata::webhook::kubernetes {
namespace {

namespace dom = simdjson::dom;

struct Review {
  dom::object review;
  ReviewRequest request;
};

Result<Review> review_of(dom::element root) {
  dom::object review;
  if (root.get(review) != simdjson::SUCCESS)
    return Error{ErrorCode::Malformed, "not an AdmissionReview that can be answered: it is not an object"};
  TEGATA_TRY(auto request, review_request(review));
  return Review{review, std::move(request)};
}

}  // namespace

Result<AdmissionReview> parse_admission_review(std::string_view body, const ValueHasher& hasher) {
  JsonDocument document;
  TEGATA_TRY(const auto root, document.parse(body));
  TEGATA_TRY(auto found, review_of(root));
  // From here on there is a uid to answer to.
  auto& [review, request] = found;
  if (const auto unambiguous = check_unambiguous(root); !unambiguous.ok())
    return AdmissionReview{std::move(request.uid), malformed(unambiguous.error())};
  auto reading = read_review(review, request, hasher);
  return AdmissionReview{std::move(request.uid), std::move(reading)};
}

Result<std::string> admission_uid(std::string_view body) {
  JsonDocument document;
  TEGATA_TRY(const auto root, document.parse(body));
  TEGATA_TRY(auto found, review_of(root));
  return std::move(found.request.uid);
}

}  // namespace tegata::webhook::kubernetes
