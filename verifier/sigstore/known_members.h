// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tegata::verifier {

/// What may stand in an object: a member's name, and what may stand in it in turn. A member without
/// `inside` holds no object. Where a member holds an array, the shape is that of its elements.
struct MemberShape {
  std::string_view name;
  std::span<const MemberShape> inside;
  /// The member's own content is not looked at.
  enum class Inside { Known, Anything } content = Inside::Known;
};

/// The path of the first member that the shape does not know (`verificationMaterial.color`), if any.
[[nodiscard]] std::optional<std::string> unknown_member(const nlohmann::json& object,
                                                        std::span<const MemberShape> shape);

/// The bytes of a base64 member; none where it is absent, no string or no base64.
[[nodiscard]] std::optional<std::string> bytes_member(const nlohmann::json& object, std::string_view key);

}  // namespace tegata::verifier
