// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/reload.h"

#include <utility>

#include "webhook/clock.h"
#include "webhook/config/read_file.h"
#include "webhook/log/log.h"

namespace tegata::webhook {
namespace {

/// After this many consecutive looks during which files were written, the files are used as read.
constexpr int kDisturbedLooks = 3;

std::vector<std::string> files_of(const std::string& path, const LoadedPolicies& loaded) {
  auto files = loaded.trust_files();
  files.push_back(path);
  return files;
}

}  // namespace

Reload::Reload(std::string path, const LoadedPolicies& served, Load load, Serve serve)
    : path_(std::move(path)),
      files_(files_of(path_, served)),
      hash_(served.policies->hash),
      load_(std::move(load)),
      serve_(std::move(serve)) {}

void Reload::look(Watch::Look why, Clock::time_point now) {
  auto before = stamps_of(files_);
  const bool due = before != stamps_ || now - looked_inside_ >= kLookInside;
  if (why == Watch::Look::Routine && !due) return;
  auto loaded = load_();
  looked_inside_ = now;
  // Files that were written during the read may be a mix of old and new: the next look decides.
  if (stamps_of(files_) != before && ++torn_ < kDisturbedLooks) {
    stamps_.clear();
    return;
  }
  torn_ = 0;
  files_ = files_of(path_, loaded);
  stamps_ = stamps_of(files_);
  if (loaded.policies == nullptr)
    refuse(loaded);
  else
    take(std::move(loaded));
}

void Reload::take(LoadedPolicies loaded) {
  const bool was_broken = is_broken_.exchange(false);
  reported_.clear();
  if (loaded.policies->hash == hash_) {
    if (was_broken)
      log(LogLevel::Info, "the policies on disk match the served policies again", {{"policyHash", hash_}});
    return;
  }
  auto hash = loaded.policies->hash;
  serve_(std::move(loaded));
  log(LogLevel::Info, "new policies are being served", {{"policyHash", hash}, {"before", hash_}});
  hash_ = std::move(hash);
  ++good_;
}

void Reload::refuse(const LoadedPolicies& loaded) {
  is_broken_ = true;
  const auto& errors = loaded.errors;
  if (!reported_.empty() && reported_ == errors) return;
  reported_ = errors;
  ++broken_;
  for (const auto& error : errors) log(LogLevel::Error, error);
  log(LogLevel::Error, "the policies could not be loaded; the previous ones are still served",
      {{"error", loaded.error(path_).message}, {"policyHash", hash_}});
}

CertificateReload::CertificateReload(http::TlsFiles files, Serve serve, OnRefused on_refused)
    : files_(std::move(files)),
      serve_(std::move(serve)),
      on_refused_(std::move(on_refused)),
      stamps_(stamps_of({files_.certificate, files_.private_key, files_.client_ca})) {}

void CertificateReload::look(Watch::Look why, Time now) {
  auto stamps = stamps_of({files_.certificate, files_.private_key, files_.client_ca});
  if (why == Watch::Look::Routine && stamps == stamps_) return;
  stamps_ = std::move(stamps);
  auto tls = http::TlsContext::load(files_, now);
  if (!tls.ok()) {
    log(LogLevel::Error, "the certificate could not be loaded; the previous one is still served",
        {{"error", tls.error().message}});
    on_refused_();
    return;
  }
  log(LogLevel::Info, "the certificate was reloaded", {{"notAfter", rfc3339((*tls)->not_after())}});
  serve_(*std::move(tls));
}

// The file may have changed since it was read at start: the first look reads it.
DockerConfigReload::DockerConfigReload(std::shared_ptr<verifier::DockerCredentials> credentials,
                                       std::filesystem::path file, OnConfig on_config)
    : credentials_(std::move(credentials)), file_(std::move(file)), on_config_(std::move(on_config)) {}

void DockerConfigReload::look(Watch::Look why, Clock::time_point now) {
  const auto before = stamps_of({file_.string()});
  const bool changed = before != stamps_;
  if (why == Watch::Look::Routine && !changed && now - looked_inside_ < kLookInside) return;
  const bool first = stamps_.empty();
  auto config = verifier::DockerConfig::load(file_);
  looked_inside_ = now;
  stamps_ = before;  // the next look sees later changes
  if (!config.ok()) {
    if (std::exchange(error_, config.error().message) != error_)
      log(LogLevel::Error, "docker's config.json could not be read; the previous credentials are still used",
          {{"error", error_}});
    return;
  }
  error_.clear();
  if (on_config_ && changed && !first) on_config_(*config);
  if (changed && !first) log(LogLevel::Info, "docker's config.json was reloaded", {{"file", file_.string()}});
  credentials_->replace(*std::move(config));
}

}  // namespace tegata::webhook
