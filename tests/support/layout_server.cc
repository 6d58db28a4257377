// SPDX-License-Identifier: Apache-2.0
#include "tests/support/layout_server.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace tegata::testing {
namespace {

using nlohmann::json;
using verifier::RecordedLayout;

constexpr std::size_t kPage = 3;
constexpr std::size_t kMostBytes = 256 * 1024 * 1024;

Reply not_found() { return {404, {{"Content-Type", "application/json"}}, R"({"errors":[]})"}; }

/// `/v2/REPOSITORY/WHAT/REFERENCE`, taken apart from the right.
struct Route {
  std::string repository;
  std::string what;
  std::string reference;
};
Route route_of(const std::string& path) {
  const auto last = path.rfind('/');
  const auto before = last == std::string::npos ? last : path.rfind('/', last - 1);
  if (!path.starts_with("/v2/") || before == std::string::npos || before < 4) return {};
  return {path.substr(4, before - 4), path.substr(before + 1, last - before - 1), path.substr(last + 1)};
}

}  // namespace

LayoutServer::LayoutServer(const std::filesystem::path& cases, std::uint16_t port,
                           std::chrono::milliseconds delay)
    : delay_(delay) {
  for (const auto& entry : std::filesystem::directory_iterator(cases)) {
    if (!std::filesystem::exists(entry.path() / "case.json")) continue;
    auto layout = RecordedLayout::open(entry.path());
    if (!layout.ok()) throw std::runtime_error(entry.path().string() + ": " + layout.error().message);
    const std::string path = layout->repository().path;
    layouts_.emplace(path, *std::move(layout));
  }
  if (layouts_.empty()) throw std::runtime_error("no recorded case in " + cases.string());
  server_ = std::make_unique<LoopbackServer>([this](const ServedRequest& one) { return answer(one); }, port);
}

std::size_t LayoutServer::count(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(path);
  return found == counts_.end() ? 0 : found->second;
}

std::vector<Exchange> LayoutServer::take_exchanges() {
  const std::lock_guard lock(mutex_);
  return std::exchange(exchanges_, {});
}

Reply LayoutServer::answer(const ServedRequest& request) {
  const auto arrived = std::chrono::steady_clock::now();
  ++total_;
  {
    const std::lock_guard lock(mutex_);
    ++counts_[request.path()];
  }
  if (delay_.count() > 0) std::this_thread::sleep_for(delay_);
  auto reply = reply_to(request);
  const std::lock_guard lock(mutex_);
  exchanges_.push_back({request.target, arrived, std::chrono::steady_clock::now()});
  return reply;
}

Reply LayoutServer::reply_to(const ServedRequest& request) const {
  if (request.path() == "/v2/") return {200, {}, "{}"};
  const Route route = route_of(request.path());
  const auto layout = layouts_.find(route.repository);
  if (layout == layouts_.end()) return not_found();
  if (route.what == "manifests") return manifest(layout->second, route.reference);
  if (route.what == "blobs") return blob(layout->second, route.reference);
  if (route.what == "referrers") return referrers(layout->second, route.reference, request);
  return not_found();
}

Reply LayoutServer::manifest(const RecordedLayout& layout, const std::string& reference) const {
  const auto by_digest = Digest::parse(reference);
  const auto answer = by_digest.ok()
                          ? layout.answer(verifier::ManifestRequest{layout.repository(), *by_digest})
                          : layout.answer(verifier::TagRequest{layout.repository(), reference});
  if (!answer.ok()) return not_found();
  const auto& content = std::get<verifier::Content>(*answer);
  return {200,
          {{"Content-Type", content.media_type}, {"Docker-Content-Digest", content.digest.text()}},
          content.bytes};
}

Reply LayoutServer::blob(const RecordedLayout& layout, const std::string& reference) const {
  const auto digest = Digest::parse(reference);
  if (!digest.ok()) return not_found();
  const auto bytes = layout.read(*digest, kMostBytes);
  if (!bytes.ok()) return not_found();
  return {200, {{"Content-Type", "application/octet-stream"}}, *bytes};
}

Reply LayoutServer::referrers(const RecordedLayout& layout, const std::string& subject,
                              const ServedRequest& request) const {
  const auto digest = Digest::parse(subject);
  if (!layout.referrers_api() || !digest.ok()) return not_found();
  json index = {{"schemaVersion", 2},
                {"mediaType", "application/vnd.oci.image.index.v1+json"},
                {"manifests", json::array()}};
  const auto recorded = layout.referrers_api()->find(*digest);
  if (recorded != layout.referrers_api()->end()) index = json::parse(recorded->second);
  const auto at = request.target.find("?from=");
  const std::size_t from = at == std::string::npos ? 0 : std::stoul(request.target.substr(at + 6));
  json page = json::array();
  const auto& all = index["manifests"];
  for (std::size_t i = from; i < all.size() && i < from + kPage; ++i) page.push_back(all[i]);
  Reply reply{200, {{"Content-Type", "application/vnd.oci.image.index.v1+json"}}, {}};
  if (from + kPage < all.size())
    reply.headers.emplace_back(
        "Link", "<" + request.path() + "?from=" + std::to_string(from + kPage) + ">; rel=\"next\"");
  index["manifests"] = std::move(page);
  reply.body = index.dump();
  return reply;
}

}  // namespace tegata::testing
