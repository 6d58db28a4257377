// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/manifest_yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <sstream>

#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "webhook/kubernetes/foreign_document.h"
#include "webhook/kubernetes/yaml_json.h"

namespace tegata::webhook::kubernetes {
namespace {

constexpr std::string_view kYaml = "tag:yaml.org,2002:";

/// The tags of CloudFormation's intrinsic functions.
bool is_cloudformation(std::string_view tag) {
  constexpr auto kFunctions = std::to_array<std::string_view>(
      {"!And",    "!Base64", "!Cidr",        "!Condition", "!Equals",       "!FindInMap", "!GetAZs",
       "!GetAtt", "!If",     "!ImportValue", "!Join",      "!Length",       "!Not",       "!Or",
       "!Ref",    "!Select", "!Split",       "!Sub",       "!ToJsonString", "!Transform"});
  return std::find(kFunctions.begin(), kFunctions.end(), tag) != kFunctions.end();
}

std::string tag_refused(const std::string& tag) {
  auto text = "the tag " + tegata::quoted(tag, 80) + " is not supported";
  if (is_cloudformation(tag)) text += ": " + std::string(kCloudFormation);
  return text;
}

/// Writes JSON while yaml-cpp reports what it reads. An anchored node is a range of the text written
/// so far, and its alias a copy of that range. After an error, the rest of the document is
/// skipped.
class JsonWriter final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {
    text_.clear();
    open_.clear();
    anchors_.clear();
    refusal_.reset();
    written_ = 0;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { scalar(mark, anchor, "null"); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, '[');
  }
  void OnSequenceEnd() override { close(']'); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, '{');
  }
  void OnMapEnd() override { close('}'); }

  /// The document that was read last; empty if it has no content.
  [[nodiscard]] Result<std::string> document() const {
    if (refusal_) return *refusal_;
    return text_;
  }

 private:
  struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;    ///< 0 while the node is still open
    std::size_t depth = 0;  ///< levels within the node
  };
  struct Container {
    char kind;  ///< `[` or `{`
    YAML::anchor_t anchor;
    std::size_t begin;
    YAML::Mark mark;
    std::size_t children = 0;
    std::size_t depth = 1;                            ///< levels, including this one
    std::optional<std::size_t> merge = std::nullopt;  ///< which member is `<<`
  };

  void refuse(const YAML::Mark& mark, ErrorCode code, const std::string& why) {
    if (!refusal_) refusal_ = Error{code, "line " + std::to_string(mark.line + 1) + ": " + why};
    text_.clear();
  }
  [[nodiscard]] bool at_key() const {
    return !open_.empty() && open_.back().kind == '{' && open_.back().children % 2 == 0;
  }
  void separate();
  [[nodiscard]] bool has_room(const YAML::Mark& mark, std::size_t bytes);
  void scalar(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& json);
  void key(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& value, bool merges);
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, char bracket);
  void close(char bracket);

  std::string text_;
  std::vector<Container> open_;
  std::map<YAML::anchor_t, Range> anchors_;
  std::optional<Error> refusal_;
  std::size_t written_ = 0;      ///< bytes in this document, including those that a merge later drops
  std::size_t written_all_ = 0;  ///< bytes in all documents
};

/// The comma or colon before the next node.
void JsonWriter::separate() {
  if (open_.empty()) return;
  auto& container = open_.back();
  if (container.children++ == 0) return;
  text_ += container.kind == '{' && container.children % 2 == 0 ? ':' : ',';
}

/// The bound on bytes also bounds the work: all bytes written are counted, even those dropped later.
bool JsonWriter::has_room(const YAML::Mark& mark, std::size_t bytes) {
  const bool separated = !open_.empty() && open_.back().children > 0;
  bytes += separated ? 1 : 0;
  written_ += bytes;
  written_all_ += bytes;
  if (written_ > limits::kInputFile)
    refuse(mark, ErrorCode::LimitExceeded,
           "larger than " + std::to_string(limits::kInputFile) + " bytes with its aliases expanded");
  else if (written_all_ > limits::kManifestText)
    refuse(mark, ErrorCode::LimitExceeded,
           "the documents of the file up to here are larger than " + std::to_string(limits::kManifestText) +
               " bytes with their aliases expanded");
  return !refusal_;
}

void JsonWriter::scalar(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& json) {
  if (refusal_ || !has_room(mark, json.size())) return;
  separate();
  const auto begin = text_.size();
  text_ += json;
  if (anchor != YAML::NullAnchor) anchors_[anchor] = {begin, text_.size(), 0};
}

void JsonWriter::key(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& value, bool merges) {
  if (merges) {
    auto& container = open_.back();
    if (container.merge) return refuse(mark, ErrorCode::Malformed, "two merge keys (<<) in one mapping");
    container.merge = container.children / 2;
  }
  scalar(mark, anchor, json_string(value));
}

