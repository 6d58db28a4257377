// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/github_workflow.h"

#include "policy/model/printable.h"
#include "policy/rules/image_glob.h"

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

/// `OWNER/NAME` as the certificate says it; none where that is no such thing.
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

}  // namespace tegata::policy
