// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "testdata_folder.h"
#include "tests/integration/serve_process.h"
#include "tests/support/fake_registry.h"
#include "tests/unit/http/test_certificate.h"
#include "tests/unit/http/tls_client.h"
#include "verifier/crypto/hash.h"
#include "verifier/crypto/text_encoding.h"

namespace tegata::testing {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;
using webhook::http::testing::Client;
using webhook::http::testing::get;
using webhook::http::testing::make_certificate;
using webhook::http::testing::post;
using webhook::http::testing::TemporaryFolder;

/// A policy that allows images of this registry alone.
std::string only_from(const std::string& registry) {
  return "apiVersion: tegata.dev/v1alpha1\nkind: DeploymentPolicy\nmetadata: {name: p}\nspec:\n  rules:\n"
         "    - {name: registries, allowedRegistries: [\"" +
         registry + "/**\"]}\n";
}

/// A Deployment of this image.
std::string review(const std::string& image = "registry.example/app:v1") {
  std::ifstream file(std::string(TEGATA_TESTDATA) + "/admission-reviews/deploy1-create.02.validate.json");
  auto review = json::parse(file);
  auto& spec = review["request"]["object"]["spec"]["template"]["spec"];
  spec["containers"] = json::array({{{"name", "app"}, {"image", image}}});
  spec.erase("initContainers");
  spec.erase("volumes");
  return review.dump();
}

bool within(std::chrono::seconds time, const std::function<bool()>& holds) {
  for (const auto end = std::chrono::steady_clock::now() + time; std::chrono::steady_clock::now() < end;) {
    if (holds()) return true;
    std::this_thread::sleep_for(20ms);
  }
  return false;
}

struct ServeReloadTest : ::testing::Test {
  TemporaryFolder folder;
  std::string policy = folder.write("policy.yaml", only_from("registry.example"));

