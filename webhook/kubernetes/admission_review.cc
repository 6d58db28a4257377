// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/admission_review.h"

#include <algorithm>
#include <array>

#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "webhook/kubernetes/json.h"
#include "webhook/kubernetes/object_request.h"
#include "webhook/kubernetes/text.h"

namespace tegata::webhook::kubernetes {
namespace {

namespace dom = simdjson::dom;

Result<GroupVersionKind> kind_of(dom::object request) {
  constexpr std::string_view kPath = "request.kind";
  TEGATA_TRY(const auto kind, object_member(request, "kind", "request"));
  if (!kind) return Error{ErrorCode::Malformed, "request.kind is absent"};
  GroupVersionKind gvk;
  TEGATA_TRY(gvk.group, name_member(*kind, "group", kPath));
  TEGATA_TRY(gvk.version, name_member(*kind, "version", kPath));
  TEGATA_TRY(gvk.kind, name_member(*kind, "kind", kPath));
  if (gvk.version.empty() || gvk.kind.empty())
    return Error{ErrorCode::Malformed, "request.kind has no version or no kind"};
  return gvk;
}

Result<KubernetesUser> user_of(dom::object request) {
  constexpr std::string_view kPath = "request.userInfo";
  TEGATA_TRY(const auto info, object_member(request, "userInfo", "request"));
  if (!info) return Error{ErrorCode::Malformed, "request.userInfo is absent"};
  TEGATA_TRY(const auto username, string_member(*info, "username", kPath));
  if (!username || username->empty())
    return Error{ErrorCode::Malformed, "request.userInfo.username is absent or empty"};
  TEGATA_TRY(const auto uid, string_member(*info, "uid", kPath));
  TEGATA_TRY(const auto groups, array_member(*info, "groups", kPath));
  KubernetesUser user{std::string(*username), {}, std::string(uid.value_or(""))};
  if (!groups) return user;
  for (const auto element : *groups) {
    std::string_view group;
    if (element.get(group) != simdjson::SUCCESS)
      return Error{ErrorCode::Malformed, "request.userInfo.groups[] must be a string"};
    user.groups.emplace_back(group);
  }
  return user;
}

/// All fields except the objects.
Result<ObjectChange> change_of(const ReviewRequest& review) {
  const auto request = review.request;
  ObjectChange change;
  TEGATA_TRY(change.operation, name_member(request, "operation", "request"));
  constexpr std::array<std::string_view, 4> kOperations = {"CREATE", "UPDATE", "DELETE", "CONNECT"};
  if (std::find(kOperations.begin(), kOperations.end(), change.operation) == kOperations.end())
    return Error{ErrorCode::Malformed, "request.operation must be CREATE, UPDATE, DELETE or CONNECT"};
  TEGATA_TRY(change.gvk, kind_of(request));
  TEGATA_TRY(change.ns, name_member(request, "namespace", "request"));
  TEGATA_TRY(change.name, name_member(request, "name", "request"));
  if (!is_plain(review.uid)) return Error{ErrorCode::Malformed, "request.uid has control characters in it"};
  change.uid = review.uid;
  TEGATA_TRY(const auto dry_run, bool_member(request, "dryRun", "request"));
  change.dry_run = dry_run.value_or(false);
  TEGATA_TRY(auto user, user_of(request));
  change.user = std::move(user);
  return change;
}

IgnoredRequest ignored(const ObjectChange& change, Reason reason, std::string detail) {
  return {reason, std::move(detail), change.user->username};
}

std::optional<IgnoredRequest> starts_nothing(const ObjectChange& change, std::string_view subresource) {
  if (change.operation != "CREATE" && change.operation != "UPDATE")
    return ignored(change, Reason::NotADeployment, change.operation + " deploys nothing");
  if (subresource == "scale")
    return ignored(change, Reason::ScaleOnly, "a scale leaves the Pod template alone");
  if (!subresource.empty() && subresource != "ephemeralcontainers")
    return ignored(change, Reason::NotADeployment,
                   "the subresource " + std::string(subresource) + " holds no image");
  return std::nullopt;
}

Result<Reading> read_request(const ReviewRequest& review, const ValueHasher& hasher) {
  const auto request = review.request;
  TEGATA_TRY(auto change, change_of(review));
  TEGATA_TRY(const auto subresource, name_member(request, "subResource", "request"));
  if (auto nothing = starts_nothing(change, subresource)) return Reading(*std::move(nothing));
  TEGATA_TRY(const auto object, object_member(request, "object", "request"));
  if (!object) return Error{ErrorCode::Malformed, "request.object is absent"};
  change.object = *object;
  TEGATA_TRY(change.old_object, object_member(request, "oldObject", "request"));
  return read_change(change, hasher);
}

Error unanswerable(std::string_view why) {
  return {ErrorCode::Malformed, "not an AdmissionReview that can be answered: " + std::string(why)};
}

Status check_version(dom::object review) {
  TEGATA_TRY(const auto kind, string_member(review, "kind"));
  TEGATA_TRY(const auto version, string_member(review, "apiVersion"));
  if (kind == "AdmissionReview" && version == "admission.k8s.io/v1") return done();
  return Error{ErrorCode::Malformed, "not an AdmissionReview of admission.k8s.io/v1: kind " +
                                         tegata::quoted(kind.value_or("")) + ", apiVersion " +
                                         tegata::quoted(version.value_or(""))};
}

}  // namespace

Result<ReviewRequest> review_request(dom::object review) {
  TEGATA_TRY(const auto request, object_member(review, "request"));
  if (!request) return unanswerable("it has no request");
  TEGATA_TRY(const auto uid, string_member(*request, "uid", "request"));
  if (!uid || uid->empty()) return unanswerable("request.uid is absent or empty");
  if (uid->size() > limits::kUid)
    return Error{ErrorCode::LimitExceeded,
                 "request.uid is longer than " + std::to_string(limits::kUid) + " bytes"};
  return ReviewRequest{std::string(*uid), *request};
}

Reading read_review(dom::object review, const ReviewRequest& request, const ValueHasher& hasher) {
  if (const auto version = check_version(review); !version.ok()) return malformed(version.error());
  auto reading = read_request(request, hasher);
  if (!reading.ok()) return malformed(reading.error());
  return *std::move(reading);
}

namespace {

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
  JsonDocument document(JsonDocument::Of::Review);
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
  JsonDocument document(JsonDocument::Of::Review);
  TEGATA_TRY(const auto root, document.parse(body));
  TEGATA_TRY(auto found, review_of(root));
  return std::move(found.request.uid);
}

}  // namespace tegata::webhook::kubernetes
