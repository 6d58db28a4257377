// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tegata::verifier {

/// A member that an object may have: its name, and the members that its value may have in turn. A member
/// without `inside` does not hold an object. Where a member holds an array, the shape is that of its
/// elements.
struct MemberShape {
  std::string_view name;
  std::span<const MemberShape> inside;
  /// The member's own content is not looked at.
  enum class Inside { Known, Anything } content = Inside::Known;
  /// How the field is called in its .proto file: `raw_bytes` for `rawBytes`, or by the same name.
  enum class Original { SnakeCase, SameName } original = Original::SnakeCase;
};

/// A member that is a string of base64, decoded. None where it is absent or anything else.
[[nodiscard]] std::optional<std::string> bytes_member(const nlohmann::json& object, std::string_view key);

/// The path of the first member that the shape does not know (`verificationMaterial.color`), if any.
[[nodiscard]] std::optional<std::string> unknown_member(const nlohmann::json& object,
                                                        std::span<const MemberShape> shape);

/// For the JSON form of protobuf messages, whose readers accept a field by its lowerCamelCase name and by its
/// original one (protobuf.dev, ProtoJSON format): gives every field of the shape that has its original name
/// the other one. The path of the first field that is there by both names, if any; reading stops at it.
[[nodiscard]] std::optional<std::string> use_json_names(nlohmann::json& message,
                                                        std::span<const MemberShape> shape);

}  // namespace tegata::verifier
