// SPDX-License-Identifier: Apache-2.0
#include "verifier/aws/aws_profile.h"

#include <algorithm>
#include <utility>

#include "policy/model/ascii.h"
#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "verifier/crypto/secret.h"
#include "verifier/file/read_content.h"

namespace tegata::verifier {
namespace {

constexpr std::string_view kBlank = " \t";

Error at_line(std::size_t line, std::string_view what) {
  return Error::malformed("line " + std::to_string(line) + ": " + std::string(what));
}

/// The profile that a section is for; empty if it is for something else.
std::optional<std::string> profile_of_section(std::string_view name, SharedFile which) {
  constexpr std::string_view kProfile = "profile";
  if (which == SharedFile::Credentials || name == "default") return std::string(name);
  if (!name.starts_with(kProfile) || name.size() == kProfile.size()) return std::nullopt;
  const auto rest = name.substr(kProfile.size());
  if (kBlank.find(rest.front()) == kBlank.npos) return std::nullopt;
  auto text = trimmed(rest, kBlank);
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front())
    text = text.substr(1, text.size() - 2);
  return std::string(text);
}

bool has_control(std::string_view line) {
  return std::any_of(line.begin(), line.end(),
                     [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 127; });
}

class SharedFileReader {
 public:
  explicit SharedFileReader(SharedFile which) : which_(which) {}

  Status take(std::size_t number, std::string_view line) {
    if (has_control(line)) return at_line(number, "a control character");
    if (line.empty() || line.front() == '#' || line.front() == ';') return done();
    if (trimmed(line, kBlank).empty()) return done();
    if (line.front() == '[') return begin_section(number, line);
    if (kBlank.find(line.front()) != kBlank.npos)
      return in_section_ ? done() : at_line(number, "an indented line without a key above it");
    return take_pair(number, line);
  }
  std::map<std::string, AwsProfile> profiles() && { return std::move(profiles_); }

 private:
  Status begin_section(std::size_t number, std::string_view line) {
    const auto end = line.find(']');
    if (end == line.npos) return at_line(number, "a section without ]");
    const auto rest = trimmed(line.substr(end + 1), kBlank);
    if (!rest.empty() && rest.front() != '#' && rest.front() != ';') return at_line(number, "text after ]");
    if (++sections_ > limits::kAwsProfiles)
      return Error{ErrorCode::LimitExceeded,
                   "more than " + std::to_string(limits::kAwsProfiles) + " sections"};
    in_section_ = true;
    current_ = nullptr;
    auto name = profile_of_section(trimmed(line.substr(1, end - 1), kBlank), which_);
    if (!name) return done();
    const auto [place, is_new] = profiles_.try_emplace(*name, AwsProfile{*name});
    if (!is_new) return at_line(number, "the profile " + tegata::quoted(*name) + " for the second time");
    current_ = &place->second;
    return done();
  }
  Status take_pair(std::size_t number, std::string_view line) {
    const auto equals = line.find('=');
    const auto key = ascii_lower(trimmed(line.substr(0, equals), kBlank));
    if (equals == line.npos || key.empty()) return at_line(number, "neither a section nor KEY = VALUE");
    if (!in_section_) return at_line(number, "a key before the first section");
    if (current_ == nullptr) return done();
    const auto value = trimmed(line.substr(equals + 1), kBlank);
    if (!current_->values.try_emplace(key, value).second)
      return at_line(number, "the key " + tegata::quoted(key, 64) + " for the second time");
    return done();
  }

  const SharedFile which_;
  std::map<std::string, AwsProfile> profiles_;
  AwsProfile* current_ = nullptr;  ///< null: the section is not a profile
  bool in_section_ = false;
  std::size_t sections_ = 0;
};

Result<std::map<std::string, AwsProfile>> load_shared(const std::string& path, SharedFile which) {
  using Profiles = std::map<std::string, AwsProfile>;
  if (path.empty()) return Profiles();
  auto text = read_content(path, limits::kAwsSharedFile);
  if (!text.ok() && text.error().code == ErrorCode::NotFound) return Profiles();
  auto parsed = text.ok() ? parse_shared_file(*text, which) : Result<Profiles>(text.error());
  if (text.ok()) const Secret wiped(*std::move(text));
  if (parsed.ok()) return parsed;
  return Error{ErrorCode::Misconfigured, parsed.error().in("cannot read " + path).message};
}

std::string path_of(const AwsEnvironment& environment, const std::string& variable,
                    const std::string& in_home) {
  if (auto path = environment(variable)) {
    if (!path->starts_with("~/")) return *std::move(path);
    if (const auto home = environment("HOME")) return *home + path->substr(1);
    return *std::move(path);
  }
  const auto home = environment("HOME");
  return home ? *home + in_home : std::string();
}

}  // namespace

Result<std::map<std::string, AwsProfile>> parse_shared_file(std::string_view text, SharedFile which) {
  SharedFileReader reader(which);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    TEGATA_CHECK(reader.take(number, line));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::move(reader).profiles();
}

Result<AwsProfiles> AwsProfiles::load(const AwsEnvironment& environment) {
  AwsProfiles profiles;
  TEGATA_TRY(profiles.by_name_,
             load_shared(path_of(environment, "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials"),
                         SharedFile::Credentials));
  TEGATA_TRY(auto config,
             load_shared(path_of(environment, "AWS_CONFIG_FILE", "/.aws/config"), SharedFile::Config));
  for (auto& [name, profile] : config) {
    auto& known = profiles.by_name_.try_emplace(name, AwsProfile{name}).first->second;
    known.values.merge(profile.values);  // keeps those of the credentials file
  }
  return profiles;
}

const AwsProfile* AwsProfiles::find(const std::string& name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &found->second;
}

Result<AwsProfile> AwsProfiles::current(const AwsEnvironment& environment) const {
  const auto named = environment("AWS_PROFILE");
  const auto* profile = find(named.value_or("default"));
  if (profile == nullptr && named)
    return Error{ErrorCode::Misconfigured, "AWS_PROFILE names the profile " + tegata::quoted(*named) +
                                               ", which is in neither of the shared AWS files"};
  if (profile == nullptr) return AwsProfile{"default"};
  if (profile->values.contains("services"))
    return Error{ErrorCode::Misconfigured, "the AWS profile " + tegata::quoted(profile->name) +
                                               " names a services section, which is not in this version"};
  return *profile;
}

std::string region_of(const AwsEnvironment& environment, const AwsProfile& profile) {
  for (const char* variable : {"AWS_REGION", "AWS_DEFAULT_REGION"})
    if (auto region = environment(variable)) return *std::move(region);
  return profile.value("region").value_or("");
}

}  // namespace tegata::verifier
