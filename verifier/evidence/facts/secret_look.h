// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tegata::verifier {

/// Whether a variable or label with this value looks like a secret. By its value: the forms of
/// is_credential(). By its name, split into words at punctuation and at the humps of camelCase, and compared
/// without case: a word that holds PASSWORD, PASSWD, PASSPHRASE, SECRET or CREDENTIAL, that is ACCESS, TOKEN
/// or TOKENS, or that ends with KEY or KEYS (Dockle's list for CIS-DI-0010: PASSWD, PASSWORD, SECRET, KEY,
/// ACCESS).
///
/// Not by its name: an empty value, or one that is `true`, `false`, `yes`, `no`, `on` or `off`; a name that
/// ends with the word FILE, which holds a path; and where only KEY, KEYS or ACCESS speaks for it, GPG_KEY and
/// GPG_KEYS (as Dockle) and names with the word PUBLIC.
[[nodiscard]] bool looks_secret(std::string_view name, std::string_view value);

/// Whether the text holds what only a credential looks like: a private key in PEM, an access key id of AWS, a
/// token of GitHub, GitLab, npm, Docker Hub, Slack, Stripe or Google, or a URL with a password.
[[nodiscard]] bool is_credential(std::string_view text);

/// A name as records and messages may show it: letters, digits, `_`, `.`, `-` and `/`, at most 128 bytes.
/// Empty for others: what is no name may be a part of a value.
[[nodiscard]] std::string shown_name(std::string_view name);

}  // namespace tegata::verifier
