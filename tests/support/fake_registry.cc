// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_registry.h"

#include <algorithm>

#include "verifier/crypto/hash.h"

namespace tegata::testing {

FakeRegistry::FakeRegistry()
    : server_(std::make_unique<LoopbackServer>(
          [this](const ServedRequest& request) { return answer(request); })) {}
FakeRegistry::FakeRegistry(const TlsFiles& tls)
    : server_(std::make_unique<LoopbackServer>(
          [this](const ServedRequest& request) { return answer(request); }, tls)) {}

void FakeRegistry::on(const std::string& path, std::vector<Reply> replies) {
  const std::lock_guard lock(mutex_);
  std::reverse(replies.begin(), replies.end());
  replies_[path] = std::move(replies);
}

void FakeRegistry::on_ask(const std::string& path, LoopbackServer::Handler handler) {
  const std::lock_guard lock(mutex_);
  handlers_[path] = std::move(handler);
}

void FakeRegistry::hold_manifest(const std::string& repository, const std::string& reference,
                                 const std::string& bytes, const std::string& media_type) {
  on("/v2/" + repository + "/manifests/" + reference,
     Reply{200,
           {{"Content-Type", media_type}, {"Docker-Content-Digest", verifier::sha256(bytes).text()}},
           bytes});
}

Digest FakeRegistry::hold_blob(const std::string& repository, const std::string& bytes) {
  const Digest digest = verifier::sha256(bytes);
  on("/v2/" + repository + "/blobs/" + digest.text(),
     Reply{200, {{"Content-Type", "application/octet-stream"}}, bytes});
  return digest;
}

Reply FakeRegistry::answer(const ServedRequest& request) {
  LoopbackServer::Handler handler;
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    const auto decides = handlers_.find(request.path());
    if (decides == handlers_.end()) {
      auto scripted = replies_.find(request.target);
      if (scripted == replies_.end()) scripted = replies_.find(request.path());
      if (scripted == replies_.end())
        return Reply{404, {{"Content-Type", "application/json"}}, R"({"errors":[{"code":"NOT_FOUND"}]})"};
      Reply reply = scripted->second.back();
      if (scripted->second.size() > 1) scripted->second.pop_back();
      return reply;
    }
    handler = decides->second;
  }
  return handler(request);
}

std::size_t FakeRegistry::count(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(
      std::count_if(requests_.begin(), requests_.end(), [&](const auto& one) { return one.path() == path; }));
}
std::size_t FakeRegistry::total() const {
  const std::lock_guard lock(mutex_);
  return requests_.size();
}
std::vector<ServedRequest> FakeRegistry::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

}  // namespace tegata::testing
