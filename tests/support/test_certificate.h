// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <stdexcept>
#include <string>

#include "tests/support/loopback_server.h"

namespace tegata::testing {

/// A self-signed certificate for 127.0.0.1 in a folder that goes with it. Made by the openssl command.
class TestCertificate {
 public:
  TestCertificate() {
    char folder[] = "/tmp/tegata-certificate-XXXXXX";
    if (!::mkdtemp(folder)) throw std::runtime_error("cannot make a folder in /tmp");
    folder_ = folder;
    files_ = {folder_ + "/certificate.pem", folder_ + "/key.pem"};
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=tegata-test "
        "-addext subjectAltName=IP:127.0.0.1 -keyout " +
        files_.key + " -out " + files_.certificate + " 2>/dev/null";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("openssl cannot make a certificate");
  }
  TestCertificate(const TestCertificate&) = delete;
  TestCertificate& operator=(const TestCertificate&) = delete;
  ~TestCertificate() {
    std::remove(files_.certificate.c_str());
    std::remove(files_.key.c_str());
    std::remove(folder_.c_str());
  }
  [[nodiscard]] const TlsFiles& files() const noexcept { return files_; }

 private:
  std::string folder_;
  TlsFiles files_;
};

}  // namespace tegata::testing
