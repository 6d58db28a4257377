// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/docker_config_reload.h"

#include <utility>

#include "webhook/config/file_stamps.h"
#include "webhook/log/log.h"

namespace tegata::webhook {

// The file may have changed since it was read at start: the first look reads it.
DockerConfigReload::DockerConfigReload(std::shared_ptr<verifier::DockerCredentials> credentials,
                                       std::filesystem::path file, Told told)
    : credentials_(std::move(credentials)), file_(std::move(file)), told_(std::move(told)) {}

void DockerConfigReload::look(Watch::Look why, Clock::time_point now) {
  const auto before = stamps_of({file_.string()});
  const bool changed = before != stamps_;
  if (why == Watch::Look::Routine && !changed && now - looked_inside_ < kLookInside) return;
  const bool first = stamps_.empty();
  auto config = verifier::DockerConfig::load(file_);
  looked_inside_ = now;
  stamps_ = before;  // what is written from here on, the next look sees
  if (!config.ok()) {
    if (std::exchange(error_, config.error().message) != error_)
      log(LogLevel::Error, "docker's config.json could not be read; the credentials before are still used",
          {{"error", error_}});
    return;
  }
  error_.clear();
  if (told_ && changed && !first) told_(*config);
  if (changed && !first)
    log(LogLevel::Info, "docker's config.json was read again", {{"file", file_.string()}});
  credentials_->replace(*std::move(config));
}

}  // namespace tegata::webhook
