// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/identity_match.h"

#include "policy/model/printable.h"
#include "policy/rules/pattern.h"

namespace tegata::policy {
namespace {

constexpr std::string_view kHost = "https://github.com/";
constexpr std::string_view kNameCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
constexpr std::size_t kShownWorkflow = 200;

bool is_name(std::string_view text) {
  return !text.empty() && text != "." && text != ".." &&
         text.find_first_not_of(kNameCharacters) == std::string_view::npos;
}

/// `OWNER/NAME` as the certificate says it; none where it is not of that form.
std::optional<std::string> repository_of(const CertificateIdentity& identity) {
  if (const auto newer = identity.extensions.find("sourceRepositoryURI");
      newer != identity.extensions.end()) {
    if (!newer->second.starts_with(kHost)) return std::nullopt;
    return newer->second.substr(kHost.size());
  }
  const auto older = identity.extensions.find("githubWorkflowRepository");
  return older == identity.extensions.end() ? std::nullopt : std::optional(older->second);
}

bool is_repository(const GitHubWorkflow& wanted, std::string_view repository) {
  const auto slash = repository.find('/');
  if (slash == std::string_view::npos) return false;
  const auto owner = repository.substr(0, slash);
  const auto name = repository.substr(slash + 1);
  return is_name(owner) && is_name(name) && owner == wanted.owner && wildcard_matches(wanted.name, name);
}

bool is_ref(const GitHubWorkflow& wanted, std::string_view ref) {
  return ref.starts_with("refs/") && (!wanted.ref || wanted.ref->matches(ref));
}

/// Whether `uri` is https://github.com/REPOSITORY/.github/workflows/FILE@REF.
bool is_workflow(const GitHubWorkflow& wanted, const std::string& repository, std::string_view uri) {
  const std::string file =
      std::string(kHost) + repository + "/.github/workflows/" + wanted.workflow.value_or("") + "@";
  // REF begins with refs/, so what follows FILE@ cannot be the rest of a longer file name.
  return uri.starts_with(file) && is_ref(wanted, uri.substr(file.size()));
}

std::string found(std::string_view what, const std::optional<std::string>& text,
                  const GitHubWorkflow& wanted) {
  return std::string(what) + " is " + (text && !text->empty() ? quoted(*text, kShownWorkflow) : "absent") +
         ", not " + wanted.words();
}

}  // namespace

std::string GitHubWorkflow::words() const {
  return (workflow ? "workflow " + printable(*workflow, 120) + " of " : "") + "GitHub repository " +
         printable(owner + "/" + name, 160) + (ref ? " on " + printable(ref->text(), 160) : "");
}

std::optional<std::string> extension_or(const CertificateIdentity& identity, const std::string& newer,
                                        const std::string& older) {
  auto at = identity.extensions.find(newer);
  if (at == identity.extensions.end()) at = identity.extensions.find(older);
  return at == identity.extensions.end() ? std::nullopt : std::optional(at->second);
}

std::optional<std::string> workflow_mismatch(const GitHubWorkflow& wanted,
                                             const CertificateIdentity& identity) {
  if (identity.issuer != kGitHubIssuer) return found("issuer", identity.issuer, wanted);
  const auto repository = repository_of(identity);
  if (!repository || !is_repository(wanted, *repository))
    return found("source repository", repository, wanted);
  const auto ref = extension_or(identity, "sourceRepositoryRef", "githubWorkflowRef");
  if (wanted.ref && (!ref || !is_ref(wanted, *ref))) return found("source ref", ref, wanted);
  if (!wanted.workflow) return std::nullopt;
  const auto config = identity.extensions.find("buildConfigURI");
  const auto& uri = config == identity.extensions.end() ? identity.subject : config->second;
  if (!is_workflow(wanted, *repository, uri)) return found("workflow", uri, wanted);
  return std::nullopt;
}

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
  if (!github && (!issuer || !subject)) return "issuer and subject are not both required";
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
