// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/fact_kinds.h"

#include <utility>

#include "verifier/evidence/facts/labels.h"
#include "verifier/evidence/facts/signatures.h"
#include "verifier/evidence/facts/tag.h"
#include "verifier/evidence/made_facts.h"

namespace tegata::verifier {

FactKinds fact_kinds(SignatureVerifier verifier, const GatherSettings& settings) {
  return {made_by<TagKind>(std::make_shared<TagMaker>(settings)),
          made_by<SignatureKind>(std::make_shared<SignatureMaker>(std::move(verifier), settings)),
          made_by<LabelKind>(std::make_shared<LabelMaker>(settings))};
}

}  // namespace tegata::verifier
