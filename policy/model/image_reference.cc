// SPDX-License-Identifier: Apache-2.0
// Grammar (github.com/distribution/reference):
//   reference := name [":" tag] ["@" digest]        name := [host "/"] path
//   host      := (label ("." label)* | "[" IPv6 "]") [":" port]
//   path      := component ("/" component)*          component := alnum+ (separator alnum+)*
//   separator := "." | "_" | "__" | "-"+             tag := [A-Za-z0-9_][A-Za-z0-9_.-]{0,127}
#include "policy/model/image_reference.h"

#include <algorithm>
#include <array>

#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "policy/model/registry_host.h"

namespace tegata {
namespace {

constexpr std::string_view kDockerHub = "docker.io";
constexpr std::string_view kOfficial = "library/";

bool is_path_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_word(char c) { return is_path_letter(c) || (c >= 'A' && c <= 'Z') || c == '_'; }

Error malformed(std::string_view what, std::string_view part) {
  return {ErrorCode::Malformed, std::string(what) + " " + quoted(part, 80)};
}

std::string hex_byte(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return {'0', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
}

Status check_length(std::string_view text) {
  if (text.size() <= limits::kReferenceText) return done();
  return Error{ErrorCode::LimitExceeded,
               "an image reference has at most " + std::to_string(limits::kReferenceText) + " bytes"};
}

/// Blanks, control characters, and letters that only look like ASCII.
Status check_bytes(std::string_view text) {
  if (text.empty()) return Error{ErrorCode::Malformed, "no image is named"};
  TEGATA_CHECK(check_length(text));
  const auto bad = std::find_if(text.begin(), text.end(), [](char c) { return c <= ' ' || c >= 0x7f; });
  if (bad == text.end()) return done();
  const auto byte = static_cast<unsigned char>(*bad);
  const std::string where = " at byte " + std::to_string(bad - text.begin() + 1);
  if (byte >= 0x80)
    return Error{ErrorCode::Malformed, "a character that is not ASCII (" + hex_byte(byte) + ")" + where};
  if (byte == ' ') return Error{ErrorCode::Malformed, "a blank" + where};
  return Error{ErrorCode::Malformed, "a control character (" + hex_byte(byte) + ")" + where};
}

/// `docker://` of skopeo, `oci://` of Helm, `https://` of a browser: a runtime refuses them.
/// RFC 3986: scheme := ALPHA *( ALPHA | DIGIT | "+" | "-" | "." )
Status check_no_scheme(std::string_view text) {
  const auto end = text.find("://");
  if (end == std::string_view::npos || end == 0) return done();
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto scheme = text.substr(0, end);
  const bool well_formed =
      is_letter(scheme.front()) && std::all_of(scheme.begin(), scheme.end(), [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
      });
  if (!well_formed) return done();
  return malformed("an image name has no scheme; remove", text.substr(0, end + 3));
}

/// The length of the separator at the front of `text`; 0 if there is none.
std::size_t separator_length(std::string_view text) {
  if (text.starts_with("__")) return 2;
  if (text.starts_with('.') || text.starts_with('_')) return 1;
  return std::min(text.find_first_not_of('-'), text.size());
}

bool is_component(std::string_view text) {
  for (;;) {
    const auto letters =
        static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_path_letter) - text.begin());
    if (letters == 0) return false;
    text.remove_prefix(letters);
    if (text.empty()) return true;
    const auto separator = separator_length(text);
    if (separator == 0) return false;
    text.remove_prefix(separator);
  }
}

Status check_path(std::string_view path) {
  if (path.empty()) return Error{ErrorCode::Malformed, "no repository is named"};
  if (path.size() > limits::kRepositoryName)
    return Error{ErrorCode::LimitExceeded,
                 "a repository name has at most " + std::to_string(limits::kRepositoryName) + " bytes"};
  for (auto rest = path;;) {
    const auto slash = rest.find('/');
    const auto component = rest.substr(0, slash);
    if (std::any_of(component.begin(), component.end(), [](char c) { return c >= 'A' && c <= 'Z'; }))
      return malformed("an upper-case letter in the repository name", component);
    if (!is_component(component)) return malformed("not a part of a repository name:", component);
    if (slash == std::string_view::npos) return done();
    rest.remove_prefix(slash + 1);
  }
}

Status check_tag(std::string_view tag) {
  if (tag.empty()) return Error{ErrorCode::Malformed, "a colon without a tag after it"};
  if (tag.size() > limits::kTag)
    return Error{ErrorCode::LimitExceeded, "a tag has at most " + std::to_string(limits::kTag) + " bytes"};
  const bool good = is_word(tag.front()) && std::all_of(tag.begin(), tag.end(), [](char c) {
                      return is_word(c) || c == '.' || c == '-';
                    });
  return good ? done() : malformed("not a tag:", tag);
}

Status check_host(std::string_view host) {
  const auto [name, port] = split_port(host);
  TEGATA_CHECK(check_host_name(name));
  return port ? check_port(*port) : done();
}

/// What a container runtime reads as the id of a local image:
/// 64 hex digits, or a digest by itself (`sha256:…`, which would else be a tag of a Docker Hub name).
bool is_image_id(std::string_view text) {
  const auto is_hex = [](std::string_view digits, std::size_t count) {
    return digits.size() == count && digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  };
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return is_hex(text, 64);
  const auto algorithm = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  return (algorithm == "sha256" && is_hex(digits, 64)) || (algorithm == "sha384" && is_hex(digits, 96)) ||
         (algorithm == "sha512" && is_hex(digits, 128));
}

/// A name without tag and digest, completed as a container runtime does.
Result<Repository> complete(std::string_view name) {
  Repository repository{std::string(kDockerHub), std::string(name)};
  const auto slash = name.find('/');
  const auto first = slash == std::string_view::npos ? std::string_view() : name.substr(0, slash);
  if (auto host = canonical_registry(first); host == "localhost" || looks_like_host(first)) {
    TEGATA_CHECK(check_host(first));
    repository = {std::move(host), std::string(name.substr(slash + 1))};
  }
  const bool short_name = !repository.path.empty() && repository.path.find('/') == std::string::npos;
  if (repository.registry == kDockerHub && short_name) repository.path.insert(0, kOfficial);
  TEGATA_CHECK(check_path(repository.path));
  return repository;
}

/// Takes what follows the last colon off `name`, unless that colon belongs to the host.
std::optional<std::string_view> take_tag(std::string_view& name) {
  const auto colon = name.rfind(':');
  if (colon == std::string_view::npos || name.find('/', colon) != std::string_view::npos) return std::nullopt;
  const auto tag = name.substr(colon + 1);
  name = name.substr(0, colon);
  return tag;
}

}  // namespace

