// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/fact_replayer.h"

#include <stdexcept>

#include "verifier/crypto/sha256.h"
#include "verifier/evidence/evidence_store.h"

namespace tegata::verifier {
namespace {

Error not_recorded(std::string message) { return {ErrorCode::NotRecorded, std::move(message)}; }

}  // namespace

EvidenceReplay::EvidenceReplay(TextOf text_of, std::shared_ptr<const EvidenceStore> store,
                               const FactKinds& kinds)
    : text_of_(std::move(text_of)), store_(std::move(store)) {
  for (const auto& kind : kinds) replayers_.emplace_back(&kind->id(), kind->replayer());
}

FactReplayer& EvidenceReplay::replayer_of(const KindId& kind) const {
  for (const auto& [id, replayer] : replayers_)
    if (id == &kind) return *replayer;
  throw std::logic_error("no maker for facts of the kind " + std::string(kind.name));
}

Result<std::pair<std::unique_ptr<ReplaySource>, Evidence>> EvidenceReplay::open(
    const std::string& hash) const {
  if (hash.empty()) return not_recorded("the evidence was not kept: serve ran without --evidence-dir");
  auto text = text_of_(hash);
  if (!text) return not_recorded("the audit log does not hold the evidence " + hash);
  if (sha256(*text).hex() != hash)
    return not_recorded("the evidence " + hash + " is not the text that its hash names");
  auto source = ReplaySource::open(*text, store_);
  if (!source.ok()) return not_recorded(source.error().message);
  return std::pair(*std::move(source), Evidence{hash, std::move(text)});
}

void NoOtherFacts::ask_any(FactSubject, AnyQuestion question, Deadline,
                           std::function<void(const FactFetcher::Answer&)>) {
  throw std::logic_error("a fact that is made from evidence asked for " + std::string(question.kind().name));
}

}  // namespace tegata::verifier
