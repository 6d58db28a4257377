// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/certificate_reload.h"

#include <utility>

#include "webhook/clock.h"
#include "webhook/config/file_stamps.h"
#include "webhook/log/log.h"

namespace tegata::webhook {

CertificateReload::CertificateReload(std::string certificate_file, std::string private_key_file, Serve serve)
    : certificate_file_(std::move(certificate_file)),
      private_key_file_(std::move(private_key_file)),
      serve_(std::move(serve)),
      stamps_(stamps_of({certificate_file_, private_key_file_})) {}

void CertificateReload::look(Watch::Look why, Time now) {
  auto stamps = stamps_of({certificate_file_, private_key_file_});
  if (why == Watch::Look::Routine && stamps == stamps_) return;
  stamps_ = std::move(stamps);
  auto tls = http::TlsContext::load(certificate_file_, private_key_file_, now);
  if (!tls.ok()) {
    log(LogLevel::Error, "the certificate could not be loaded; the one before is still served",
        {{"error", tls.error().message}});
    return;
  }
  log(LogLevel::Info, "the certificate was loaded anew", {{"notAfter", rfc3339((*tls)->not_after())}});
  serve_(*std::move(tls));
}

}  // namespace tegata::webhook
