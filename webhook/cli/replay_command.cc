// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <ostream>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "policy/model/limits.h"
#include "verifier/evidence/evidence_store.h"
#include "webhook/audit/audit_reader.h"
#include "webhook/cli/in_order.h"
#include "webhook/cli/judge_again.h"
#include "webhook/cli/read_input.h"
#include "webhook/cli/replay_report.h"
#include "webhook/cli/subcommands.h"

namespace tegata::webhook::cli {
namespace {

ExitCode refuse_replay(const Terminal& terminal, const std::string& why) {
  terminal.err << "tegata replay: " << why << "\n";
  return ExitCode::Usage;
}

/// Null if no folder is given.
Result<std::shared_ptr<const verifier::EvidenceStore>> open_store(const std::string& folder) {
  if (folder.empty()) return std::shared_ptr<const verifier::EvidenceStore>();
  std::error_code ignored;
  // Opening a store creates its folder, and a new empty folder would look as if evidence were lost.
  if (!std::filesystem::is_directory(folder, ignored))
    return Error{ErrorCode::NotFound, "--evidence-dir " + folder + ": this folder does not exist"};
  TEGATA_TRY(auto store, verifier::EvidenceStore::open(folder));
  return std::shared_ptr<const verifier::EvidenceStore>(std::move(store));
}

/// Opened before anything is judged, so that a wrong name is reported at once.
Result<std::vector<AuditReader>> open_all(const std::vector<std::string>& paths, RecordedContents& contents) {
  std::vector<AuditReader> all;
  for (const auto& path : paths) {
    TEGATA_TRY(auto reader, AuditReader::open(path, contents));
    all.push_back(std::move(reader));
  }
  return all;
}

/// Records in sequence, and what could not be read among them, so that threads need not meet for each line.
struct Batch {
  std::vector<Result<RecordLine>> lines;
  std::size_t bytes = 0;
};
using Entries = std::vector<Result<ReportEntry>>;

/// Judges the records of files in their order and reports them in that order.
class ReplayRun {
 public:
  ReplayRun(const ReplayOptions& options, JudgeAgain& judge, ReplayReport& report, const Terminal& terminal)
      : options_(options),
        report_(report),
        terminal_(terminal),
        work_(
            threads_of(options), limits::kReplayAhead,
            [this, &judge](const Batch& batch) { return entries_of(batch, judge); },
            [this](const Entries& entries) { take(entries); }) {}

  void read(AuditReader& audit, const std::string& path);

 private:
  static std::size_t threads_of(const ReplayOptions& options) {
    const std::size_t asked = options.jobs != 0 ? options.jobs : std::thread::hardware_concurrency();
    return std::clamp<std::size_t>(asked, 1, limits::kReplayJobs);
  }
  [[nodiscard]] Entries entries_of(const Batch& batch, JudgeAgain& judge) const;
  void take(const Entries& entries);
  void send(Batch& batch);
  void show_progress(const AuditReader& audit) const;

  const ReplayOptions& options_;
  ReplayReport& report_;
  const Terminal& terminal_;
  std::string path_;
  InOrder<Batch, Entries> work_;
};

Entries ReplayRun::entries_of(const Batch& batch, JudgeAgain& judge) const {
  Entries entries;
  entries.reserve(batch.lines.size());
  for (const auto& line : batch.lines) {
    const auto replayed = line.ok() ? judge(*line) : Result<Replayed>(line.error());
    entries.push_back(replayed.ok() ? entry_of(*replayed, options_.format, terminal_.style)
                                    : Result<ReportEntry>(replayed.error()));
  }
  return entries;
}

void ReplayRun::take(const Entries& entries) {
  for (const auto& entry : entries) {
    if (entry.ok())
      report_.add(*entry);
    else
      report_.add(entry.error().in(path_));
  }
}

void ReplayRun::send(Batch& batch) {
  const auto bytes = batch.bytes;
  work_.add(std::exchange(batch, {}), bytes);
}

void ReplayRun::read(AuditReader& audit, const std::string& path) {
  path_ = path;
  Batch batch;
  while (auto line = audit.next()) {
    batch.bytes += line->ok() ? (*line)->text.size() : 0;
    batch.lines.push_back(*std::move(line));
    if (batch.bytes < limits::kReplayBatch) continue;
    send(batch);
    show_progress(audit);
  }
  if (!batch.lines.empty()) send(batch);
  work_.finish();
}

void ReplayRun::show_progress(const AuditReader& audit) const {
  if (!terminal_.shows_progress || audit.lines().bytes() == 0) return;
  terminal_.err << "\r" << report_.records() << " records, "
                << audit.lines().bytes_read() * 100 / audit.lines().bytes() << " % of this file"
                << std::flush;
}

}  // namespace

ExitCode run_replay(const ReplayOptions& options, const Terminal& terminal) {
  const auto policies = load_policy(options.policy, options.trusted_root, terminal);
  if (!policies) return ExitCode::Usage;
  RecordedContents contents;
  auto files = open_all(options.audit, contents);
  if (!files.ok()) return refuse_replay(terminal, files.error().message);
  const auto store = open_store(options.evidence_dir);
  if (!store.ok()) return refuse_replay(terminal, store.error().message);

  const auto text_of = [&](const std::string& hash) -> std::shared_ptr<const std::string> {
    auto text = contents.evidence(hash);
    return text.ok() ? std::make_shared<const std::string>(*std::move(text)) : nullptr;
  };
  ReplayEngine engine(*policies, text_of, *store);
  JudgeAgain judge(engine, contents);
  ReplayReport report(options.format, terminal);
  ReplayRun run(options, judge, report, terminal);
  for (std::size_t i = 0; i < files->size(); ++i) run.read((*files)[i], options.audit[i]);
  if (terminal.shows_progress) terminal.err << "\r\x1b[K" << std::flush;
  report.finish();
  return report.exit_code();
}

}  // namespace tegata::webhook::cli
