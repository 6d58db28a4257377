// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/identity_match.h"

#include "policy/model/printable.h"
#include "policy/rules/github_workflow.h"

namespace tegata::policy {
namespace {

constexpr std::size_t kShownIdentity = 200;

std::string other(std::string_view what, const std::string& expected, std::string_view found) {
  return std::string(what) + " is " + (found.empty() ? "absent" : quoted(found, kShownIdentity)) + ", not " +
         expected;
}

std::optional<std::string> extension_mismatch(const std::map<std::string, std::string>& wanted,
                                              const CertificateIdentity& identity) {
  for (const auto& [name, value] : wanted) {
    const auto found = identity.extensions.find(name);
    if (found == identity.extensions.end()) return name + " is absent, not " + quoted(value, kShownIdentity);
    if (found->second != value) return other(name, quoted(value, kShownIdentity), found->second);
  }
  return std::nullopt;
}

}  // namespace

TextCriterion TextCriterion::exact(std::string text) { return {std::move(text), Exact{}}; }

Result<TextCriterion> TextCriterion::glob(std::string_view text) {
  TEGATA_TRY(auto glob, UriGlob::parse(text));
  return TextCriterion(std::string(text), std::move(glob));
}

Result<TextCriterion> TextCriterion::pattern(std::string_view text) {
  TEGATA_TRY(auto pattern, anchored_pattern(text));
  return TextCriterion(std::string(text), std::move(pattern));
}

bool TextCriterion::holds(std::string_view text) const {
  if (const auto* glob = std::get_if<UriGlob>(&kind_)) return glob->matches(text);
  if (const auto* pattern = std::get_if<Pattern>(&kind_)) return matches_whole(**pattern, text);
  return text == text_;
}

std::string TextCriterion::words() const {
  if (std::holds_alternative<UriGlob>(kind_)) return "the glob " + quoted(text_, kShownIdentity);
  if (is_pattern()) return "the pattern " + quoted(text_, kShownIdentity);
  return text_.empty() ? "none" : quoted(text_, kShownIdentity);
}

std::string IdentityCriteria::words() const {
  std::string text;
  if (github) text = github->words();
  if (subject) text += (text.empty() ? "" : ", ") + std::string("subject ") + subject->words();
  if (issuer) text += (text.empty() ? "" : ", ") + std::string("issuer ") + issuer->words();
  for (const auto& [name, value] : extensions)
    text += ", " + printable(name, 60) + " " + quoted(value, kShownIdentity);
  return text;
}

std::optional<std::string> IdentityCriteria::mismatch(const CertificateIdentity& identity) const {
  if (!github && (!issuer || !subject)) return "issuer and subject are not both asked for";
  if (issuer && !issuer->holds(identity.issuer)) return other("issuer", issuer->words(), identity.issuer);
  if (subject && !subject->holds(identity.subject))
    return other("subject", subject->words(), identity.subject);
  if (github)
    if (auto problem = workflow_mismatch(*github, identity)) return problem;
  return extension_mismatch(extensions, identity);
}

CertificateSigner certificate_signer(IdentityCriteria criteria, std::optional<CertificateId> pinned) {
  return {
      {std::move(criteria), +[](const IdentityCriteria& wanted,
                                const CertificateIdentity& identity) { return wanted.mismatch(identity); }},
      pinned};
}

std::optional<std::string> commit_of(const CertificateIdentity& identity) {
  return extension_or(identity, "sourceRepositoryDigest", "githubWorkflowSHA");
}

}  // namespace tegata::policy
