// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <latch>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "testdata_folder.h"
#include "tests/integration/serve_process.h"
#include "tests/support/fake_registry.h"
#include "tests/unit/http/test_certificate.h"
#include "tests/unit/http/tls_client.h"
#include "verifier/crypto/hash.h"

namespace tegata::testing {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using webhook::http::testing::CertificatePair;
using webhook::http::testing::Client;
using webhook::http::testing::get;
using webhook::http::testing::make_certificate;
using webhook::http::testing::post;
using webhook::http::testing::TemporaryFolder;

namespace fs = std::filesystem;

const fs::path kReviews = fs::path(TEGATA_TESTDATA) / "admission-reviews";
constexpr const char* kManifest =
    R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",)"
    R"("config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:)"
    "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    R"(","size":2},"layers":[]})";

std::string content_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string policy(const std::string& rule) {
  return "apiVersion: tegata.dev/v1alpha1\nkind: DeploymentPolicy\nmetadata: {name: p}\nspec:\n  onUnknown: "
         "warn\n"
         "  rules:\n    - " +
         rule + "\n";
}

/// A Deployment that is created with this image.
std::string review_of(const std::string& image) {
  auto review = json::parse(content_of(kReviews / "deploy1-create.02.validate.json"));
  auto& spec = review["request"]["object"]["spec"]["template"]["spec"];
  spec["containers"] = json::array({{{"name", "app"}, {"image", image}}});
  spec.erase("initContainers");
  spec.erase("volumes");
  return review.dump();
}

struct ServeTest : ::testing::Test {
  TemporaryFolder folder;
  CertificatePair pair = make_certificate(90);
  std::string certificate = folder.write("tls.crt", pair.certificate);
  std::string key = folder.write("tls.key", pair.key);
  std::string audit = folder.path("audit.jsonl");

  /// What every test gives; `more` takes the place of what has the same name, or comes beside it.
  std::vector<std::string> arguments(const std::string& policy_text,
                                     const std::map<std::string, std::string>& more = {}) const {
    std::map<std::string, std::string> options{{"--policy", folder.write("policy.yaml", policy_text)},
                                               {"--listen", "127.0.0.1:0"},
                                               {"--metrics-listen", "127.0.0.1:0"},
                                               {"--tls-cert-file", certificate},
                                               {"--tls-private-key-file", key},
                                               {"--audit-log", audit},
                                               {"--drain-grace", "300ms"}};
    for (const auto& [name, value] : more) options[name] = value;
    std::vector<std::string> all;
    for (const auto& [name, value] : options) all.push_back(value.empty() ? name : name + "=" + value);
    return all;
  }
  static int probe(int port, const std::string& path) {
    Client client(port, Client::Tls::No);
    if (!client.connected()) return 0;
    client.send(get(path));
    const auto reply = client.receive();
    return reply ? reply->status : 0;
  }
  static json ask(int port, const std::string& review, const std::string& query = "?timeout=10s") {
    Client client(port, Client::Tls::Yes);
    client.send(post("/validate" + query, review));
    const auto reply = client.receive();
    return reply && reply->status == 200 ? json::parse(reply->body, nullptr, false)["response"] : json();
  }
  std::string refusal(const std::vector<std::string>& given) const {
    ServeProcess process(given, {});
    EXPECT_FALSE(process.serving());
    EXPECT_EQ(process.exit_code(), 64);
    return process.errors();
  }
};

const std::string kAllowAll = policy("{name: any, allowedRegistries: [\"**\"]}");

TEST_F(ServeTest, AnswersEveryRecordedReviewWithItsUid) {
  ServeProcess process(arguments(kAllowAll), {});
  ASSERT_TRUE(process.serving()) << process.errors();
  Client client(process.port(), Client::Tls::Yes);
  int answered = 0;
  for (const auto& entry : fs::directory_iterator(kReviews)) {
    if (entry.path().extension() != ".json") continue;
    const auto body = content_of(entry.path());
    const auto review = json::parse(body, nullptr, false);
    if (!review.is_object() || !review.contains("request")) continue;
    client.send(post("/validate?timeout=10s", body));
    const auto reply = client.receive();
    ASSERT_TRUE(reply) << entry.path();
    ASSERT_EQ(reply->status, 200) << entry.path();
    EXPECT_EQ(json::parse(reply->body)["response"]["uid"], review["request"]["uid"]) << entry.path();
    ++answered;
  }
  EXPECT_GT(answered, 100);
  process.signal(SIGTERM);
  EXPECT_EQ(process.exit_code(), 0) << process.errors();
}

TEST_F(ServeTest, DecidesInTimeWhileARegistryIsSilentAndTheFetchStillFillsTheCache) {
  FakeRegistry registry;
  const auto digest = verifier::sha256(kManifest).text();
  registry.hold_manifest("app", digest, kManifest);
  std::latch answer{1};
  const auto referrers = "/v2/app/referrers/" + digest;
  registry.on_ask(referrers, [&](const ServedRequest&) {
    answer.wait();  // as long as nobody lets it: longer than the caller waits
    return Reply{404, {}, ""};
  });
  const auto key_file = std::string(TEGATA_TESTDATA) + "/sigstore/keys/p256.pub";
  ServeProcess process(
      arguments(policy("{name: signed, signature: {anyOf: [{key: {file: " + key_file + "}}]}}"),
                {{"--insecure-plain-http", registry.host()}}),
      {});
  ASSERT_TRUE(process.serving()) << process.errors();
  const auto review = review_of(registry.host() + "/app@" + digest);

  const auto begun = std::chrono::steady_clock::now();
  const auto in_time = ask(process.port(), review, "?timeout=2s");
  const auto took = std::chrono::steady_clock::now() - begun;
  answer.count_down();
  EXPECT_LT(took, 1800ms);
  // onUnknown says warn; but two seconds are less than --min-budget, and haste must not soften it.
  EXPECT_EQ(in_time["allowed"], false);
  EXPECT_THAT(in_time["status"]["message"].get<std::string>(), HasSubstr("CheckTimedOut"));

  json later;
  do {
    later = ask(process.port(), review);
  } while (later["status"]["message"].get<std::string>().find("CheckTimedOut") != std::string::npos);
  EXPECT_THAT(later["status"]["message"].get<std::string>(), HasSubstr("SignatureMissing"));
  EXPECT_EQ(registry.count(referrers), 1U);
}

TEST_F(ServeTest, DropsNothingWhenItIsToldToEndUnderLoad) {
  ServeProcess process(arguments(kAllowAll), {});
  ASSERT_TRUE(process.serving()) << process.errors();
  const auto body = content_of(kReviews / "deploy1-create.02.validate.json");
  std::atomic<int> answered = 0;
  std::atomic<int> dropped = 0;
  std::atomic<int> unconfirmed = 0;  // a slow machine needs more than 50 ms to record: denied, and said so
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([&] {
      while (true) {
        Client client(process.port(), Client::Tls::Yes);
        if (!client.connected()) return;
        bool open = true;
        while (open) {
          client.send(post("/validate?timeout=10s", body));
          const auto reply = client.receive();
          ++(reply && reply->status == 200 ? answered : dropped);
          if (reply && reply->body.find("AuditUnavailable") != std::string::npos) ++unconfirmed;
          open = reply && !reply->closes();
        }
      }
    });
  while (answered < 100) std::this_thread::yield();
  EXPECT_EQ(probe(process.metrics_port(), "/readyz"), 200);
  process.signal(SIGTERM);
  while (probe(process.metrics_port(), "/readyz") == 200) std::this_thread::yield();
  EXPECT_EQ(probe(process.metrics_port(), "/readyz"), 503);
  EXPECT_EQ(probe(process.metrics_port(), "/livez"), 200);
  for (auto& client : clients) client.join();
  EXPECT_EQ(process.exit_code(), 0) << process.errors();
  EXPECT_EQ(dropped, 0);
  std::ifstream records(audit);
  const auto is_decision = [](const std::string& line) {
    return line.find("\"verdict\"") != std::string::npos;
  };
  int recorded = 0;
  for (std::string line; std::getline(records, line);) recorded += is_decision(line) ? 1 : 0;
  EXPECT_GE(recorded, answered - unconfirmed);
  EXPECT_LE(recorded, answered);
}

TEST_F(ServeTest, ASecondSignalEndsItAtOnce) {
  ServeProcess process(arguments(kAllowAll, {{"--drain-grace", "1h"}}), {});
  ASSERT_TRUE(process.serving()) << process.errors();
  process.signal(SIGTERM);
  while (process.errors().find("shutting down") == std::string::npos) std::this_thread::yield();
  process.signal(SIGINT);
  EXPECT_EQ(process.exit_code(), 128 + SIGINT);
}

TEST_F(ServeTest, RefusesToStartWithABrokenPolicy) {
  const auto errors = refusal(arguments("kind: Nothing\n"));
  EXPECT_THAT(errors, HasSubstr("policy.yaml:1:"));
}

TEST_F(ServeTest, RefusesToStartWithACertificateOfAnotherKey) {
  const auto other = folder.write("other.key", make_certificate(90).key);
  EXPECT_THAT(refusal(arguments(kAllowAll, {{"--tls-private-key-file", other}})),
              EndsWith("\ntegata serve: the certificate in " + certificate +
                       " does not match the private key in " + other + "\n"));
}

TEST_F(ServeTest, RefusesToStartTwiceOnOneAddress) {
  ServeProcess first(arguments(kAllowAll), {});
  ASSERT_TRUE(first.serving()) << first.errors();
  const auto address = "127.0.0.1:" + std::to_string(first.port());
  const auto errors =
      refusal(arguments(kAllowAll, {{"--listen", address}, {"--audit-log", folder.path("second.jsonl")}}));
  EXPECT_THAT(errors, HasSubstr("cannot listen on " + address));
}

TEST_F(ServeTest, TellsWhatItNeeds) {
  EXPECT_THAT(refusal({"--policy", "p"}), HasSubstr("--tls-cert-file FILE is required"));
  EXPECT_THAT(refusal({}), HasSubstr("--policy FILE|DIR is required"));
}

TEST_F(ServeTest, RequiresAClientCertificateWithAnAcceptedName) {
  using webhook::http::testing::issue;
  EXPECT_THAT(refusal(arguments(kAllowAll, {{"--client-name", "kube-apiserver"}})),
              HasSubstr("--client-name requires --client-ca-file FILE"));
  const auto authority = webhook::http::testing::make_authority();
  const auto ca = folder.write("ca.crt", authority.certificate);
  EXPECT_THAT(refusal(arguments(kAllowAll, {{"--client-ca-file", ca}})),
              HasSubstr("--client-ca-file requires --client-name NAME"));
  ServeProcess process(arguments(kAllowAll, {{"--client-ca-file", ca}, {"--client-name", "kube-apiserver"}}),
                       {});
  ASSERT_TRUE(process.serving()) << process.errors();
  const auto status = [&](const CertificatePair* identity) {
    Client client(process.port(), Client::Tls::Yes, 0, identity);
    client.send(post("/validate?timeout=10s", review_of("example.com/a:1")));
    const auto reply = client.receive();
    return reply ? reply->status : 0;
  };
  const auto accepted = issue(authority, {"kube-apiserver", ""});
  const auto other = issue(authority, {"someone", "example.com"});
  EXPECT_EQ(status(&accepted), 200);
  EXPECT_EQ(status(&other), 403);
  EXPECT_EQ(status(nullptr), 403);
  std::ifstream records(audit);
  int decisions = 0;
  for (std::string line; std::getline(records, line);)
    if (line.find("\"verdict\"") != line.npos) {
      ++decisions;
      EXPECT_THAT(line, HasSubstr(R"("client":"kube-apiserver")"));
    }
  EXPECT_EQ(decisions, 1);
}

TEST_F(ServeTest, RecordsAndLogsTheTraceOfItsCaller) {
  ServeProcess process(arguments(kAllowAll), {});
  ASSERT_TRUE(process.serving()) << process.errors();
  const std::string trace = "0af7651916cd43dd8448eb211c80319c";
  const auto good = "traceparent: 00-" + trace + "-b7ad6b7169203331-01\r\n";
  const auto status = [&](const std::string& body, const std::string& fields) {
    Client client(process.port(), Client::Tls::Yes);
    client.send(post("/validate?timeout=10s", body, fields));
    const auto reply = client.receive();
    return reply ? reply->status : 0;
  };
  EXPECT_EQ(status(review_of("example.com/a:1"), good), 200);
  for (const auto& ignored : {std::string(), good + good, "traceparent: 00-" + trace + "\r\n"})
    EXPECT_EQ(status(review_of("example.com/a:2"), ignored), 200);
  EXPECT_EQ(status("{}", good), 400);
  process.signal(SIGTERM);
  EXPECT_EQ(process.exit_code(), 0);
  std::ifstream records(audit);
  int traced = 0;
  for (std::string line; std::getline(records, line);) {
    const auto record = json::parse(line);
    if (record["kind"] != "DecisionRecord") continue;
    const bool first = line.find("example.com/a:1") != line.npos;
    EXPECT_EQ(record.value("traceId", ""), first ? trace : "") << line;
    traced += first ? 1 : 0;
  }
  EXPECT_EQ(traced, 1);
  EXPECT_THAT(process.errors(), HasSubstr(R"("message":"unreadable AdmissionReview")"));
  EXPECT_THAT(process.errors(), HasSubstr("\"traceId\":\"" + trace + "\""));
}

/// What an API server writes for an UPDATE of the largest Pod that etcd stores, if every character is
/// escaped.
TEST_F(ServeTest, JudgesAnUpdateOfTheLargestObjectsWithEveryCharacterEscaped) {
  ServeProcess process(arguments(kAllowAll), {});
  ASSERT_TRUE(process.serving()) << process.errors();
  std::string escaped;
  for (std::size_t i = 0; i < 1'450'000; ++i) escaped += "\\u003c";
  const auto pod = R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"default"},"spec":{)"
                   R"("containers":[{"name":"c","image":"example.com/a:1","args":[")" +
                   escaped + R"("]}]}})";
  const auto review =
      R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u1",)"
      R"("kind":{"group":"","version":"v1","kind":"Pod"},"resource":{"group":"","version":"v1","resource":"pods"},)"
      R"("operation":"UPDATE","namespace":"default","name":"p","userInfo":{"username":"x"},"object":)" +
      pod + R"(,"oldObject":)" + pod + "}}";
  ASSERT_GT(review.size(), 17'400'000U);
  const auto answer = ask(process.port(), review, "?timeout=30s");
  EXPECT_EQ(answer["uid"], "u1");
  EXPECT_EQ(answer["allowed"], true);
}

