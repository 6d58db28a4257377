// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "verifier/evidence/fact_cache.h"
#include "verifier/evidence/fact_kind.h"
#include "verifier/evidence/fact_maker.h"
#include "verifier/evidence/gather_settings.h"
#include "verifier/evidence/image_source.h"
#include "verifier/evidence/shared_manifest_source.h"

namespace tegata::verifier {

/// One question about one subject, ready to be fetched.
struct FactRequest {
  FactSubject subject;
  AnyQuestion question;
  std::shared_ptr<const Content> manifest;  ///< of the subject's digest, where it is known; else null
  Deadline deadline;                        ///< for the fetch, if this request starts one
};
/// What is known of a fact that was not fetched.
using Unasked = std::variant<Absent, Unknown>;

/// Null where the tag names nothing, or that could not be found out.
[[nodiscard]] const ResolvedTag* resolved_in(const FactOf<TagKind>& tag) noexcept;
/// What is known of all that needs a digest, where `tag` names none.
[[nodiscard]] Unasked without_digest(const FactOf<TagKind>& tag);

/// Answers the questions of one kind from a cache; what is not there is fetched, once for all who ask.
/// Thread-safe.
class FactFetcher {
 public:
  using Answer = std::shared_ptr<const AnyAnswer>;  ///< never null where one is handed out
  virtual ~FactFetcher() = default;

  /// Null where it is not kept.
  [[nodiscard]] virtual Answer kept(const FactSubject& subject, const AnyQuestion& question) const = 0;
  /// Calls `done` once: at once, or when the fetch ends, on the thread that ends it.
  virtual void fetch(const FactRequest& request, std::function<void(const Answer&)> done) = 0;
  [[nodiscard]] virtual Answer unasked(const AnyQuestion& question, const Unasked& fact) const = 0;
  [[nodiscard]] virtual CacheCounts counts() const noexcept = 0;
};

/// The fetchers of all kinds, and what they share.
///
/// Thread-safe. Always held by a shared_ptr: a fetch under way keeps it alive. `source` must outlive every
/// fetch: it must have answered or dropped them all when it is gone.
class FactFetchers final : public OtherFacts, public std::enable_shared_from_this<FactFetchers> {
 public:
  using Answer = FactFetcher::Answer;

  FactFetchers(ContentSource& source, const FactKinds& kinds, GatherSettings settings);

  /// As of the question's FactFetcher; std::logic_error for a kind that is not among `kinds`.
  [[nodiscard]] Answer kept(const FactSubject& subject, const AnyQuestion& question) const;
  void fetch(const FactRequest& request, std::function<void(const Answer&)> done);
  [[nodiscard]] Answer unasked(const AnyQuestion& question, const Unasked& fact) const;

  /// From now on nothing is fetched: questions are answered from what is kept, else as Unknown.
  void close() noexcept { closed_.store(true); }
  [[nodiscard]] bool closed() const noexcept { return closed_.load(); }
  [[nodiscard]] const GatherSettings& settings() const noexcept { return settings_; }
  /// What one fact is read through.
  [[nodiscard]] ImageSource source_for(const FactRequest& request, bool records);
  /// For metrics: KindId::metric, and what that kind's cache has done.
  [[nodiscard]] std::vector<std::pair<std::string_view, CacheCounts>> counts() const;

 protected:
  void ask_any(FactSubject subject, AnyQuestion question, Deadline deadline,
               std::function<void(const Answer&)> done) override;

 private:
  [[nodiscard]] FactFetcher& fetcher_of(const KindId& kind) const;

  const GatherSettings settings_;
  SharedManifestSource shared_;
  std::atomic<bool> closed_{false};
  std::vector<std::pair<const KindId*, std::unique_ptr<FactFetcher>>> fetchers_;
};

}  // namespace tegata::verifier
