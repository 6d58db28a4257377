// SPDX-License-Identifier: Apache-2.0
// A registry that offers HTTP/2 (nginx): requests for many images share one connection, side by side.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/listening_process.h"
#include "tests/support/registry_fixture.h"
#include "tests/support/test_certificate.h"
#include "verifier/crypto/hash.h"

namespace tegata::verifier {
namespace {

namespace fs = std::filesystem;
constexpr auto kProgram = "/usr/sbin/nginx";
constexpr std::size_t kImages = 50;

/// One line of nginx's log.
struct Exchange {
  std::string connection;
  std::string protocol;
  double answered = 0;  ///< seconds
  double duration = 0;
  [[nodiscard]] double arrived() const { return answered - duration; }
};

/// Serves files below `/v2/` over TLS, at 1 KiB a second, so that answers overlap.
class Nginx {
 public:
  explicit Nginx(const testing::TlsFiles& tls) {
    char folder[] = "/tmp/tegata-nginx-XXXXXX";
    if (!::mkdtemp(folder)) throw std::runtime_error("cannot make a folder in /tmp");
    folder_ = folder;
    std::ofstream(folder_ / "nginx.conf")
        << "pid " << folder << "/pid; error_log " << folder << "/error.log; user root;\nevents {}\nhttp {\n"
        << "log_format exchange '$connection $server_protocol $msec $request_time';\n"
        << "access_log " << folder << "/access.log exchange;\n"
        << "default_type application/vnd.oci.image.manifest.v1+json;\nhttp2_max_concurrent_streams 256;\n"
        << "client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; "
           "scgi_temp_path s;\n"
        << "server { listen 127.0.0.1:" << port_ << " ssl http2; root " << folder << ";\n"
        << "ssl_certificate " << tls.certificate << "; ssl_certificate_key " << tls.key << ";\n"
        << "limit_rate 1k; } }\n";
    const auto start = std::string(kProgram) + " -p " + folder + " -c " + folder + "/nginx.conf 2>/dev/null";
    if (std::system(start.c_str()) != 0) throw std::runtime_error("nginx does not start");
  }
  ~Nginx() {
    long process = 0;
    std::ifstream(folder_ / "pid") >> process;
    if (process > 1) ::kill(static_cast<pid_t>(process), SIGTERM);
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  [[nodiscard]] std::string host() const { return "127.0.0.1:" + std::to_string(port_); }

  Digest add(const std::string& name, const std::string& manifest) const {
    const auto digest = sha256(manifest);
    fs::create_directories(folder_ / "v2" / name / "manifests");
    std::ofstream(folder_ / "v2" / name / "manifests" / digest.text()) << manifest;
    return digest;
  }
  /// Once there are so many: nginx writes its log after the answer.
  [[nodiscard]] std::vector<Exchange> exchanges(std::size_t expected) const {
    std::vector<Exchange> seen;
    for (int tries = 0; tries < 100 && seen.size() < expected; ++tries) {
      if (tries > 0) std::this_thread::sleep_for(std::chrono::milliseconds(50));
      seen.clear();
      std::ifstream log(folder_ / "access.log");
      for (Exchange one; log >> one.connection >> one.protocol >> one.answered >> one.duration;)
        seen.push_back(one);
    }
    return seen;
  }

 private:
  const std::uint16_t port_ = testing::free_port();
  fs::path folder_;
};

TEST(Http2, FiftyImagesShareOneConnectionSideBySide) {
  if (::access(kProgram, X_OK) != 0) GTEST_SKIP() << kProgram << " is not installed";
  const testing::TestCertificate certificate;
  const Nginx nginx(certificate.files());
  RegistrySettings settings;
  settings.loopback_registries = {nginx.host()};
  settings.http.ca_file = certificate.files().certificate;
  const auto source = *RegistrySource::open(std::move(settings));
  std::vector<ContentRequest> requests;
  for (std::size_t i = 0; i < kImages; ++i) {
    const auto name = "app" + std::to_string(i);
    const auto digest =
        nginx.add(name, R"({"schemaVersion":2,"name":")" + name + std::string(900, 'x') + "\"}");
    requests.emplace_back(ManifestRequest{{nginx.host(), name}, digest});
    // No more than 100 in all: what libcurl puts on a connection before the server has said how many it
    // takes.
    requests.emplace_back(TagRequest{{nginx.host(), name}, digest.tag_prefix() + ".sig"});
  }
  const auto answers = fetch_and_wait(*source, std::move(requests), testing::soon());
  for (std::size_t i = 0; i < answers.size(); ++i) EXPECT_EQ(answers[i].ok(), i % 2 == 0) << i;

  const auto seen = nginx.exchanges(2 * kImages);
  ASSERT_EQ(seen.size(), 2 * kImages);
  std::set<std::string> connections;
  double last_arrived = 0;
  double first_long_answered = 1e300;
  for (const auto& one : seen) {
    EXPECT_EQ(one.protocol, "HTTP/2.0");
    connections.insert(one.connection);
    last_arrived = std::max(last_arrived, one.arrived());
    if (one.duration > 0.1) first_long_answered = std::min(first_long_answered, one.answered);
  }
  EXPECT_EQ(connections.size(), 1U);
  EXPECT_LT(last_arrived, first_long_answered) << "a request waited for the answer to another";
}

}  // namespace
}  // namespace tegata::verifier
