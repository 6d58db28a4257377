// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/admission_review.h"

#include "policy/model/limits.h"
#include "webhook/kubernetes/json_document.h"
#include "webhook/kubernetes/json_members.h"
#include "webhook/kubernetes/review_reading.h"

namespace tegata::webhook::kubernetes {
namespace {

namespace dom = simdjson::dom;

Error no_uid(std::string_view why) {
  return {ErrorCode::Malformed, "not an AdmissionReview that could be answered: " + std::string(why)};
}

Result<dom::object> request_of(dom::object review) {
  TEGATA_TRY(const auto request, object_member(review, "request"));
  if (!request) return no_uid("it has no request");
  return *request;
}

Result<std::string> uid_of(dom::object request) {
  TEGATA_TRY(const auto uid, string_member(request, "uid", "request"));
  if (!uid || uid->empty()) return no_uid("request.uid is absent or empty");
  if (uid->size() > limits::kUid)
    return Error{ErrorCode::LimitExceeded,
                 "request.uid is longer than " + std::to_string(limits::kUid) + " bytes"};
  return std::string(*uid);
}

}  // namespace

Result<AdmissionReview> parse_admission_review(std::string_view body, const ValueHasher& hasher) {
  JsonDocument document;
  TEGATA_TRY(const auto root, document.parse(body));
  dom::object review;
  if (root.get(review) != simdjson::SUCCESS) return no_uid("it is no object");
  TEGATA_TRY(const auto request, request_of(review));
  TEGATA_TRY(auto uid, uid_of(request));
  // From here on there is somebody to answer.
  if (const auto unambiguous = check_unambiguous(root); !unambiguous.ok())
    return AdmissionReview{std::move(uid), malformed(unambiguous.error())};
  auto reading = read_review(review, hasher);
  return AdmissionReview{std::move(uid), std::move(reading)};
}

}  // namespace tegata::webhook::kubernetes
