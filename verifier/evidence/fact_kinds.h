// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "policy/model/image_facts.h"
#include "verifier/evidence/fact_cache.h"
#include "verifier/evidence/fact_maker.h"
#include "verifier/evidence/gather.h"
#include "verifier/evidence/live_sources.h"
#include "verifier/sigstore/signature_verifier.h"

namespace tegata::verifier {

class FactFetcher;
class FactFetchers;
class FactReplayer;

/// A kind of fact with its maker. made_facts.h turns a FactMaker into one.
class FactKind {
 public:
  virtual ~FactKind() = default;
  [[nodiscard]] virtual const KindId& id() const noexcept = 0;
  /// Adds the questions of `--observe` about an image; none for most kinds.
  virtual void observe(ImageQuestions& image) const = 0;
  /// `all` must outlive it.
  [[nodiscard]] virtual std::unique_ptr<FactFetcher> fetcher(FactFetchers& all) const = 0;
  [[nodiscard]] virtual std::unique_ptr<FactReplayer> replayer() const = 0;
};

using FactKinds = std::vector<std::shared_ptr<const FactKind>>;

/// Every kind of fact that the program knows.
[[nodiscard]] FactKinds fact_kinds(SignatureVerifier verifier, const GatherSettings& settings);

/// One question about one subject, ready to be fetched.
struct FactRequest {
  FactSubject subject;
  AnyQuestion question;
  std::shared_ptr<const Content> manifest;  ///< of the subject's digest, if known; else null
  Terms terms;                              ///< for the fetch: the deadline if this request starts one
};
/// The state of a fact that was not fetched.
using Unasked = std::variant<Absent, Unknown>;

/// Null if the tag does not exist, or could not be resolved.
[[nodiscard]] const ResolvedTag* resolved_in(const FactOf<TagKind>& tag) noexcept;
/// The state of all facts that need a digest, if `tag` has none.
[[nodiscard]] Unasked without_digest(const FactOf<TagKind>& tag);

/// Answers the questions of one kind from a cache; on a miss, all concurrent callers share one fetch.
/// Thread-safe.
class FactFetcher {
 public:
  using Answer = std::shared_ptr<const AnyAnswer>;  ///< never null when returned
  virtual ~FactFetcher() = default;

  /// Null if it is not cached.
  [[nodiscard]] virtual Answer kept(const FactSubject& subject, const AnyQuestion& question) const = 0;
  /// Calls `done` once: immediately, or when the fetch ends, on the thread that ends it.
  virtual void fetch(const FactRequest& request, std::function<void(const Answer&)> done) = 0;
  [[nodiscard]] virtual Answer unasked(const AnyQuestion& question, const Unasked& fact) const = 0;
  [[nodiscard]] virtual CacheCounts counts() const noexcept = 0;
};

/// The fetchers of all kinds, and what they share.
///
/// Thread-safe. Must be owned by a shared_ptr: a fetch in progress keeps it alive. `source` must outlive
/// every fetch: its destructor must answer or drop all of them.
class FactFetchers final : public OtherFacts, public std::enable_shared_from_this<FactFetchers> {
 public:
  using Answer = FactFetcher::Answer;

  FactFetchers(ContentSource& source, const FactKinds& kinds, GatherSettings settings);

  /// As in the FactFetcher of the question's kind; std::logic_error for a kind that is not in `kinds`.
  [[nodiscard]] Answer kept(const FactSubject& subject, const AnyQuestion& question) const;
  void fetch(const FactRequest& request, std::function<void(const Answer&)> done);
  [[nodiscard]] Answer unasked(const AnyQuestion& question, const Unasked& fact) const;

  /// Starts no more fetches: questions are answered from the cache, else as Unknown.
  void close() noexcept { close_at(Deadline::Clock::time_point::min()); }
  /// The same from that moment on; computations end then, too.
  void close_at(Deadline::Clock::time_point when) noexcept { closes_.store(when); }
  [[nodiscard]] bool closed() const noexcept { return Deadline::Clock::now() >= closes_.load(); }
  [[nodiscard]] const GatherSettings& settings() const noexcept { return settings_; }
  /// For the computations of one fact.
  [[nodiscard]] Workshop workshop();
  /// The source that one fact is read from.
  [[nodiscard]] ImageSource source_for(const FactRequest& request, bool records);
  /// For metrics: KindId::metric, and the counters of that kind's cache.
  [[nodiscard]] std::vector<std::pair<std::string_view, CacheCounts>> counts() const;

 protected:
  void ask_any(FactSubject subject, AnyQuestion question, Terms terms,
               std::function<void(const Answer&)> done) override;

 private:
  [[nodiscard]] FactFetcher& fetcher_of(const KindId& kind) const;

  const GatherSettings settings_;
  SharedManifestSource shared_;
  std::atomic<Deadline::Clock::time_point> closes_{Deadline::Clock::time_point::max()};
  std::vector<std::pair<const KindId*, std::unique_ptr<FactFetcher>>> fetchers_;
};

}  // namespace tegata::verifier
