// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "policy/model/image_reference.h"

namespace tegata {
namespace {

struct Spelling {
  std::string host;
  std::string canonical;
};

const std::vector<Spelling> kSpellings{
    {"GHCR.IO", "ghcr.io"},
    {"ghcr.io:443", "ghcr.io"},
    {"ghcr.io:8443", "ghcr.io:8443"},
    {"localhost:443", "localhost"},
    {"buildhost:443", "buildhost:443"},
    {"index.docker.io", "docker.io"},
    {"registry-1.docker.io", "docker.io"},
    {"INDEX.docker.io:443", "docker.io"},
    {"index.docker.io:80", "docker.io:80"},
    {"[::1]:443", "[::1]"},
    {"[0:0:0:0:0:0:0:1]:5000", "[::1]:5000"},
    {"111122223333.dkr.ecr.eu-west-1.amazonaws.com", "111122223333.dkr.ecr.eu-west-1.amazonaws.com"},
    {"111122223333.dkr.ecr-fips.us-east-1.amazonaws.com", "111122223333.dkr.ecr.us-east-1.amazonaws.com"},
    {"111122223333.dkr-ecr.us-east-1.on.aws", "111122223333.dkr.ecr.us-east-1.amazonaws.com"},
    {"111122223333.dkr-ecr-fips.us-east-1.on.aws", "111122223333.dkr.ecr.us-east-1.amazonaws.com"},
    {"111122223333.DKR-ECR.us-east-1.on.aws:443", "111122223333.dkr.ecr.us-east-1.amazonaws.com"},
    {"111122223333.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn",
     "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn"},
    {"111122223333.dkr.ecr-fips.cn-north-1.amazonaws.com.cn",
     "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn"},
    {"111122223333.dkr.ecr.eusc-de-east-1.amazonaws.eu", "111122223333.dkr.ecr.eusc-de-east-1.amazonaws.eu"},
    {"111122223333.dkr-ecr.us-east-1.on.aws.evil.example",
     "111122223333.dkr-ecr.us-east-1.on.aws.evil.example"},
    {"dkr.ecr-fips.us-east-1.amazonaws.com", "dkr.ecr-fips.us-east-1.amazonaws.com"},
    {"*.dkr-ecr.*.on.aws", "*.dkr.ecr.*.amazonaws.com"},
    {"public.ecr.aws", "public.ecr.aws"},
};

TEST(CanonicalRegistry, StandsForAllSpellingsOfOneHost) {
  for (const auto& [host, canonical] : kSpellings) EXPECT_EQ(canonical_registry(host), canonical) << host;
}

TEST(CanonicalRegistry, ChangesNothingWhenAppliedAgain) {
  for (const auto& [host, canonical] : kSpellings) EXPECT_EQ(canonical_registry(canonical), canonical);
}

}  // namespace
}  // namespace tegata
