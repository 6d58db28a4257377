// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "verifier/oci/content_source.h"
#include "verifier/oci/registry_client.h"

namespace tegata::verifier {

/// Every referrer of a digest: the referrers API, page after page, and side by side the fallback tag
/// `sha256-<hex>`, which old clients write also where there is an API. One list, each digest once.
///
/// The API counts as absent where its first answer is 400, 404, 405, 406, 501 or not an index, or a 401 that
/// does not say how to authenticate although the same Authorization reads the subject's own manifest there;
/// the tag where it is 404 or names another kind of manifest. Any other failure of either is the failure of
/// the whole: a list that may be incomplete proves nothing. A list beyond limits::kReferrers,
/// kReferrersPages, or larger than an index may be, is cut and `truncated`: that is a finding, not a failure.
/// Pages come from where the first one came from.
///
/// `client` must outlive the call of `done`.
void fetch_referrers(RegistryClient& client, const RegistrySettings& settings, const Repository& repository,
                     const Digest& subject, Deadline deadline, std::function<void(Result<Referrers>)> done);

}  // namespace tegata::verifier
