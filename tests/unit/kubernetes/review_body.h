// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tegata::webhook::kubernetes {

/// An AdmissionReview in the API server's form, with the parts that a test is about.
struct ReviewBody {
  std::string uid = "1234";
  std::string group = "";
  std::string version = "v1";
  std::string kind = "Pod";
  std::string operation = "CREATE";
  std::string subresource = "";
  std::string user = R"({"username": "alice", "groups": ["system:authenticated"]})";
  std::string object = R"({"spec": {"containers": [{"name": "app", "image": "nginx:1.27"}]}})";
  std::string old_object = "null";

  [[nodiscard]] std::string text() const {
    return R"({"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": {"uid": ")" + uid +
           R"(", "kind": {"group": ")" + group + R"(", "version": ")" + version + R"(", "kind": ")" + kind +
           R"("}, "namespace": "shop", "name": "web", "operation": ")" + operation + "\"" +
           (subresource.empty() ? "" : R"(, "subResource": ")" + subresource + "\"") + R"(, "userInfo": )" +
           user + R"(, "object": )" + object + R"(, "oldObject": )" + old_object + R"(, "dryRun": false}})";
  }
};

}  // namespace tegata::webhook::kubernetes