  ServeReloadTest() { write_certificate(); }
  void write_certificate() const {
    const auto pair = make_certificate(90);
    folder.write("tls.crt", pair.certificate);
    folder.write("tls.key", pair.key);
  }
  std::vector<std::string> arguments() const {
    return {"--policy=" + policy,
            "--listen=127.0.0.1:0",
            "--metrics-listen=127.0.0.1:0",
            "--tls-cert-file=" + folder.path("tls.crt"),
            "--tls-private-key-file=" + folder.path("tls.key"),
            "--audit-log=" + folder.path("audit.jsonl"),
            "--drain-grace=100ms"};
  }
  /// As an editor that takes care writes: whole or not at all.
  void replace_policy(const std::string& text) const {
    std::filesystem::rename(folder.write("policy.new", text), policy);
  }
  static std::string metrics(const ServeProcess& process) {
    Client client(process.metrics_port(), Client::Tls::No);
    client.send(get("/metrics"));
    const auto reply = client.receive();
    return reply ? reply->body : "";
  }
  static std::optional<bool> allows(int port, const std::string& request = review()) {
    Client client(port, Client::Tls::Yes);
    client.send(post("/validate?timeout=10s", request));
    const auto reply = client.receive();
    if (!reply || reply->status != 200) return std::nullopt;
    return json::parse(reply->body)["response"]["allowed"].get<bool>();
  }
};

TEST_F(ServeReloadTest, UsesARotatedRegistryPasswordByItselfAndTellsHowTheRegistryFares) {
  const std::string manifest = R"({"schemaVersion":2})";
  FakeRegistry registry;
  registry.on_ask("/v2/app/manifests/v1", [&](const ServedRequest& request) {
    if (request.header("authorization") != "Basic " + verifier::encode_base64("me:second"))
      return Reply{401, {{"WWW-Authenticate", "Basic realm=\"r\""}}, ""};
    return Reply{200, {{"Content-Type", "application/vnd.oci.image.manifest.v1+json"}}, manifest};
  });
  const auto config = [&](const std::string& password) {
    return R"({"auths":{")" + registry.host() + R"(":{"username":"me","password":")" + password + R"("}}})";
  };
  folder.write(
      "policy.yaml",
      "apiVersion: tegata.dev/v1alpha1\nkind: DeploymentPolicy\nmetadata: {name: p}\nspec:\n  rules:\n"
      "    - {name: tags, tag: {pattern: \".*\"}}\n");
  folder.write("config.json", config("first"));
  auto with_registry = arguments();
  with_registry.push_back("--insecure-plain-http=" + registry.host());
  ServeProcess process(with_registry, {{"DOCKER_CONFIG", folder.path("")}});
  ASSERT_TRUE(process.serving()) << process.errors();
  const auto request = review(registry.host() + "/app:v1@" + verifier::sha256(manifest).text());
  EXPECT_EQ(allows(process.port(), request), false);
  EXPECT_EQ(allows(process.port(), request), false);
  const auto log = process.errors();
  const auto line = log.find("a registry fails");
  ASSERT_NE(line, std::string::npos) << log;
  EXPECT_EQ(log.find("a registry fails", line + 1), std::string::npos) << log;
  EXPECT_THAT(log, HasSubstr("\"refusing\""));
  std::filesystem::rename(folder.write("config.new", config("second")), folder.path("config.json"));
  EXPECT_TRUE(within(30s, [&] { return allows(process.port(), request) == true; })) << process.errors();
  const auto counted = [&](const std::string& code) {
    return "tegata_registry_requests_total{code=\"" + code + "\",registry=\"" + registry.host() + "\"}";
  };
  const auto text = metrics(process);
  EXPECT_THAT(text, HasSubstr(counted("ok") + " 1\n"));
  EXPECT_THAT(text, Not(HasSubstr(counted("unauthorized") + " 0\n")));
  EXPECT_THAT(process.errors(), Not(HasSubstr("second\"")));
}

TEST_F(ServeReloadTest, FollowsAChangedPolicyByItself) {
  ServeProcess process(arguments(), {});
  ASSERT_TRUE(process.serving()) << process.errors();
  ASSERT_EQ(allows(process.port()), true);
  replace_policy(only_from("elsewhere.example"));
  EXPECT_TRUE(within(30s, [&] { return allows(process.port()) == false; }));
  EXPECT_THAT(metrics(process), HasSubstr("tegata_policy_reloads_total{result=\"good\"} 1\n"));
}

TEST_F(ServeReloadTest, ContinuesWithANewAuditLogAfterARename) {
  ServeProcess process(arguments(), {});
  ASSERT_TRUE(process.serving()) << process.errors();
  ASSERT_EQ(allows(process.port()), true);
  std::filesystem::rename(folder.path("audit.jsonl"), folder.path("audit.1"));
  const auto old_size = std::filesystem::file_size(folder.path("audit.1"));
  process.signal(SIGHUP);
  ASSERT_TRUE(within(30s, [&] { return std::filesystem::exists(folder.path("audit.jsonl")); }))
      << process.errors();
  ASSERT_TRUE(
      within(30s, [&] { return process.errors().find("the audit log was reopened") != std::string::npos; }));
  ASSERT_EQ(allows(process.port()), true);
  EXPECT_GT(std::filesystem::file_size(folder.path("audit.jsonl")), 0u);
  EXPECT_EQ(std::filesystem::file_size(folder.path("audit.1")), old_size);
}

TEST_F(ServeReloadTest, RecordsNothingInTheNullDeviceAndSaysSo) {
  auto given = arguments();
  given.push_back("--audit-log=/dev/null");
  std::erase(given, "--audit-log=" + folder.path("audit.jsonl"));
  ServeProcess process(given, {});
  ASSERT_TRUE(process.serving()) << process.errors();
  EXPECT_THAT(process.errors(), HasSubstr("no decision is recorded: the audit log is /dev/null"));
  EXPECT_EQ(allows(process.port()), true);
  EXPECT_EQ(allows(process.port(), review("elsewhere.example/app:v1")), false);
  EXPECT_THAT(metrics(process), HasSubstr("tegata_audit_records_lost_total 0"));
  process.signal(SIGHUP);
  replace_policy(only_from("elsewhere.example"));
  EXPECT_TRUE(within(30s, [&] { return allows(process.port()) == false; })) << process.errors();
  process.signal(SIGTERM);
  EXPECT_EQ(process.exit_code(), 0) << process.errors();
}

TEST_F(ServeReloadTest, KeepsTheGoodPolicyWhereTheNewOneIsBroken) {
  ServeProcess process(arguments(), {});
  ASSERT_TRUE(process.serving()) << process.errors();
  const auto before = metrics(process);
  replace_policy("apiVersion: tegata.dev/v1alpha1\nkind: Deployment\n");
  process.signal(SIGHUP);
  ASSERT_TRUE(within(30s, [&] {
    return metrics(process).find("tegata_policy_reloads_total{result=\"broken\"} 1\n") != std::string::npos;
  }));
  EXPECT_EQ(allows(process.port()), true);
  const auto after = metrics(process);
  EXPECT_THAT(after, HasSubstr("tegata_policy_broken 1\n"));
  const auto info = before.find("tegata_policy_info{");
  ASSERT_NE(info, std::string::npos);
  EXPECT_THAT(after, HasSubstr(before.substr(info, before.find('\n', info) - info)));
  EXPECT_THAT(process.errors(), HasSubstr("the previous ones are still served"));
  process.signal(SIGTERM);
  EXPECT_EQ(process.exit_code(), 0) << process.errors();
}

TEST_F(ServeReloadTest, ServesTheRenewedCertificateOnNewConnections) {
  ServeProcess process(arguments(), {});
  ASSERT_TRUE(process.serving()) << process.errors();
  Client open(process.port(), Client::Tls::Yes);
  ASSERT_TRUE(open.connected());
  const auto before = open.server_certificate();
  write_certificate();
  process.signal(SIGHUP);
  EXPECT_TRUE(within(30s, [&] {
    const Client next(process.port(), Client::Tls::Yes);
    return next.connected() && next.server_certificate() != before;
  }));
  EXPECT_EQ(allows(process.port()), true);
  open.send(post("/validate?timeout=10s", review()));
  const auto reply = open.receive();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 200);
}

