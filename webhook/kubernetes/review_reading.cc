// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/review_reading.h"

#include <algorithm>
#include <array>

#include "webhook/kubernetes/json_members.h"

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

/// Everything around the objects.
Result<ObjectChange> change_of(dom::object request) {
  ObjectChange change;
  TEGATA_TRY(change.operation, name_member(request, "operation", "request"));
  constexpr std::array<std::string_view, 4> kOperations = {"CREATE", "UPDATE", "DELETE", "CONNECT"};
  if (std::find(kOperations.begin(), kOperations.end(), change.operation) == kOperations.end())
    return Error{ErrorCode::Malformed, "request.operation must be CREATE, UPDATE, DELETE or CONNECT"};
  TEGATA_TRY(change.gvk, kind_of(request));
  TEGATA_TRY(change.ns, name_member(request, "namespace", "request"));
  TEGATA_TRY(change.name, name_member(request, "name", "request"));
  TEGATA_TRY(change.uid, name_member(request, "uid", "request"));
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

Result<Reading> read_request(dom::object request, const ValueHasher& hasher) {
  TEGATA_TRY(auto change, change_of(request));
  TEGATA_TRY(const auto subresource, name_member(request, "subResource", "request"));
  if (auto nothing = starts_nothing(change, subresource)) return Reading(*std::move(nothing));
  TEGATA_TRY(const auto object, object_member(request, "object", "request"));
  if (!object) return Error{ErrorCode::Malformed, "request.object is absent"};
  change.object = *object;
  TEGATA_TRY(change.old_object, object_member(request, "oldObject", "request"));
  return read_change(change, hasher);
}

}  // namespace

bool is_admission_review(dom::object object) {
  const auto says = [&](std::string_view key, std::string_view expected) {
    const auto value = string_member(object, key);
    return value.ok() && *value == std::optional(expected);
  };
  return says("kind", "AdmissionReview") && says("apiVersion", "admission.k8s.io/v1");
}

Reading read_review(dom::object review, const ValueHasher& hasher) {
  if (!is_admission_review(review))
    return malformed({ErrorCode::Malformed, "not an AdmissionReview of admission.k8s.io/v1"});
  const auto request = object_member(review, "request");
  if (!request.ok()) return malformed(request.error());
  if (!*request) return malformed({ErrorCode::Malformed, "the AdmissionReview has no request"});
  auto reading = read_request(**request, hasher);
  if (!reading.ok()) return malformed(reading.error());
  return *std::move(reading);
}

}  // namespace tegata::webhook::kubernetes