Result<Repository> Repository::parse(std::string_view text) {
  TEGATA_CHECK(check_bytes(text));
  TEGATA_CHECK(check_no_scheme(text));
  if (is_image_id(text)) return malformed("an image id, not a repository:", text);
  if (text.find('@') != std::string_view::npos)
    return malformed("a repository is named without a digest, not", text);
  auto name = text;
  if (take_tag(name)) return malformed("a repository is named without a tag, not", text);
  return complete(text);
}

Result<ImageReference> ImageReference::parse(std::string_view text) {
  TEGATA_CHECK(check_bytes(text));
  TEGATA_CHECK(check_no_scheme(text));
  if (is_image_id(text)) return malformed("an image id, not a name in a registry:", text);
  ImageReference reference;
  reference.as_written_ = text;
  auto name = text;
  if (const auto at = name.find('@'); at != std::string_view::npos) {
    TEGATA_TRY(reference.digest_, Digest::parse(name.substr(at + 1)));
    name = name.substr(0, at);
  }
  if (const auto tag = take_tag(name)) {
    TEGATA_CHECK(check_tag(*tag));
    reference.tag_ = *tag;
  }
  TEGATA_TRY(reference.repository_, complete(name));
  reference.canonical_ = reference.repository_.text();
  if (const auto tag = reference.effective_tag()) reference.canonical_ += ":" + *tag;
  if (reference.digest_) reference.canonical_ += "@" + reference.digest_->text();
  TEGATA_CHECK(check_length(reference.canonical_));
  return reference;
}

std::optional<std::string> ImageReference::effective_tag() const {
  if (tag_) return tag_;
  if (digest_) return std::nullopt;
  return "latest";
}

}  // namespace tegata
