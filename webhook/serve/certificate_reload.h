// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "webhook/http/tls_context.h"
#include "webhook/serve/watch.h"

namespace tegata::webhook {

/// Notices that the files of the serving certificate are others, and hands the new one over. One that
/// cannot be served is logged once; the one before stays. Call look() from one thread at a time.
class CertificateReload {
 public:
  using Serve = std::function<void(std::shared_ptr<const http::TlsContext>)>;
  /// What stands in the files now is served already.
  CertificateReload(std::string certificate_file, std::string private_key_file, Serve serve);
  void look(Watch::Look why, Time now);

 private:
  std::string certificate_file_;
  std::string private_key_file_;
  Serve serve_;
  std::string stamps_;
};

}  // namespace tegata::webhook
