// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "verifier/sigstore/proof/prove_signer.h"
#include "webhook/cli/command.h"

namespace tegata::webhook::cli {

/// What came of verifying one file.
struct BlobVerification {
  const std::string& artifact;  ///< as written
  const verifier::OrRejection<verifier::ProvenSigner>& outcome;
  const Authority& authority;
  Time at;  ///< what the present was taken to be
};

void print_blob(const BlobVerification& verification, Format format, const Terminal& terminal);

}  // namespace tegata::webhook::cli
