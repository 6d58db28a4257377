// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "verifier/oci/content_source.h"
#include "verifier/oci/registry_client.h"

namespace tegata::verifier {

/// Fetches every referrer of a digest: all pages of the referrers API, and in parallel the fallback tag
/// `sha256-<hex>`, which old clients write even if there is an API. The result is one list with each digest
/// once.
///
/// The API counts as absent if the registry's first answer is 400, 404, 405, 406, 501 or not an index, or a
/// 401 without WWW-Authenticate although the same Authorization reads the manifest of the subject; after a
/// redirect to another host, only if it is 404. The tag counts as absent if it is 404 or names an image
/// manifest. UnexpectedAnswer: a list that cannot be parsed. Any other failure of either is a failure of the
/// whole, since a list that may be incomplete proves nothing. A list that exceeds limits::kReferrers,
/// kReferrersPages or the size limit of an index is cut and `truncated`: that is a finding, not a failure.
/// All pages must have the origin of the first one.
///
/// `client` must outlive the call of `done`.
void fetch_referrers(RegistryClient& client, const RegistrySettings& settings, const Repository& repository,
                     const Digest& subject, Deadline deadline, std::function<void(Result<Referrers>)> done);

}  // namespace tegata::verifier
