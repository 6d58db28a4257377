// SPDX-License-Identifier: Apache-2.0
// Members of AWS's answers about scans; for the readers of this folder only.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/result.h"
#include "verifier/scan/aws_scans.h"

namespace tegata::verifier {

/// The text; empty where there is none. Malformed: not a text. LimitExceeded: above limits::kScanText.
[[nodiscard]] Result<std::string> aws_text(const nlohmann::json& object, std::string_view name);
/// The token of the next page; empty where there is none. Malformed: not a text. LimitExceeded: above
/// limits::kScanToken.
[[nodiscard]] Result<std::string> aws_token(const nlohmann::json& object, std::string_view name);
/// The elements; none where there is no list. Malformed: not a list.
[[nodiscard]] Result<std::vector<const nlohmann::json*>> aws_list(const nlohmann::json& object,
                                                                  std::string_view name);
/// Malformed: not a number from 0 to `most`.
[[nodiscard]] Result<std::optional<double>> aws_number(const nlohmann::json& object, std::string_view name,
                                                       double most);
/// Seconds since 1970 (JSON 1.1, REST-JSON), or a text of RFC 3339 (ASFF). Malformed: neither.
[[nodiscard]] Result<std::optional<Time>> aws_time(const nlohmann::json& object, std::string_view name);
/// `YES` and `PARTIAL`: there is one; `NO`: there is none; else unknown.
[[nodiscard]] Result<Availability> aws_availability(const nlohmann::json& object, std::string_view name);

/// How one service spells the members that all of them have.
struct PackageNames {
  const char* name;
  const char* version;
  const char* epoch;
  const char* release;
  const char* fixed;
};
/// `1:3.0.9-1` from epoch, version and release; the fixed version; into `finding`.
[[nodiscard]] Status read_package(const nlohmann::json& package, const PackageNames& names,
                                  ScanFinding& finding);

/// A finding of Inspector, as ListFindings and ECR's enhanced scans write it, one for each package of it.
/// `score` is the member with its score. None: it is CLOSED.
[[nodiscard]] Result<std::vector<ScanFinding>> read_inspector_finding(const nlohmann::json& finding,
                                                                      std::string_view score);

/// Whether a finding names this image among its resources, or no image at all. `hash` and `details` are the
/// members with the image's digest, for instance `details.awsEcrContainerImage.imageHash`.
[[nodiscard]] bool is_about_image(const nlohmann::json& finding, const char* resources, const char* details,
                                  const char* container, const char* hash, const Digest& image);

/// A page that says nothing but this.
[[nodiscard]] ScanPage page_with_gap(ScanSource source, Reason reason, std::string why);
/// Parses the body and reads it; what fails is ScanUnavailable.
[[nodiscard]] ScanPage read_page(
    ScanSource source, std::string_view body,
    const std::function<Status(const nlohmann::json& answer, ScanPage& page)>& read);
[[nodiscard]] Status add_findings(ScanPage& page, std::vector<ScanFinding> findings);

}  // namespace tegata::verifier
