// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <ostream>
#include <string>

#include "tests/support/virtual_sigstore.h"
#include "verifier/sigstore/candidate/signing_material.h"
#include "verifier/sigstore/root/trusted_root.h"

namespace tegata::testing {

/// A candidate, taken apart by the readers of the verifier.
struct StagedCandidate {
  verifier::SigningMaterial material;
  std::string message;
  std::string signature;
  std::optional<std::string> payload = {};   ///< of a DSSE envelope
  std::optional<std::string> envelope = {};  ///< the blob of an `.att` layer
};
[[nodiscard]] StagedCandidate bundle_parts(const std::string& bundle);
[[nodiscard]] StagedCandidate message_parts(const std::string& bundle, const std::string& artifact);
[[nodiscard]] StagedCandidate signature_parts(const SignedLayer& layer);
[[nodiscard]] StagedCandidate attestation_parts(const SignedLayer& layer);

/// What each stage of verification says for itself: "good", or the name of the RejectionReason.
struct Stages {
  std::string signature = "good";
  std::string log = "good";
  int integrated_times = 0;
  int timestamps = 0;                ///< good ones
  std::string certificate = "good";  ///< at all proven times, or at `now` where none is; "none": a bare key

  friend bool operator==(const Stages&, const Stages&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Stages& stages) {
    return out << "signature " << stages.signature << ", log " << stages.log << ", "
               << stages.integrated_times << " integrated times, " << stages.timestamps
               << " timestamps, certificate " << stages.certificate;
  }
};

/// `key`: whose signature it must be where there is no certificate. `now` is kSigningTime.
[[nodiscard]] Stages stages(const StagedCandidate& candidate, const verifier::TrustedRoot& root,
                            const VirtualKey* key = nullptr);

[[nodiscard]] verifier::TrustedRoot root_of(const VirtualSigstore& world);

}  // namespace tegata::testing