TEST_F(ServeTest, ShowsInItsMetricsTheModeAndWhatItWouldDeny) {
  const auto metrics = [](const ServeProcess& process) {
    Client client(process.metrics_port(), Client::Tls::No);
    client.send(get("/metrics"));
    const auto reply = client.receive();
    return reply ? reply->body : std::string();
  };
  const auto own_only = [](const std::string& enforcement) {
    return policy("{name: own, enforcement: " + enforcement + ", allowedRegistries: [\"own.example/**\"]}");
  };
  for (const auto* how : {"dryrun", "warn"}) {
    const bool dry = how == std::string("dryrun");
    ServeProcess process(dry ? arguments(own_only("deny"), {{"--dry-run", ""}}) : arguments(own_only("warn")),
                         {});
    ASSERT_TRUE(process.serving()) << process.errors();
    EXPECT_EQ(ask(process.port(), review_of("other.example/a:1"))["allowed"], true);
    EXPECT_EQ(ask(process.port(), review_of("own.example/a:1"))["allowed"], true);
    const auto text = metrics(process);
    EXPECT_THAT(text, HasSubstr("tegata_admission_would_deny_total{cost=\"" + std::string(how) + "\"} 1\n"));
    EXPECT_THAT(text, HasSubstr(std::string("tegata_mode{mode=\"dryrun\"} ") + (dry ? "1\n" : "0\n")));
    EXPECT_THAT(text, HasSubstr(std::string("tegata_mode{mode=\"enforce\"} ") + (dry ? "0\n" : "1\n")));
    EXPECT_THAT(text, HasSubstr(std::string("decision=\"") + (dry ? "allow" : "warn") + "\",dry_run="));
    EXPECT_THAT(text, HasSubstr("tegata_reasons_total{reason=\"RegistryNotAllowed\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("tegata_tls_reloads_total{result=\"broken\"} 0\n"));
  }
}

TEST_F(ServeTest, AnswersBadInputAndGoesOn) {
  ServeProcess process(arguments(kAllowAll, {{"--dry-run", ""}}), {});
  ASSERT_TRUE(process.serving()) << process.errors();
  const auto status = [&](const std::string& bytes) {
    Client client(process.port(), Client::Tls::Yes);
    client.send(bytes);
    const auto reply = client.receive();
    return reply ? reply->status : 0;
  };
  EXPECT_EQ(status(post("/validate", "{")), 400);
  EXPECT_EQ(status(post("/validate", std::string(100'000, '['))), 400);
  EXPECT_EQ(status(post("/validate", R"({"request":{}})")), 400);
  EXPECT_EQ(status(get("/validate")), 405);
  auto doubled = review_of("example.com/a:1");
  doubled.insert(doubled.size() - 1, R"(,"kind":"AdmissionReview")");
  EXPECT_EQ(ask(process.port(), doubled)["allowed"], false);  // dry-run softens no invalid request
  const auto good = ask(process.port(), review_of("example.com/a:1"));
  EXPECT_EQ(good["allowed"], true);
  EXPECT_EQ(probe(process.metrics_port(), "/readyz"), 200);
}

TEST_F(ServeTest, TakesOptionsFromTheCommandLineThenTheEnvironmentThenTheFile) {
  const auto file = folder.write("tegata.toml",
                                 "policy = \"/nonexistent/of-file\"\nlisten = \"127.0.0.1:0\"\n"
                                 "metrics-listen = \"127.0.0.1:0\"\naudit-log = \"" +
                                     audit + "\"\nunmatched = \"warn\"\n");
  const std::map<std::string, std::string> environment{{"TEGATA_POLICY", "/nonexistent/of-environment"},
                                                       {"TEGATA_TLS_CERT_FILE", certificate},
                                                       {"TEGATA_TLS_PRIVATE_KEY_FILE", key}};
  ServeProcess from_environment({"--config", file}, environment);
  EXPECT_FALSE(from_environment.serving());
  EXPECT_THAT(from_environment.errors(), HasSubstr("of-environment"));
  ServeProcess all({"--config", file, "--policy", folder.write("policy.yaml", kAllowAll)}, environment);
  EXPECT_TRUE(all.serving()) << all.errors();
}

}  // namespace
}  // namespace tegata::testing
