// SPDX-License-Identifier: Apache-2.0
#include "tests/support/docker_registry.h"

#include <fcntl.h>
#include <httplib.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/support/listening_process.h"
#include "verifier/oci/manifest.h"

namespace tegata::testing {
namespace {

constexpr auto kProgram = "/usr/bin/docker-registry";
constexpr std::size_t kMostBytes = 256 * 1024 * 1024;

Error unavailable(std::string message) { return {ErrorCode::Unavailable, std::move(message)}; }

void write_config(const std::string& folder, std::uint16_t port) {
  std::ofstream config(folder + "/config.yml");
  config << "version: 0.1\nlog: {level: error}\nstorage:\n  filesystem: {rootdirectory: " << folder
         << "/data}\nhttp: {addr: \"127.0.0.1:" << port << "\"}\n";
}

httplib::Client client_of(std::uint16_t port) {
  httplib::Client client("127.0.0.1", port);
  client.set_connection_timeout(5);
  client.set_read_timeout(30);
  return client;
}

/// Manifests are pushed before the indexes that name them.
enum class Kind { Blob, Manifest, Index };
Kind kind_of(const std::string& bytes) {
  const auto parsed = verifier::parse_manifest(bytes);
  if (!parsed.ok()) return Kind::Blob;
  return std::holds_alternative<verifier::Index>(*parsed) ? Kind::Index : Kind::Manifest;
}

std::string media_type_of(const std::string& bytes) {
  const auto parsed = verifier::parse_manifest(bytes);
  if (!parsed.ok()) return "application/vnd.oci.image.manifest.v1+json";
  return std::visit([](const auto& document) { return document.media_type; }, *parsed);
}

}  // namespace

Result<std::unique_ptr<DockerRegistry>> DockerRegistry::start() {
  if (::access(kProgram, X_OK) != 0) return unavailable(std::string(kProgram) + " is not installed");
  std::unique_ptr<DockerRegistry> registry(new DockerRegistry);
  char folder[] = "/tmp/tegata-registry-XXXXXX";
  if (!::mkdtemp(folder)) return unavailable("cannot make a folder in /tmp");
  registry->folder_ = folder;
  registry->port_ = free_port();
  write_config(registry->folder_, registry->port_);
  TEGATA_CHECK(registry->spawn());
  TEGATA_CHECK(registry->wait_until_ready());
  return registry;
}

Status DockerRegistry::spawn() {
  const std::string config = folder_ + "/config.yml";
  const std::string log = folder_ + "/log";
  process_ = ::fork();
  if (process_ < 0) return unavailable("cannot start a process");
  if (process_ > 0) return done();
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);  // a caller that waits for signals has blocked them
  const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::execl(kProgram, kProgram, "serve", config.c_str(), static_cast<char*>(nullptr));
  ::_exit(127);
}

Status DockerRegistry::wait_until_ready() const {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < deadline) {
    if (::waitpid(process_, nullptr, WNOHANG) != 0) return unavailable("docker-registry ended at once");
    const auto answer = client_of(port_).Get("/v2/");
    // Somebody else may have taken the port between our probe and the start.
    if (answer && answer->status == 200 && listens_on(process_, port_)) return done();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return unavailable("docker-registry did not answer in time");
}

DockerRegistry::~DockerRegistry() {
  if (process_ > 0 && ::waitpid(process_, nullptr, WNOHANG) == 0) {
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
  }
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

Status DockerRegistry::push_blob(const std::string& repository, const Digest& digest,
                                 const std::string& bytes) {
  auto client = client_of(port_);
  const auto begun = client.Post("/v2/" + repository + "/blobs/uploads/");
  if (!begun || begun->status != 202) return unavailable("the registry begins no upload to " + repository);
  auto where = begun->get_header_value("Location");
  where = where.substr(where.find("/v2/"));
  where += (where.find('?') == std::string::npos ? "?" : "&") + ("digest=sha256%3A" + digest.hex());
  const auto ended = client.Put(where, bytes, "application/octet-stream");
  if (!ended || ended->status != 201) return unavailable("the registry refuses the blob " + digest.text());
  return done();
}

Status DockerRegistry::push_manifest(const std::string& repository, const std::string& reference,
                                     const std::string& bytes) {
  const auto answer =
      client_of(port_).Put("/v2/" + repository + "/manifests/" + reference, bytes, media_type_of(bytes));
  if (!answer || answer->status != 201)
    return unavailable("the registry refuses the manifest " + reference +
                       (answer ? ": " + std::to_string(answer->status) + " " + answer->body : ""));
  return done();
}

Status DockerRegistry::tag(const verifier::RecordedLayout& layout, const Digest& digest,
                           const std::string& repository, const std::string& tag) {
  TEGATA_TRY(const auto bytes, layout.read(digest, kMostBytes));
  return push_manifest(repository, tag, bytes);
}

Status DockerRegistry::push(const verifier::RecordedLayout& layout, const std::string& repository) {
  std::map<Kind, std::vector<std::pair<Digest, std::string>>> by_kind;
  for (const auto& digest : layout.blobs()) {
    TEGATA_TRY(auto bytes, layout.read(digest, kMostBytes));
    const Kind kind = kind_of(bytes);
    by_kind[kind].emplace_back(digest, std::move(bytes));
  }
  for (const auto& [digest, bytes] : by_kind[Kind::Blob]) TEGATA_CHECK(push_blob(repository, digest, bytes));
  for (const Kind kind : {Kind::Manifest, Kind::Index})
    for (const auto& [digest, bytes] : by_kind[kind])
      TEGATA_CHECK(push_manifest(repository, digest.text(), bytes));
  for (const auto& [name, digest] : layout.tags()) TEGATA_CHECK(tag(layout, digest, repository, name));
  return done();
}

}  // namespace tegata::testing
