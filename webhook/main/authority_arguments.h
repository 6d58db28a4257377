// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "webhook/cli/authority_options.h"

namespace CLI {
class App;
}

namespace tegata::webhook {

/// cosign's options that say whose signature is wanted and what must prove it. `options` must live until
/// `app` has parsed.
void add_authority_options(CLI::App& app, cli::AuthorityOptions& options);

/// Those of them that Sigstore's conformance suite uses: key, identity, issuer and trusted root.
void add_signer_options(CLI::App& app, cli::AuthorityOptions& options);

}  // namespace tegata::webhook
