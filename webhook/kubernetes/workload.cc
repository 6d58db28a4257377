// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/workload.h"

#include <utility>

#include "webhook/kubernetes/json_members.h"

namespace tegata::webhook::kubernetes {

Result<Workload> Workload::read(const WorkloadKind& kind, simdjson::dom::object object) {
  Workload workload{&kind, object, {}, {}, {}};
  TEGATA_TRY(workload.pod_template, tegata::webhook::kubernetes::pod_template(kind, object));
  if (!workload.pod_template) return workload;
  const auto& [holder, path] = *workload.pod_template;
  TEGATA_TRY(const auto spec, object_member(holder, "spec", path));
  if (!spec) return workload;
  workload.pod_spec = Place{*spec, joined(path, "spec")};
  TEGATA_TRY(workload.images, pod_images(*workload.pod_spec));
  return workload;
}

}  // namespace tegata::webhook::kubernetes
