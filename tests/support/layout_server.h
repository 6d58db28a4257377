// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>

#include "tests/support/loopback_server.h"
#include "verifier/oci/recorded_layout.h"

namespace tegata::testing {

/// One request: when it had come, and when its answer was ready.
struct Exchange {
  std::string target;
  std::chrono::steady_clock::time_point arrived;
  std::chrono::steady_clock::time_point answered;
};

/// Serves every recorded case below a folder (each with its case.json) as the repository that it was
/// recorded as (`fx/NAME`): tags, manifests, blobs, and the referrers API in pages of three with
/// `Link: …; rel="next"`, or 404 for a case that was recorded without one. GET and HEAD.
class LayoutServer {
 public:
  /// Throws where the folder holds no case. Each answer waits for `delay` first.
  explicit LayoutServer(const std::filesystem::path& cases, std::uint16_t port = 0,
                        std::chrono::milliseconds delay = {});

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] std::string host() const { return server_->host(); }
  [[nodiscard]] std::size_t cases() const { return layouts_.size(); }
  /// How often a path was asked for, whatever the query; and how many requests there were at all.
  [[nodiscard]] std::size_t count(const std::string& path) const;
  [[nodiscard]] std::size_t total() const { return total_; }
  /// Those that were answered since the last call.
  [[nodiscard]] std::vector<Exchange> take_exchanges();

 private:
  Reply answer(const ServedRequest& request);
  [[nodiscard]] Reply reply_to(const ServedRequest& request) const;
  [[nodiscard]] Reply manifest(const verifier::RecordedLayout& layout, const std::string& reference) const;
  [[nodiscard]] Reply blob(const verifier::RecordedLayout& layout, const std::string& reference) const;
  [[nodiscard]] Reply referrers(const verifier::RecordedLayout& layout, const std::string& subject,
                                const ServedRequest& request) const;

  std::map<std::string, verifier::RecordedLayout> layouts_;  ///< by repository path
  std::chrono::milliseconds delay_;
  mutable std::mutex mutex_;
  std::map<std::string, std::size_t> counts_;
  std::vector<Exchange> exchanges_;
  std::atomic<std::size_t> total_ = 0;
  std::unique_ptr<LoopbackServer> server_;
};

}  // namespace tegata::testing
