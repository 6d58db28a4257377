// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string_view>

#include "policy/document/diagnostics.h"
#include "policy/document/reading.h"
#include "policy/rules/identity_match.h"

namespace tegata::policy {
namespace {

std::vector<std::string> files_at(const Reading& reading, const Node& node, std::string_view name) {
  std::vector<std::string> files;
  for (const auto& path : texts_at(node, name)) files.push_back(absolute_path(reading, path));
  return files;
}

TrustedRootFiles files_of(const Reading& reading, const Node& root) {
  TrustedRootFiles files;
  if (const auto file = text_at(root, "file"); !file.empty())
    files.trusted_root = absolute_path(reading, file);
  files.certificate_authorities = files_at(reading, root, "certificateAuthorities");
  files.certificate_timestamp_logs = files_at(reading, root, "certificateTransparencyLogs");
  files.transparency_logs = files_at(reading, root, "transparencyLogs");
  files.timestamp_authorities = files_at(reading, root, "timestampAuthorities");
  return files;
}

bool has_parts(const TrustedRootFiles& files) {
  return !files.certificate_authorities.empty() || !files.certificate_timestamp_logs.empty() ||
         !files.transparency_logs.empty() || !files.timestamp_authorities.empty();
}

std::optional<TrustedRootId> known(const Reading& reading, const Node& node, Result<TrustedRootId> root) {
  if (root.ok()) return *root;
  reading.wrong(node, "the trusted root cannot be used: " + root.error().message);
  return std::nullopt;
}

std::optional<TrustedRootId> default_root(const Reading& reading, const Node& authority) {
  auto root = reading.trust.default_root();
  if (root.ok() || root.error().code != ErrorCode::Misconfigured)
    return known(reading, authority, std::move(root));
  reading.wrong(authority, root.error().message);
  return std::nullopt;
}

/// The roots of an authority: its `trustedRoot`, its `roots`, or else the resolver's default. Empty where
/// they cannot be read; then an error was reported.
std::optional<TrustedRootId> read_trusted_root(const Reading& reading, const Node& authority) {
  const Node* written = authority.find("trustedRoot");
  const Node* roots = authority.find("roots");
  if (written != nullptr && roots != nullptr) {
    reading.wrong(*roots, "'roots' cannot be combined with 'trustedRoot': the roots are named once");
    return std::nullopt;
  }
  if (roots != nullptr) {
    TrustedRootFiles files;
    files.certificate_authorities = files_at(reading, authority, "roots");
    if (!has_parts(files)) return std::nullopt;
    return known(reading, *roots, reading.trust.root(files));
  }
  if (written == nullptr) return default_root(reading, authority);
  const auto files = files_of(reading, *written);
  if (!files.trusted_root.empty() && has_parts(files)) {
    reading.wrong(*written, "'file' cannot be combined with parts of a trusted root: it is a whole one");
    return std::nullopt;
  }
  if (files.trusted_root.empty() && !has_parts(files)) return std::nullopt;
  return known(reading, *written, reading.trust.root(files));
}

const Node* scalar_at(const Node& node, std::string_view name) {
  const Node* child = node.find(name);
  return child != nullptr && child->kind == Node::Kind::Scalar ? child : nullptr;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// `github.com`, where `github[.]com` was meant.
bool has_bare_dot(std::string_view pattern) {
  for (std::size_t i = 1; i + 1 < pattern.size(); ++i)
    if (pattern[i] == '.' && is_letter(pattern[i - 1]) && is_letter(pattern[i + 1])) return true;
  return false;
}

/// Whether the pattern matches identities that have nothing in common.
bool matches_anyone(const TextCriterion& pattern) {
  constexpr std::string_view kUnlike[] = {"https://attacker.example/a/b", "somebody@mail.example", "Q",
                                          "spiffe://x.test/ns/0"};
  return std::ranges::all_of(kUnlike, [&](std::string_view identity) { return pattern.holds(identity); });
}

void warn_of_pattern(const Node& node, const TextCriterion& pattern, std::vector<std::string>& warnings) {
  if (matches_anyone(pattern)) {
    warnings.push_back(in_quotes(node.text) + " matches every identity: write the one that signs");
    return;
  }
  if (has_bare_dot(node.text))
    warnings.push_back("the '.' in " + in_quotes(node.text) +
                       " matches any character: write '[.]' for a dot");
  const bool open_alternative =
      node.text.find("|.*") != std::string::npos || node.text.find("(.*") == 0 || node.text.find("^(.*") == 0;
  if (node.text.starts_with(".*") || node.text.starts_with("^.*") || open_alternative)
    warnings.push_back(in_quotes(node.text) +
                       " has no fixed prefix, so any identity with this suffix matches: write how it begins");
}

void warn_of_glob(const Node& node, std::vector<std::string>& warnings) {
  if (node.text.starts_with("**") || node.text.starts_with("*:"))
    warnings.push_back(in_quotes(node.text) +
                       " has no fixed prefix, so any identity with this suffix matches: write how it begins");
}

std::optional<TextCriterion> read_pattern(const Reading& reading, const Node& node,
                                          std::vector<std::string>& warnings) {
  auto pattern = TextCriterion::pattern(node.text);
  if (!pattern.ok()) {
    report_invalid(reading, node, "a regular expression (RE2)", pattern.error());
    return std::nullopt;
  }
  warn_of_pattern(node, *pattern, warnings);
  return *std::move(pattern);
}

std::optional<TextCriterion> read_glob(const Reading& reading, const Node& node,
                                       std::vector<std::string>& warnings) {
  auto glob = TextCriterion::glob(node.text);
  if (!glob.ok()) {
    report_invalid(reading, node, "a glob", glob.error());
    return std::nullopt;
  }
  warn_of_glob(node, warnings);
  return *std::move(glob);
}

std::optional<TextCriterion> read_issuer(const Reading& reading, const Node& node,
                                         std::vector<std::string>& warnings) {
  if (const Node* exact = scalar_at(node, "issuer")) return TextCriterion::exact(exact->text);
  if (const Node* pattern = scalar_at(node, "issuerRegExp")) return read_pattern(reading, *pattern, warnings);
  return std::nullopt;
}

std::optional<TextCriterion> read_subject(const Reading& reading, const Node& node,
                                          std::vector<std::string>& warnings) {
  if (const Node* exact = scalar_at(node, "subject")) return TextCriterion::exact(exact->text);
  if (const Node* glob = scalar_at(node, "subjectGlob")) return read_glob(reading, *glob, warnings);
  if (const Node* pattern = scalar_at(node, "subjectRegExp"))
    return read_pattern(reading, *pattern, warnings);
  return std::nullopt;
}

std::optional<GitHubWorkflow> read_github(const Reading& reading, const Node& node,
                                          std::vector<std::string>& warnings) {
  const auto repository = text_at(node, "repository");
  const auto slash = repository.find('/');
  if (slash == std::string::npos) return std::nullopt;
  GitHubWorkflow github{repository.substr(0, slash), repository.substr(slash + 1), std::nullopt,
                        std::nullopt};
  if (const Node* workflow = scalar_at(node, "workflow")) github.workflow = workflow->text;
  if (const Node* ref = scalar_at(node, "ref")) {
    auto glob = UriGlob::parse(ref->text);
    if (!glob.ok()) {
      report_invalid(reading, *ref, "a glob", glob.error());
      return std::nullopt;
    }
    github.ref = *std::move(glob);
  } else {
    warnings.push_back("'github' without 'ref' trusts every branch of " + in_quotes(repository) +
                       ", so anyone with push access to it matches");
  }
  return github;
}

/// The criteria of a `keyless` or `certificate` authority. Empty where they cannot be made.
std::optional<IdentityCriteria> read_identity_criteria(const Reading& reading, const Node& node,
                                                       std::vector<std::string>& warnings) {
  IdentityCriteria criteria;
  criteria.issuer = read_issuer(reading, node, warnings);
  criteria.subject = read_subject(reading, node, warnings);
  if (const Node* github = node.find("github")) criteria.github = read_github(reading, *github, warnings);
  if (!criteria.github && (!criteria.issuer || !criteria.subject)) return std::nullopt;
  if (const Node* extensions = node.find("extensions"))
    for (const auto& child : extensions->children) criteria.extensions.emplace(child.key, child.text);
  return criteria;
}

Demand demand_at(const Node& node, std::string_view name, Demand otherwise) {
  const auto word = text_at(node, name);
  if (word == "required") return Demand::Required;
  return word == "notRequired" ? Demand::NotRequired : otherwise;
}

std::optional<Digest> known_file(const Reading& reading, const Node& node, std::string_view what,
                                 Result<Digest> (TrustResolver::*ask)(const std::string&)) {
  const auto path = absolute_path(reading, node.text);
  auto id = (reading.trust.*ask)(path);
  if (id.ok()) return *id;
  reading.wrong(node, "the " + std::string(what) + " cannot be used: " + id.error().message);
  return std::nullopt;
}

const Node* file_of(const Node& node) {
  const Node* file = node.find("file");
  return file != nullptr && file->kind == Node::Kind::Scalar && !file->text.empty() ? file : nullptr;
}

std::optional<Authority> read_key(const Reading& reading, const Node& node,
                                  std::vector<std::string>& warnings) {
  const Node* file = file_of(node);
  if (file == nullptr) return std::nullopt;
  const auto key = known_file(reading, *file, "key", &TrustResolver::key);
  if (!key) return std::nullopt;
  auto authority = key_authority(*key, file->text);
  authority.proof.transparency_log = demand_at(node, "transparencyLog", Demand::NotRequired);
  if (authority.proof.transparency_log == Demand::NotRequired) {
    if (node.find("trustedRoot") != nullptr)
      warnings.push_back(
          "the 'trustedRoot' of the key " + in_quotes(file->text) +
          " is ignored: it lists the trusted logs, and 'transparencyLog: required' is missing");
    return authority;
  }
  authority.proof.root = read_trusted_root(reading, node);
  if (!authority.proof.root) return std::nullopt;
  return authority;
}

Authority certified(IdentityCriteria criteria, std::string name, std::optional<CertificateId> pinned,
                    ProofSettings proof) {
  return {AuthorityId(""), std::move(name), certificate_signer(std::move(criteria), pinned), proof};
}

/// What must prove a signature made with a certificate; the words' defaults differ by kind.
ProofSettings read_proof(const Node& node, Demand by_default) {
  ProofSettings proof;
  proof.transparency_log = demand_at(node, "transparencyLog", by_default);
  proof.signed_timestamp = demand_at(node, "signedTimestamp", Demand::NotRequired);
  proof.certificate_timestamp = demand_at(node, "signedCertificateTimestamp", by_default);
  return proof;
}

std::optional<Authority> read_keyless(const Reading& reading, const Node& node,
                                      std::vector<std::string>& warnings) {
  auto proof = read_proof(node, Demand::Required);
  auto criteria = read_identity_criteria(reading, node, warnings);
  // A certificate of Fulcio is good for ten minutes, so a signature without a proven time cannot be
  // verified later.
  if (proof.transparency_log == Demand::NotRequired && proof.signed_timestamp == Demand::NotRequired) {
    reading.wrong(
        node,
        "nothing would prove when it was signed: one of 'transparencyLog' and 'signedTimestamp' must be "
        "required");
    return std::nullopt;
  }
  if (!criteria) return std::nullopt;
  proof.root = read_trusted_root(reading, node);
  if (!proof.root) return std::nullopt;
  auto name = criteria->words();
  return certified(*std::move(criteria), std::move(name), std::nullopt, proof);
}

std::optional<Authority> read_certificate(const Reading& reading, const Node& node,
                                          std::vector<std::string>& warnings) {
  auto proof = read_proof(node, Demand::NotRequired);
  auto criteria = read_identity_criteria(reading, node, warnings);
  std::optional<CertificateId> pinned;
  const Node* file = file_of(node);
  if (file != nullptr) pinned = known_file(reading, *file, "certificate", &TrustResolver::certificate);
  proof.root = read_trusted_root(reading, node);
  if (!criteria || !proof.root || (file != nullptr && !pinned)) return std::nullopt;
  auto name = (file == nullptr ? "" : file->text + ", ") + criteria->words();
  return certified(*std::move(criteria), std::move(name), pinned, proof);
}

}  // namespace

std::optional<Authority> read_authority(const Reading& reading, const Node& item,
                                        const std::optional<PredicateDemand>& attestation,
                                        std::vector<std::string>& warnings) {
  std::optional<Authority> authority;
  if (const Node* key = item.find("key"))
    authority = read_key(reading, *key, warnings);
  else if (const Node* keyless = item.find("keyless"))
    authority = read_keyless(reading, *keyless, warnings);
  else if (const Node* certificate = item.find("certificate"))
    authority = read_certificate(reading, *certificate, warnings);
  if (!authority) return authority;
  authority->attestation = attestation;
  authority->id = AuthorityId::of(*authority);
  return authority;
}

}  // namespace tegata::policy
