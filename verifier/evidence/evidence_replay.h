// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "policy/model/image_facts.h"
#include "verifier/evidence/fact_cache.h"
#include "verifier/evidence/fact_keys.h"
#include "verifier/sigstore/signature_verifier.h"

namespace tegata::verifier {

class EvidenceStore;

/// Verifies recorded evidence again, under the trust settings of today. One for a whole replay: the
/// same evidence under the same settings is verified once. Thread-safe.
class EvidenceReplay {
 public:
  /// The text of a trace by its hash, as the audit log holds it; null where it does not.
  using TextOf = std::function<std::shared_ptr<const std::string>(const std::string& hash)>;

  /// `store` may be null: then everything that needs its bytes is NotRecorded.
  EvidenceReplay(TextOf text_of, std::shared_ptr<const EvidenceStore> store, SignatureVerifier verifier);

  /// The fact that this evidence makes at the time `now`. Unknown{NotRecorded} where the evidence, or any of
  /// the bytes that it names and that are asked for now, is missing or not what its hash says.
  [[nodiscard]] Fact<std::shared_ptr<const SignatureFacts>> verify_again(const std::string& evidence_hash,
                                                                         const SignatureKey& question,
                                                                         Time now);

 private:
  struct Key {
    std::string evidence_hash;
    SignatureKey question;
    Time now;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept {
      return FactKeyHash{}(key.question) ^ std::hash<std::string>{}(key.evidence_hash);
    }
  };
  using SignaturesFact = Fact<std::shared_ptr<const SignatureFacts>>;
  using Done = FactCache<Key, SignaturesFact, KeyHash>;

  [[nodiscard]] SignaturesFact verify(const Key& key, Time now) const;

  const TextOf text_of_;
  const std::shared_ptr<const EvidenceStore> store_;
  const SignatureVerifier verifier_;
  Done done_;
};

}  // namespace tegata::verifier
