// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "verifier/oci/content_source.h"
#include "verifier/oci/registry_client.h"

namespace tegata::verifier {

/// Every referrer of a digest: the referrers API, page after page, and side by side the fallback tag
/// `sha256-<hex>`, which old clients write also where there is an API. One list, each digest once.
///
/// The API counts as absent where its first answer is 404, 400, 405 or no index; the tag where it is
/// 404 or names something else. Any other failure of either is the failure of the whole: a list that
/// may be incomplete proves nothing. A list beyond limits::kReferrers, kReferrersPages, or larger
/// than an index may be, is cut and `truncated`: that is somebody's doing and not bad luck.
///
/// `client` must outlive the call of `done`.
void fetch_referrers(RegistryClient& client, const RegistrySettings& settings, const Repository& repository,
                     const Digest& subject, Deadline deadline, std::function<void(Result<Referrers>)> done);

}  // namespace tegata::verifier
