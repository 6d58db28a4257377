// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "policy/model/trust_settings.h"
#include "policy/rules/pattern.h"

namespace tegata::policy {

/// What one text of a certificate must be.
class TextCriterion {
 public:
  [[nodiscard]] static TextCriterion exact(std::string text);
  [[nodiscard]] static Result<TextCriterion> glob(std::string_view text);
  /// RE2, anchored at both ends.
  [[nodiscard]] static Result<TextCriterion> pattern(std::string_view text);

  [[nodiscard]] bool holds(std::string_view text) const;
  /// For people: `"x"`, `the glob "x"`, `the pattern "x"`; `no issuer` for an empty exact text.
  [[nodiscard]] std::string words() const;
  /// As written.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// Kind and text; the glob or pattern is made from the text.
  [[nodiscard]] auto parts() const { return std::tuple(kind_.index(), std::string_view(text_)); }
  [[nodiscard]] bool is_pattern() const noexcept { return std::holds_alternative<Pattern>(kind_); }

 private:
  using Exact = std::monostate;
  using Pattern = std::shared_ptr<const re2::RE2>;
  using Kind = std::variant<Exact, UriGlob, Pattern>;
  TextCriterion(std::string text, Kind kind) : text_(std::move(text)), kind_(std::move(kind)) {}
  std::string text_;
  Kind kind_;
};

/// `github: {repository, workflow, ref}`: a workflow of GitHub Actions, by what Fulcio certifies.
struct GitHubWorkflow {
  std::string owner;                    ///< exact
  std::string name;                     ///< of the repository; `*` within it
  std::optional<std::string> workflow;  ///< a file under .github/workflows/, exact
  std::optional<UriGlob> ref;           ///< `refs/heads/main`, `refs/tags/v*`

  [[nodiscard]] std::string words() const;
  [[nodiscard]] auto parts() const {
    const auto& [account, repository, file, reference] = *this;
    return std::tie(account, repository, file, reference);
  }
};

/// The criteria of a `keyless` or `certificate` authority; all that are there must hold.
struct IdentityCriteria {
  std::optional<TextCriterion> issuer;   ///< never absent, unless `github` implies it
  std::optional<TextCriterion> subject;  ///< the same
  std::optional<GitHubWorkflow> github;
  std::map<std::string, std::string> extensions;  ///< names of CertificateIdentity, exact values

  /// For people, one line: issuer and subject, or repository, workflow and ref.
  [[nodiscard]] std::string words() const;
  [[nodiscard]] auto parts() const {
    const auto& [by, to, workflow, others] = *this;
    return std::tie(by, to, workflow, others);
  }
  /// Why an identity is refused; none: it is accepted. Criteria without a demand on issuer and
  /// subject accept no identity.
  [[nodiscard]] std::optional<std::string> mismatch(const CertificateIdentity& identity) const;
};

/// A signer with a certificate for such an identity.
[[nodiscard]] CertificateSigner certificate_signer(IdentityCriteria criteria,
                                                   std::optional<CertificateId> pinned);

/// The issuer of GitHub's own tokens.
inline constexpr std::string_view kGitHubIssuer = "https://token.actions.githubusercontent.com";

/// The commit that a certificate was issued for: `sourceRepositoryDigest`, or `githubWorkflowSHA`
/// where the newer one is absent. None where it has neither.
[[nodiscard]] std::optional<std::string> commit_of(const CertificateIdentity& identity);

/// Why an identity is not that of the workflow; none: it is.
///
/// The issuer is GitHub's. The repository is `sourceRepositoryURI` (`https://github.com/OWNER/NAME`),
/// the ref `sourceRepositoryRef`; the older `githubWorkflowRepository` and `githubWorkflowRef` count
/// only where the newer extension is absent. The workflow is that which the event started:
/// `buildConfigURI`, and the subject only where that is absent; it is taken apart, never compared by
/// prefix, and must be of that repository and of a matching ref. A reusable workflow of another
/// repository shows in the subject alone, which is then ignored.
[[nodiscard]] std::optional<std::string> workflow_mismatch(const GitHubWorkflow& wanted,
                                                           const CertificateIdentity& identity);

/// The extension `newer`; the one called `older` only where that is absent.
[[nodiscard]] std::optional<std::string> extension_or(const CertificateIdentity& identity,
                                                      const std::string& newer, const std::string& older);

}  // namespace tegata::policy
