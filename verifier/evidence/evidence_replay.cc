// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/evidence_replay.h"

#include <chrono>
#include <optional>
#include <utility>

#include "policy/model/limits.h"
#include "verifier/crypto/sha256.h"
#include "verifier/evidence/fact_size.h"
#include "verifier/evidence/replay_source.h"
#include "verifier/evidence/signature_fact.h"
#include "verifier/sigstore/discover.h"

namespace tegata::verifier {
namespace {

/// Longer than a replay takes: recorded evidence does not change.
constexpr std::chrono::hours kForTheWholeReplay{24 * 365};

Unknown not_recorded(std::string message) { return {{ErrorCode::NotRecorded, std::move(message)}}; }

}  // namespace

EvidenceReplay::EvidenceReplay(TextOf text_of, std::shared_ptr<const EvidenceStore> store,
                               SignatureVerifier verifier)
    : text_of_(std::move(text_of)),
      store_(std::move(store)),
      verifier_(std::move(verifier)),
      done_(limits::kCacheEntries, limits::kCacheBytes,
            Unknown{{ErrorCode::Internal, "the replay was given up without an answer"}}) {}

EvidenceReplay::SignaturesFact EvidenceReplay::verify_again(const std::string& evidence_hash,
                                                            const SignatureKey& question, Time now) {
  Key key{evidence_hash, question, Time{}};
  // Where the time matters, what was verified at another one says nothing.
  if (asks_now(*question.trust)) key.now = now;
  if (const auto done = done_.find(key)) return *done;
  auto fact = std::make_shared<const SignaturesFact>(verify(key, now));
  auto bytes = bytes_of(question);
  if (const auto* known = std::get_if<Known<std::shared_ptr<const SignatureFacts>>>(fact.get()))
    bytes += bytes_of(*known->value);
  done_.get(
      key,
      [&](const Done::Completion& complete) {
        complete({fact, kForTheWholeReplay, bytes});
      },
      [](const auto&) {});
  return *fact;
}

EvidenceReplay::SignaturesFact EvidenceReplay::verify(const Key& key, Time now) const {
  if (key.evidence_hash.empty())
    return not_recorded("the evidence was not kept: serve ran without --evidence-dir");
  auto text = text_of_(key.evidence_hash);
  if (!text) return not_recorded("the audit log does not hold the evidence " + key.evidence_hash);
  if (sha256(*text).hex() != key.evidence_hash)
    return not_recorded("the evidence " + key.evidence_hash + " is not the text that its hash names");
  auto source = ReplaySource::open(*text, store_);
  if (!source.ok()) return not_recorded(source.error().message);

  const auto candidates = std::make_shared<std::optional<Candidates>>();
  const auto& question = key.question;
  discover_signatures(**source, question.image, question.signatures, question.digest, question.trust->reach,
                      Deadline::never(), [candidates](Candidates found) { *candidates = std::move(found); });
  if (const auto& missing = (*source)->missing()) return Unknown{*missing};
  if (!*candidates) return Unknown{{ErrorCode::Internal, "recorded evidence was not examined at once"}};
  return signature_fact(verifier_, question.digest, **candidates, *question.trust, now,
                        {key.evidence_hash, std::move(text)});
}

}  // namespace tegata::verifier
