// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/subcommands.h"

#include <gtest/gtest.h>

namespace tegata::webhook::cli {
namespace {

std::string place(const VerifyOptions& options) {
  const auto repository = signatures_of(options, *ImageReference::parse("registry.example/app:v1"));
  return repository.ok() ? repository->text() : "refused: " + repository.error().message;
}

TEST(VerifyCommand, TakesSignaturesFromTheOptionThenTheVariableThenBesideTheImage) {
  VerifyOptions options;
  EXPECT_EQ(place(options), "registry.example/app");
  options.cosign_repository = "registry.example/from-variable";
  EXPECT_EQ(place(options), "registry.example/from-variable");
  options.signature_repository = "registry.example/from-option";
  EXPECT_EQ(place(options), "registry.example/from-option");
}

TEST(VerifyCommand, NamesWhatIsNotARepository) {
  for (const char* wrong : {"registry.example/a:v1", "registry.example/A", "https://registry.example/a"}) {
    VerifyOptions options;
    options.cosign_repository = wrong;
    EXPECT_TRUE(place(options).starts_with("refused: COSIGN_REPOSITORY ")) << place(options);
    options.signature_repository = wrong;
    options.cosign_repository = "registry.example/good";
    EXPECT_TRUE(place(options).starts_with("refused: --signature-repository ")) << place(options);
  }
}

}  // namespace
}  // namespace tegata::webhook::cli
