// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tegata::verifier {

/// An allowed member of a JSON object: its name, and the allowed members of its value. Without `inside`, the
/// value is not an object. For an array, the shape describes its elements.
struct MemberShape {
  std::string_view name;
  std::span<const MemberShape> inside;
  /// Anything: the content of the member is not checked.
  enum class Inside { Known, Anything } content = Inside::Known;
  /// The name of the field in its .proto file: `raw_bytes` for `rawBytes`, or the same name.
  enum class Original { SnakeCase, SameName } original = Original::SnakeCase;
};

/// A member that is a string of base64, decoded. None: absent, or not base64.
[[nodiscard]] std::optional<std::string> bytes_member(const nlohmann::json& object, std::string_view key);

/// The path of the first member that is not in the shape (`verificationMaterial.color`), if any.
[[nodiscard]] std::optional<std::string> unknown_member(const nlohmann::json& object,
                                                        std::span<const MemberShape> shape);

/// For the JSON form of protobuf messages: parsers accept a field by its lowerCamelCase name and by its
/// original name (protobuf.dev, ProtoJSON format). Renames every field of the shape from its original name to
/// its lowerCamelCase name. Returns the path of the first field that occurs under both names, and stops
/// there.
[[nodiscard]] std::optional<std::string> use_json_names(nlohmann::json& message,
                                                        std::span<const MemberShape> shape);

}  // namespace tegata::verifier
