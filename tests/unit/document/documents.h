// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "policy/document/load.h"

namespace tegata::policy::testing {

/// A document that loads.
struct ValidDocument {
  std::string_view what;
  std::string_view text;
  bool mutate = false;  ///< these together have every field; the schema test changes each of their nodes
};
[[nodiscard]] std::span<const ValidDocument> valid_documents();

/// Who sees what is wrong with a document: the JSON Schema too; the reader alone, because a schema
/// cannot say it; or YAML's own reading, before there is anything that a schema could look at.
enum class Seen { BySchema, ByReaderOnly, ByYaml };

/// A document that is refused, with the place and a part of the message of one of its errors. Its
/// text begins in line 5, behind kHead.
struct RefusedDocument {
  std::string_view what;
  std::string_view text;
  std::string_view where;  ///< `LINE:COLUMN`
  std::string_view message;
  Seen seen = Seen::BySchema;
};
[[nodiscard]] std::span<const RefusedDocument> refused_documents();
/// Its parts: those about an image itself (`denied`, `baseImage` and others), about scans, and the others.
[[nodiscard]] std::span<const RefusedDocument> refused_image_rules();
[[nodiscard]] std::span<const RefusedDocument> refused_scans();
[[nodiscard]] std::span<const RefusedDocument> refused_by_most_words();

/// The first four lines of every document here, up to and with `spec:`.
inline constexpr std::string_view kHead =
    "apiVersion: tegata.dev/v1alpha1\n"
    "kind: DeploymentPolicy\n"
    "metadata: {name: production}\n"
    "spec:\n";
/// Rules for documents that are about something else.
inline constexpr std::string_view kRules = "  rules: [{name: pinned, digest: required}]\n";

/// The folder that the documents are said to be in.
inline constexpr const char* kFolder = "/etc/tegata";
/// /etc/tegata/keys/ci.pub, /etc/tegata/keys/ci-again.pub (the same key), /etc/tegata/keys/qa.pub,
/// and /etc/tegata/keys/N.pub for every number N; nothing else.
[[nodiscard]] Result<KeyId> test_key(const std::string& path);

/// Answers with test_key(); certificates and roots are named likewise, and `/etc/tegata/absent…` is not
/// there.
struct TestTrust : TrustResolver {
  Result<KeyId> key(const std::string& path) override { return test_key(path); }
  Result<CertificateId> certificate(const std::string& path) override;
  Result<TrustedRootId> root(const TrustedRootFiles& files) override;
  Result<TrustedRootId> default_root() override;
  /// `…denied.txt`: one digest; `…none.txt`: none; nothing else is a list.
  Result<std::shared_ptr<const DigestList>> digest_list(const std::string& path) override;
};

/// Loads one document as `policy.yaml` in kFolder with test_key.
[[nodiscard]] LoadResult load_text(std::string_view text);
/// The errors, one a line, for test output.
[[nodiscard]] std::string all_errors(const LoadResult& result);

}  // namespace tegata::policy::testing
