// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "verifier/oci/manifest.h"
#include "verifier/sigstore/candidate/candidate.h"

namespace tegata::verifier {

enum class CandidateKind { SimpleSigning, Envelope, Bundle };

/// The bytes that payloads and bundles of one image may still have together.
class ByteBudget {
 public:
  explicit ByteBudget(std::size_t bytes) : left_(bytes) {}
  /// False, and nothing is taken, where there is less.
  [[nodiscard]] bool take(std::uint64_t bytes) noexcept {
    if (bytes > left_) return false;
    left_ -= bytes;
    return true;
  }

 private:
  std::uint64_t left_;
};

/// Blobs that candidates are made of. Each is asked for once, for no more bytes than its descriptor
/// declares, and what is too large for its kind is not asked for at all.
class WantedBlobs {
 public:
  explicit WantedBlobs(CandidateKind kind) : kind_(kind) {}

  enum class Taken { Yes, OverBudget };
  /// OverBudget, and nothing is wanted, where the budget does not hold the blob.
  [[nodiscard]] Taken want(Layer layer, ByteBudget& budget);

  [[nodiscard]] std::vector<ContentRequest> requests(const Repository& repository) const;
  /// One candidate for each layer, in the order of want(), from the answers to requests(). What could
  /// not be fetched for the network's sake goes into `unknown` instead.
  void add_to(Candidates& candidates, std::span<const ContentAnswer> answers) const;

 private:
  using Key = std::pair<Digest, std::uint64_t>;
  struct Wish {
    Layer layer;
    std::optional<std::size_t> request;  ///< none: too large to be asked for
  };
  [[nodiscard]] Candidate candidate_of(const Layer& layer, const std::string& bytes) const;

  CandidateKind kind_;
  std::vector<Wish> wishes_;
  std::map<Key, std::size_t> asked_;
  std::vector<Key> order_;
};

/// What an Error about a candidate's content means: a Rejection where the registry answered and the
/// candidate is at fault, none where it could not be asked.
[[nodiscard]] std::optional<Rejection> rejection_of(const Error& error, const Digest& content);

}  // namespace tegata::verifier
