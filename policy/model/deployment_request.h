// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "policy/model/image_reference.h"
#include "policy/model/reason.h"
#include "policy/model/result.h"

namespace tegata {

enum class Platform { Kubernetes, Ecs };

/// The place of an image in a workload. Image volumes are `volumes[].image.reference`.
enum class ContainerKind { Container, InitContainer, EphemeralContainer, ImageVolume };
[[nodiscard]] std::string_view name_of(ContainerKind kind) noexcept;

/// One place where a workload names an image.
struct ContainerImage {
  std::string field_path;  ///< `spec.template.spec.containers[0].image`, `containerDefinitions[1].image`
  std::string container;   ///< its name, or the volume's
  ContainerKind kind = ContainerKind::Container;
  std::string text;  ///< as written; empty where the field is absent
  Result<ImageReference> reference;
  /// On UPDATE: same list, same container name, the same bytes as in oldObject. Image rules skip it.
  bool unchanged = false;
};

/// What kind of value an environment variable has, without the value itself.
enum class ValueClass {
  Empty,
  Reference,
  Number,
  Boolean,
  Text,
  Url,
  UrlWithPassword,
  AccessKeyId,
  PrivateKey,
  JsonWebToken
};
[[nodiscard]] std::string_view name_of(ValueClass value_class) noexcept;

struct EnvironmentVariable {
  std::string container;
  std::string name;
  ValueClass value_class = ValueClass::Empty;
  std::string keyed_hash;  ///< hex; equal values have equal hashes under one installation's key
};

/// A Kubernetes user as the API server names it (AdmissionReview `userInfo`).
struct KubernetesUser {
  std::string username;
  std::vector<std::string> groups;
  std::string uid;
};

/// How an AWS caller identified itself (CloudTrail `userIdentity`).
enum class EcsCallerKind { Role, IamUser, Root, Account, Service };
struct EcsCaller {
  EcsCallerKind kind = EcsCallerKind::Role;
  std::string arn;  ///< `sessionContext.sessionIssuer.arn` of a role; the ARN of a user or root; else empty
  std::string account;         ///< of the identity
  std::string invoked_by;      ///< the AWS service that calls on behalf of a caller; else empty
  bool console = false;        ///< a console session of a person
  bool long_term_key = false;  ///< an access key of an IAM user (AKIA…)
};

/// Whether this request is one on which `deployers` is judged.
enum class DeployerQuestion {
  Judge,            ///< requested by a known person or pipeline
  NotEvaluable,     ///< the caller is not known: a file given to `check` without --as, a task definition
  ControllerChild,  ///< made by a built-in controller for its owner, which was judged already
  SameTemplate,     ///< an update that does not change what runs
};

struct Deployer {
  DeployerQuestion question = DeployerQuestion::NotEvaluable;
  std::variant<std::monostate, KubernetesUser, EcsCaller> caller;
  /// For records and the `who` of a DecisionList: a username; on ECS sessionIssuer.arn, the ARN of
  /// a user or root, or `account:ID`, and ` via SERVICE` after it where a service acts.
  std::optional<std::string> who;
};

/// The one controlling ownerReference of a Kubernetes object, as its author wrote it. For messages and
/// records: it is not proof.
struct Owner {
  std::string kind;  ///< `apps/v1 ReplicaSet`
  std::string name;
  /// The Deployment of a ReplicaSet: the ReplicaSet's name without the object's label
  /// `pod-template-hash`. Empty where that is not how the name ends, and for other owners.
  std::string deployment;
  friend bool operator==(const Owner&, const Owner&) = default;
};

/// A requested deployment, in terms that both platforms share: who, where, what.
/// Only the code before it and after Verdict depends on the platform.
struct DeploymentRequest {
  Platform platform = Platform::Kubernetes;
  // Where.
  std::string ns;       ///< Kubernetes namespace; empty for cluster-scoped objects and on ECS
  std::string account;  ///< AWS account in which the call acts; empty on Kubernetes
  std::string region;
  std::optional<std::string> cluster;  ///< ECS cluster name; none for a task definition by itself
  // What.
  std::string
      operation;     ///< CREATE, UPDATE (AdmissionReview); RunTask, UpdateService, RegisterTaskDefinition …
  std::string kind;  ///< `apps/v1 Deployment`, `v1 Pod`, `TaskDefinition`, `Service`
  std::string name;  ///< object name, service name or family; may be empty (generateName)
  std::string generate_name;  ///< the prefix of a Kubernetes name that is not chosen yet; else empty
  std::optional<Owner> owner;
  std::string uid;       ///< AdmissionReview uid or CloudTrail eventID; empty for a file
  bool dry_run = false;  ///< the API server persists nothing
  /// A Pod that mirrors a static Pod: denying it would not stop it, so costs are capped at warn.
  bool mirror_pod = false;
  Deployer deployer;
  std::vector<ContainerImage> images;  ///< in field order
  std::vector<EnvironmentVariable> environment;
  /// Set where it could not be found out what this deploys: an ECS call names a task definition that
  /// is not available. Then `images` is empty and proves nothing: each policy that matches finds an
  /// unknown (TaskDefinitionUnknown).
  std::optional<Error> images_unknown;
};

/// For display: the name, or `PREFIX*` where the API server has not chosen it yet, or `(unnamed)`.
[[nodiscard]] std::string shown_name(const DeploymentRequest& request);

/// For display and counting: the workload that an object belongs to, so that a Deployment, its
/// ReplicaSets and their Pods are one: `apps/v1 Deployment web`; without an owner the object itself.
[[nodiscard]] std::string workload_of(const DeploymentRequest& request);
/// The same without group and version, for people: `Deployment web`.
[[nodiscard]] std::string short_workload_of(const DeploymentRequest& request);

/// Starts no deployment: it passes, whatever the policies say.
struct IgnoredRequest {
  Reason reason;
  std::string detail;
  std::optional<std::string> who = std::nullopt;  ///< as Deployer::who, where the event says it
};
/// Cannot be read or trusted.
struct InvalidRequest {
  Reason reason;
  std::string detail;
};
/// A well-formed object of a kind that we do not know: passes as notCovered, with a warning.
struct UndescribedKind {
  std::string kind;
  std::string ns;
};

/// The result of reading a request of a platform.
using Reading = std::variant<DeploymentRequest, IgnoredRequest, InvalidRequest, UndescribedKind>;

}  // namespace tegata
