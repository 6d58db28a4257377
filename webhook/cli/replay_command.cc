// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/replay_command.h"

#include <filesystem>
#include <ostream>

#include "verifier/evidence/evidence_store.h"
#include "webhook/audit/audit_reader.h"
#include "webhook/cli/load_policy.h"
#include "webhook/cli/replay.h"
#include "webhook/cli/replay_report.h"

namespace tegata::webhook::cli {
namespace {

ExitCode refuse_replay(const Terminal& terminal, const std::string& why) {
  terminal.err << "tegata replay: " << why << "\n";
  return ExitCode::Usage;
}

/// Null where no folder is named.
Result<std::shared_ptr<const verifier::EvidenceStore>> open_store(const std::string& folder) {
  if (folder.empty()) return std::shared_ptr<const verifier::EvidenceStore>();
  std::error_code ignored;
  // Opening a store makes its folder, and an empty one in the wrong place would look like evidence lost.
  if (!std::filesystem::is_directory(folder, ignored))
    return Error{ErrorCode::NotFound, "--evidence-dir " + folder + ": there is no such folder"};
  TEGATA_TRY(auto store, verifier::EvidenceStore::open(folder));
  return std::shared_ptr<const verifier::EvidenceStore>(std::move(store));
}

void show_progress(const AuditReader& audit, std::uint64_t records, const Terminal& terminal) {
  if (!terminal.shows_progress || records % 1000 != 0 || audit.lines().bytes() == 0) return;
  terminal.err << "\r" << records << " records, " << audit.lines().bytes_read() * 100 / audit.lines().bytes()
               << " %" << std::flush;
}

}  // namespace

ExitCode run_replay(const ReplayOptions& options, const Terminal& terminal) {
  const auto policies = load_policy(options.policy, options.trusted_root, terminal);
  if (!policies) return ExitCode::Usage;
  auto audit = AuditReader::open(options.audit);
  if (!audit.ok()) return refuse_replay(terminal, audit.error().message);
  const auto store = open_store(options.evidence_dir);
  if (!store.ok()) return refuse_replay(terminal, store.error().message);

  const auto text_of = [&](const std::string& hash) -> std::shared_ptr<const std::string> {
    auto text = audit->evidence(hash);
    return text.ok() ? std::make_shared<const std::string>(*std::move(text)) : nullptr;
  };
  ReplayEngine engine(*policies, text_of, *store);
  Replay replay(engine, *audit);
  ReplayReport report(options.format, terminal);
  std::uint64_t lost = 0;
  while (auto record = audit->next()) {
    if (!record->ok()) {
      report.add(record->error().in(options.audit));
      continue;
    }
    lost += static_cast<std::uint64_t>((*record)->lost_before);
    const auto replayed = replay.judge_again(**std::move(record));
    if (replayed.ok())
      report.add(*replayed);
    else
      report.add(replayed.error().in(options.audit));
    show_progress(*audit, report.records(), terminal);
  }
  if (terminal.shows_progress && report.records() >= 1000) terminal.err << "\r\x1b[K" << std::flush;
  report.finish(lost);
  return report.exit_code();
}

}  // namespace tegata::webhook::cli
