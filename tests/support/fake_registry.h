// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/model/digest.h"
#include "tests/support/loopback_server.h"

namespace tegata::testing {

/// A registry that answers as a test says, path by path, and remembers what it was asked. What was
/// not scripted is 404. Script it before it is asked; everything is thread-safe.
class FakeRegistry {
 public:
  FakeRegistry();
  explicit FakeRegistry(const TlsFiles& tls);

  /// Answers to GETs of `path` (with its query, or without): each once and in order, the last for ever.
  void on(const std::string& path, std::vector<Reply> replies);
  void on(const std::string& path, Reply reply) { on(path, std::vector<Reply>{std::move(reply)}); }
  /// Decides at the time of asking. Takes the place of what was scripted for the path.
  void on_ask(const std::string& path, LoopbackServer::Handler handler);
  /// A manifest or blob at `/v2/REPOSITORY/manifests|blobs/REFERENCE`, with the right headers.
  void hold_manifest(const std::string& repository, const std::string& reference, const std::string& bytes,
                     const std::string& media_type = "application/vnd.oci.image.manifest.v1+json");
  Digest hold_blob(const std::string& repository, const std::string& bytes);

  /// How often this path was asked for, whatever the query.
  [[nodiscard]] std::size_t count(const std::string& path) const;
  [[nodiscard]] std::size_t total() const;
  /// Every request so far, in the order of arrival.
  [[nodiscard]] std::vector<ServedRequest> requests() const;

  [[nodiscard]] std::string host() const { return server_->host(); }
  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] std::size_t connections() const { return server_->connections(); }

 private:
  Reply answer(const ServedRequest& request);

  mutable std::mutex mutex_;
  std::map<std::string, std::vector<Reply>> replies_;  ///< in reverse: the next one is the last
  std::map<std::string, LoopbackServer::Handler> handlers_;
  std::vector<ServedRequest> requests_;
  std::unique_ptr<LoopbackServer> server_;  ///< last: its threads use the rest
};

}  // namespace tegata::testing
