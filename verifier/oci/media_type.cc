// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/media_type.h"

#include "verifier/oci/manifest.h"

namespace tegata::verifier {

std::string media_type_of(const HttpResponse& response) {
  auto value = response.header("content-type").value_or("");
  value = value.substr(0, value.find(';'));
  while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
  std::string lower(value);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

bool is_manifest_media_type(std::string_view media_type) {
  return !media_type.empty() && media_type.find(',') == std::string_view::npos &&
         kManifestAccept.find(media_type) != std::string_view::npos && media_type.ends_with("json") &&
         media_type.starts_with("application/vnd.");
}

}  // namespace tegata::verifier