void JsonWriter::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                          const std::string& value) {
  if (refusal_) return;
  const bool plain = tag == "?";
  const bool quoted_text = tag == "!";
  const bool core = tag.starts_with(kYaml);
  if (!plain && !quoted_text && !core) return refuse(mark, ErrorCode::Malformed, tag_refused(tag));
  const auto type = core ? std::string_view(tag).substr(kYaml.size()) : plain ? "" : "str";
  if (at_key()) return key(mark, anchor, value, value == "<<" && (plain || type == "merge"));
  const auto json = json_of_scalar(type, value);
  if (!json.ok()) return refuse(mark, json.error().code, json.error().message);
  scalar(mark, anchor, *json);
}

void JsonWriter::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (refusal_) return;
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end() || found->second.end == 0)
    return refuse(mark, ErrorCode::Malformed, "an alias inside its own anchor");
  const auto range = found->second;
  if (at_key()) return refuse(mark, ErrorCode::Malformed, "an alias as a key is not supported");
  if (open_.size() + range.depth > limits::kJsonDepth)
    return refuse(mark, ErrorCode::LimitExceeded,
                  "nested deeper than " + std::to_string(limits::kJsonDepth) + " levels");
  if (!has_room(mark, range.end - range.begin)) return;
  separate();
  text_ += text_.substr(range.begin, range.end - range.begin);
  if (!open_.empty()) open_.back().depth = std::max(open_.back().depth, range.depth + 1);
}

void JsonWriter::open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, char bracket) {
  if (refusal_) return;
  const bool own_tag = tag == std::string(kYaml) + (bracket == '{' ? "map" : "seq");
  if (tag != "?" && tag != "!" && !tag.empty() && !own_tag)
    return refuse(mark, ErrorCode::Malformed, tag_refused(tag));
  if (at_key()) return refuse(mark, ErrorCode::Malformed, "a key must be a scalar");
  if (open_.size() == limits::kJsonDepth)
    return refuse(mark, ErrorCode::LimitExceeded,
                  "nested deeper than " + std::to_string(limits::kJsonDepth) + " levels");
  if (!has_room(mark, 2)) return;
  separate();
  if (anchor != YAML::NullAnchor) anchors_[anchor] = {text_.size(), 0, 0};
  open_.push_back({bracket, anchor, text_.size(), mark});
  text_ += bracket;
}

void JsonWriter::close(char bracket) {
  if (refusal_) return;
  text_ += bracket;
  const auto container = open_.back();
  open_.pop_back();
  if (container.merge) {
    auto merged = merge_json(std::string_view(text_).substr(container.begin), *container.merge);
    if (!merged.ok()) return refuse(container.mark, merged.error().code, merged.error().message);
    text_.replace(container.begin, std::string::npos, *merged);
  }
  if (!open_.empty()) open_.back().depth = std::max(open_.back().depth, container.depth + 1);
  if (container.anchor != YAML::NullAnchor)
    anchors_[container.anchor] = {container.begin, text_.size(), container.depth};
}

void read_documents(std::string_view text, std::vector<Result<std::string>>& documents) {
  std::istringstream stream{std::string(text)};
  YAML::Parser parser(stream);
  JsonWriter writer;
  // Empty documents count too: after some errors yaml-cpp returns empty documents without end.
  for (std::size_t seen = 0; parser.HandleNextDocument(writer); ++seen) {
    if (seen == limits::kManifestObjects) {
      documents.emplace_back(
          Error{ErrorCode::LimitExceeded,
                "more than " + std::to_string(limits::kManifestObjects) + " documents in one file"});
      return;
    }
    auto document = writer.document();
    if (!document.ok() || (!document->empty() && *document != "null"))
      documents.push_back(std::move(document));
  }
}

}  // namespace

std::vector<Result<std::string>> json_of_yaml(std::string_view text) {
  std::vector<Result<std::string>> documents;
  const auto stop = [&](ErrorCode code, std::string why) {
    documents.emplace_back(Error{code, std::move(why)});
    return std::move(documents);
  };
  if (text.size() > limits::kInputFile)
    return stop(ErrorCode::LimitExceeded, "larger than " + std::to_string(limits::kInputFile) + " bytes");
  try {
    read_documents(text, documents);
  } catch (const YAML::Exception& exception) {
    return stop(ErrorCode::Malformed,
                "line " + std::to_string(exception.mark.line + 1) + ": not YAML: " + exception.msg);
  } catch (const std::exception& exception) {
    return stop(ErrorCode::Malformed, std::string("not YAML: ") + exception.what());
  }
  return documents;
}

}  // namespace tegata::webhook::kubernetes
