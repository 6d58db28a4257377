// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/proof_words.h"

#include <nlohmann/json.hpp>

#include "policy/model/printable.h"
#include "webhook/clock.h"

namespace tegata::webhook::cli {
namespace {

using nlohmann::json;

constexpr std::size_t kShown = 500;

// What tells most of where a build came from; JSON has all of them.
constexpr const char* kToldExtensions[] = {
    "sourceRepositoryURI", "sourceRepositoryRef", "sourceRepositoryDigest", "buildConfigURI",
    "buildTrigger",        "runnerEnvironment",   "runInvocationURI"};
constexpr const char* kToldOfOld[] = {"githubWorkflowRepository", "githubWorkflowRef", "githubWorkflowSHA",
                                      "githubWorkflowName", "githubWorkflowTrigger"};

bool is_by_certificate(const Authority& authority) {
  return std::holds_alternative<CertificateSigner>(authority.signer);
}

// Where nothing had to prove the time, the present was what the certificate was held against.
bool is_dated(const ProofWords& proof, const Authority& authority, Time now) {
  if (authority.proof.transparency_log == Demand::Required ||
      authority.proof.signed_timestamp == Demand::Required)
    return true;
  return proof.times != std::vector{now};
}

template <typename Names>
void add_extensions(const CertificateIdentity& identity, const Names& names,
                    std::vector<std::string>& lines) {
  for (const char* name : names)
    if (const auto found = identity.extensions.find(name); found != identity.extensions.end())
      lines.push_back(std::string(name) + " " + printable(found->second, kShown));
}

std::string times_line(const std::vector<Time>& times) {
  std::string line = "signed";
  for (std::size_t i = 0; i < times.size(); ++i) line += (i == 0 ? " " : ", ") + rfc3339(times[i]);
  return line;
}

const char* word_of(Demand demand) { return demand == Demand::Required ? "required" : "ignored"; }

}  // namespace

std::string signer_words(const ProofWords& proof, const Authority& authority) {
  if (!proof.identity) return sentence(authority.name, kShown);
  const auto& [issuer, subject, extensions] = *proof.identity;
  return (subject.empty() ? "a certificate without an identity" : printable(subject, kShown)) +
         (issuer.empty() ? " (no issuer)" : " (issuer " + printable(issuer, kShown) + ")");
}

std::vector<std::string> proof_lines(const ProofWords& proof, const Authority& authority, Time now) {
  std::vector<std::string> lines;
  if (proof.identity) {
    add_extensions(*proof.identity, kToldExtensions, lines);
    if (lines.empty()) add_extensions(*proof.identity, kToldOfOld, lines);
  }
  if (!is_dated(proof, authority, now))
    lines.emplace_back("nothing proves when it was signed; the certificate is valid now");
  else if (!proof.times.empty())
    lines.push_back(times_line(proof.times));
  for (const auto& log : proof.logs) lines.push_back("in the transparency log " + printable(log, kShown));
  if (authority.proof.transparency_log == Demand::NotRequired)
    lines.emplace_back("no transparency log was asked for");
  if (is_by_certificate(authority) && authority.proof.certificate_timestamp == Demand::NotRequired)
    lines.emplace_back("certificate timestamps were not looked at (--insecure-ignore-sct)");
  return lines;
}

void add_proof_json(const ProofWords& proof, json& form) {
  form["signer"] = proof.signer;
  form["identity"] = nullptr;
  if (proof.identity)
    form["identity"] = {{"issuer", proof.identity->issuer},
                        {"subject", proof.identity->subject},
                        {"extensions", proof.identity->extensions}};
  form["times"] = json::array();
  for (const Time time : proof.times) form["times"].push_back(rfc3339(time));
  form["logs"] = proof.logs;
}

void add_demands_json(const Authority& authority, json& form) {
  form["authority"] = authority.name;
  form["transparencyLog"] = word_of(authority.proof.transparency_log);
  form["signedTimestamp"] = authority.proof.signed_timestamp == Demand::Required ? "required" : "notRequired";
  if (is_by_certificate(authority))
    form["certificateTimestamp"] = word_of(authority.proof.certificate_timestamp);
}

}  // namespace tegata::webhook::cli
