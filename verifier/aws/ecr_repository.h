// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/model/result.h"
#include "policy/model/tag_mutability.h"
#include "verifier/aws/aws_client.h"
#include "verifier/aws/ecr_login.h"

namespace tegata::verifier {

/// The call that describes one repository (ECR DescribeRepositories).
[[nodiscard]] AwsCall describe_repository(const EcrRegistry& registry, const std::string& name);

/// Its answer: repositories[0].{registryId, repositoryName, imageTagMutability,
/// imageTagMutabilityExclusionFilters}. UnexpectedAnswer: no answer about exactly this repository, an unknown
/// setting or type of filter, exclusions without filters or filters without exclusions, more than
/// limits::kTagFilters, or one above limits::kTag bytes.
[[nodiscard]] Result<TagMutability> read_tag_mutability(std::string_view json, const EcrRegistry& registry,
                                                        const std::string& name);

}  // namespace tegata::verifier