TEST_F(ServeReloadTest, ReportsAFifoInPlaceOfAFileThenTakesTheNewFileAndStillEnds) {
  const auto key = [&](const char* name) {
    std::ifstream file(std::string(TEGATA_TESTDATA) + "/sigstore/keys/" + name + ".pub");
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const auto put_fifo = [&](const std::string& name) {
    ASSERT_EQ(::mkfifo(folder.path("fifo").c_str(), 0600), 0);
    std::filesystem::rename(folder.path("fifo"), folder.path(name));
  };
  folder.write("config.json", "{}");
  folder.write("key.pub", key("hand-p256"));
  folder.write(
      "policy.yaml",
      "apiVersion: tegata.dev/v1alpha1\nkind: DeploymentPolicy\nmetadata: {name: p}\nspec:\n  rules:\n"
      "    - {name: signed, signature: {anyOf: [{key: {file: key.pub}}]}}\n");
  ServeProcess process(arguments(), {{"DOCKER_CONFIG", folder.path("")}});
  ASSERT_TRUE(process.serving()) << process.errors();
  put_fifo("key.pub");
  put_fifo("tls.key");
  put_fifo("config.json");
  process.signal(SIGHUP);
  for (const auto* said : {"key.pub: the file cannot be read: it is a FIFO", "tls.key: it is a FIFO",
                           "config.json: it is a FIFO"})
    EXPECT_TRUE(within(30s, [&] { return process.errors().find(said) != std::string::npos; })) << said;
  std::filesystem::rename(folder.write("key.new", key("hand-other")), folder.path("key.pub"));
  EXPECT_TRUE(within(30s, [&] {
    return process.errors().find("new policies are being served") != std::string::npos;
  })) << process.errors();
  put_fifo("policy.yaml");
  process.signal(SIGHUP);
  EXPECT_TRUE(
      within(30s, [&] { return process.errors().find("policy.yaml: it is a FIFO") != std::string::npos; }));
  process.signal(SIGTERM);
  EXPECT_EQ(process.exit_code(), 0) << process.errors();
}

TEST_F(ServeReloadTest, AnswersEveryRequestOfAStormWhilePoliciesAreSwappedAndBroken) {
  ServeProcess process(arguments(), {});
  ASSERT_TRUE(process.serving()) << process.errors();
  std::atomic<bool> over{false};
  std::atomic<int> answered{0}, unanswered{0}, allowed{0}, denied{0};
  std::vector<std::thread> storm;
  for (int i = 0; i < 6; ++i)
    storm.emplace_back([&] {
      while (!over) {
        Client client(process.port(), Client::Tls::Yes);
        for (int j = 0; j < 20 && !over; ++j) {
          client.send(post("/validate?timeout=10s", review()));
          const auto reply = client.receive();
          if (!reply || reply->status != 200) {
            ++unanswered;
            break;
          }
          ++answered;
          ++(json::parse(reply->body)["response"]["allowed"].get<bool>() ? allowed : denied);
        }
      }
    });
  const std::string texts[] = {only_from("elsewhere.example"), "broken: [", only_from("registry.example")};
  for (int i = 0; i < 60; ++i) {
    replace_policy(texts[i % 3]);
    process.signal(SIGHUP);
    std::this_thread::sleep_for(30ms);
  }
  replace_policy(only_from("elsewhere.example"));
  process.signal(SIGHUP);
  EXPECT_TRUE(within(30s, [&] { return allows(process.port()) == false; }));
  const int denied_before = denied;
  EXPECT_TRUE(within(30s, [&] { return denied > denied_before + 20; }));
  const int allowed_before = allowed;
  EXPECT_TRUE(within(30s, [&] { return denied > denied_before + 100; }));
  EXPECT_EQ(allowed, allowed_before) << "an old policy answered after the new one had";
  over = true;
  for (auto& thread : storm) thread.join();
  EXPECT_EQ(unanswered, 0);
  EXPECT_GT(allowed, 0);
  EXPECT_GT(answered, 100);
  process.signal(SIGTERM);
  EXPECT_EQ(process.exit_code(), 0) << process.errors();
}

}  // namespace
}  // namespace tegata::testing
