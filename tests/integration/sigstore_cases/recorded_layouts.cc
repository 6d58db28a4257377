// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/sigstore_cases/case_server.h"
#include "verifier/oci/recorded_layout.h"

namespace tegata::testing {
namespace {

class RecordedLayouts final : public CaseServer {
 public:
  Result<CaseSource> serve(const RecordedCase& one) override {
    TEGATA_TRY(auto layout, verifier::RecordedLayout::open(one.folder));
    layout_ = std::make_unique<verifier::RecordedLayout>(std::move(layout));
    return CaseSource{*layout_, layout_->repository()};
  }

 private:
  std::unique_ptr<verifier::RecordedLayout> layout_;
};

}  // namespace

std::unique_ptr<CaseServer> recorded_layouts() { return std::make_unique<RecordedLayouts>(); }

}  // namespace tegata::testing
