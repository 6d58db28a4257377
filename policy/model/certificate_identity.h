// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

namespace tegata {

/// Whom a verified signing certificate was issued to. Made by verifier/sigstore after the chain of
/// the certificate was verified, so a policy may believe what stands here.
struct CertificateIdentity {
  /// The OIDC issuer: Fulcio's extension 1.3.6.1.4.1.57264.1.8, else .1.1; "" where there is neither.
  std::string issuer;
  /// The one subject alternative name: a URI, a mail address, a DNS name, an IP address in text, or
  /// the UTF8String of Fulcio's otherName. "" where there is none.
  std::string subject;
  /// Fulcio's other extensions by the names of its oid-info.md in lowerCamelCase, such as
  /// `sourceRepositoryURI` or `githubWorkflowRef`; only those that are present.
  std::map<std::string, std::string> extensions;
};

}  // namespace tegata
