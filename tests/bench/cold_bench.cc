// SPDX-License-Identifier: Apache-2.0
// Verifies recorded images with empty caches and fresh connections, against a registry on loopback and
// against one whose every answer is late, in turn; prints times and round trips as JSON.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "testdata_folder.h"
#include "tests/bench/round_trips.h"
#include "tests/support/registry_fixture.h"
#include "verifier/evidence/fact_kinds.h"
#include "verifier/evidence/live_gatherer.h"

namespace {

using namespace tegata;
using namespace tegata::bench;
using nlohmann::json;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;
namespace fs = std::filesystem;

const fs::path kFixtures = fs::path(TEGATA_TESTDATA) / "sigstore";

/// How an image is named: by its digest, or by a tag that has to be resolved first.
enum class Named { Digest, Tag };

/// One image, whether it is signed, and what was seen of its verifications at one registry.
struct Subject {
  std::string title;
  std::string recording;
  Named named = Named::Digest;
  bool is_signed = true;
};
const std::vector<Subject> kSubjects{
    {".sig, digest", "legacy-key-p256", Named::Digest, true},
    {".sig, tag", "legacy-key-p256", Named::Tag, true},
    {"bundle by fallback tag, digest", "bundle-key-p256", Named::Digest, true},
    {"bundle by fallback tag, tag", "bundle-key-p256", Named::Tag, true},
    {"bundle by referrers API, digest", "bundle-key-p256-refapi", Named::Digest, true},
    {"bundle by referrers API, tag", "bundle-key-p256-refapi", Named::Tag, true},
    {"unsigned, digest", "neg-unsigned", Named::Digest, false},
};
struct Seen {
  std::vector<double> milliseconds;
  std::vector<RoundTrips> trips;
};

std::string image_of(const Subject& subject, const std::string& host) {
  const auto layout = verifier::RecordedLayout::open(kFixtures / "cases" / subject.recording);
  if (!layout.ok()) throw std::runtime_error(layout.error().message);
  const auto name = host + "/" + layout->repository().path;
  return subject.named == Named::Tag ? name + ":v1" : name + "@" + layout->tags().at("v1").text();
}

bool is_verified(const ImageFacts& facts) {
  using Known = Known<std::shared_ptr<const SignatureFacts>>;
  const auto* fact = facts.facts.find<SignatureKind>();
  const auto* known = fact == nullptr ? nullptr : std::get_if<Known>(fact);
  if (known == nullptr) throw std::runtime_error(facts.image + ": could not be checked");
  return !known->value->authorities.at(0).verified.empty();
}

class ColdBench {
 public:
  explicit ColdBench(std::chrono::milliseconds delay) : server_(kFixtures / "cases", 0, delay) {
    const auto id = material_->key((kFixtures / "keys/p256.pub").string());
    if (!id.ok()) throw std::runtime_error(id.error().message);
    trust_ = TrustSettings::of({key_authority(*id, "p256.pub")});
  }

  void verify_once(const Subject& subject, Seen& seen) {
    const auto reference = ImageReference::parse(image_of(subject, server_.host()));
    if (!reference.ok()) throw std::runtime_error(reference.error().message);
    EvidencePlan plan{{{*reference}}};
    plan.images[0].ask<SignatureKind>({reference->repository(), {trust_}});
    const auto source = testing::plain_http_source({server_.host()});
    verifier::LiveGatherer gatherer(*source,
                                    verifier::fact_kinds(verifier::SignatureVerifier(material_), {}));
    static_cast<void>(server_.take_exchanges());
    const auto before = Clock::now();
    const auto facts = gatherer.gather(plan, testing::soon());
    seen.milliseconds.push_back(Milliseconds(Clock::now() - before).count());
    seen.trips.push_back(round_trips(server_.take_exchanges()));
    if (is_verified(facts.images.at(0)) != subject.is_signed)
      throw std::runtime_error(subject.title + ": not the verdict that is measured");
  }

 private:
  testing::LayoutServer server_;
  std::shared_ptr<verifier::TrustMaterial> material_ = std::make_shared<verifier::TrustMaterial>();
  std::shared_ptr<const TrustSettings> trust_;
};

template <typename T>
T middle(std::vector<T> values, double part = 0.5) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1,
                         static_cast<std::size_t>(part * static_cast<double>(values.size())))];
}

json told(const Subject& subject, unsigned delay, const Seen& seen) {
  std::vector<std::size_t> sequential, requests, repeated, pings;
  for (const auto& trips : seen.trips) {
    sequential.push_back(trips.sequential);
    requests.push_back(trips.requests);
    repeated.push_back(trips.repeated);
    pings.push_back(trips.pings);
  }
  return {{"subject", subject.title},
          {"delayMilliseconds", delay},
          {"runs", seen.trips.size()},
          {"medianMilliseconds", middle(seen.milliseconds)},
          {"p90Milliseconds", middle(seen.milliseconds, 0.9)},
          {"sequentialRoundTrips", middle(sequential)},
          {"mostSequentialRoundTrips", std::ranges::max(sequential)},
          {"requests", middle(requests)},
          {"mostRepeated", std::ranges::max(repeated)},
          {"mostPings", std::ranges::max(pings)}};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Cold verifications, and the round trips that they wait for");
  unsigned rounds = 30, delay = 20;
  app.add_option("--rounds", rounds, "How often each image is verified at each registry");
  app.add_option("--delay-ms", delay, "How late the late registry is");
  CLI11_PARSE(app, argc, argv);
  try {
    ColdBench near(std::chrono::milliseconds(0)), far{std::chrono::milliseconds(delay)};
    std::vector<Seen> seen_near(kSubjects.size()), seen_far(kSubjects.size());
    for (unsigned round = 0; round < rounds; ++round)
      for (std::size_t i = 0; i < kSubjects.size(); ++i) {
        near.verify_once(kSubjects[i], seen_near[i]);
        far.verify_once(kSubjects[i], seen_far[i]);
      }
    json all = json::array();
    for (std::size_t i = 0; i < kSubjects.size(); ++i) {
      all.push_back(told(kSubjects[i], 0, seen_near[i]));
      all.push_back(told(kSubjects[i], delay, seen_far[i]));
    }
    std::cout << all.dump(1) << "\n";
  } catch (const std::exception& error) {
    std::cerr << "cold_bench: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
