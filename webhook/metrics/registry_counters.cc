// SPDX-License-Identifier: Apache-2.0
#include "webhook/metrics/registry_counters.h"

#include "policy/model/limits.h"

namespace tegata::webhook {
namespace {

constexpr auto kOther = "other";
const prometheus::Histogram::BucketBoundaries kRegistrySeconds{.005, .01, .025, .05, .1, .25,
                                                               .5,   1,   2.5,  5,   10, 20};

void add_hosts(const std::vector<policy::ImageGlob>& globs, std::set<std::string>& registries) {
  for (const auto& glob : globs) {
    const auto host = glob.text().substr(0, glob.text().find('/'));
    if (host.find('*') == std::string::npos) registries.insert(canonical_registry(host));
  }
}

void add_hosts(const policy::Check& check, std::set<std::string>& registries) {
  const policy::SignerDemand* demand = std::get_if<policy::SignatureCheck>(&check);
  if (demand == nullptr) demand = std::get_if<policy::AttestationCheck>(&check);
  if (demand != nullptr && demand->repository) registries.insert(demand->repository->registry);
  if (const auto* allowed = std::get_if<policy::AllowedRegistries>(&check))
    add_hosts(allowed->globs, registries);
}

}  // namespace

RegistryCounters::RegistryCounters(prometheus::Registry& registry)
    : requests_(prometheus::BuildCounter()
                    .Name("tegata_registry_requests_total")
                    .Help("Requests to registries by code, including retries, redirects and token requests")
                    .Register(registry)),
      durations_(prometheus::BuildHistogram()
                     .Name("tegata_registry_request_duration_seconds")
                     .Help("Seconds from a request to a registry to its response")
                     .Register(registry)) {
  add({kOther});
}

RegistryCounters::One RegistryCounters::make(const std::string& registry) {
  One one;
  for (std::size_t i = 0; i < kCodes.size(); ++i)
    one.codes.at(i) = &requests_.Add({{"registry", registry}, {"code", kCodes.at(i)}});
  one.duration = &durations_.Add({{"registry", registry}}, kRegistrySeconds);
  return one;
}

void RegistryCounters::add(const std::set<std::string>& registries) {
  All all = *all_.get();
  for (const auto& registry : registries)
    if (!all.contains(registry) && all.size() <= limits::kCountedRegistries)  // and `other`
      all.emplace(registry, make(registry));
  all_.replace(std::make_shared<const All>(std::move(all)));
}

std::size_t RegistryCounters::place_of(const std::optional<Error>& error) {
  if (!error) return 0;
  switch (error->code) {
    case ErrorCode::NotFound:
      return 0;
    case ErrorCode::Unauthorized:
      return 1;
    case ErrorCode::RateLimited:
    case ErrorCode::OwnRate:
      return 2;
    case ErrorCode::Unavailable:
    case ErrorCode::AddressRefused:
      return 3;
    case ErrorCode::DeadlineExceeded:
      return 4;
    case ErrorCode::CutShort:
    case ErrorCode::Malformed:
    case ErrorCode::UnexpectedAnswer:
    case ErrorCode::LimitExceeded:
    case ErrorCode::NotRecorded:
    case ErrorCode::Misconfigured:
    case ErrorCode::Internal:
      return 5;
  }
  return 5;
}

void RegistryCounters::count(const std::string& registry, const std::optional<Error>& error,
                             std::chrono::nanoseconds took) {
  const auto all = all_.get();
  const auto named = all->find(registry);
  const One& one = named == all->end() ? all->at(kOther) : named->second;
  one.codes.at(place_of(error))->Increment();
  one.duration->Observe(std::chrono::duration<double>(took).count());
}

std::set<std::string> named_registries(const policy::PolicySet& policies) {
  std::set<std::string> registries;
  for (const auto& policy : policies.policies)
    for (const auto& rule : policy.rules) {
      add_hosts(rule.images, registries);
      add_hosts(rule.check, registries);
    }
  return registries;
}

}  // namespace tegata::webhook
