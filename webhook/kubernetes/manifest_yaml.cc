// SPDX-License-Identifier: Apache-2.0
//
// Beside policy/document/yaml_reader.cc the only file that knows yaml-cpp.
#include "webhook/kubernetes/manifest_yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "policy/model/limits.h"
#include "webhook/kubernetes/yaml_scalar.h"

namespace tegata::webhook::kubernetes {
namespace {

/// Stops yaml-cpp's parser; caught where it was started.
struct Refusal {
  Error error;
};

/// Writes JSON while yaml-cpp tells what it reads. An anchored node is a range of the text written so
/// far, and its alias a copy of that range.
class JsonWriter final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {
    text_.clear();
    anchors_.clear();
    nodes_ = 0;
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

  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;  ///< 0 while the node is still open
    std::size_t nodes = 0;
    std::size_t depth = 0;  ///< levels within the node
  };
  struct Container {
    char kind;  ///< `[` or `{`
    std::size_t children = 0;
    YAML::anchor_t anchor;
    std::size_t begin;
    std::size_t nodes;
    std::size_t depth = 1;  ///< levels, this one included
  };

  [[noreturn]] static void refuse(const YAML::Mark& mark, ErrorCode code, const std::string& why) {
    throw Refusal{{code, "line " + std::to_string(mark.line + 1) + ": " + why}};
  }
  [[nodiscard]] bool at_key() const {
    return !open_.empty() && open_.back().kind == '{' && open_.back().children % 2 == 0;
  }
  void separate();
  void count(const YAML::Mark& mark, std::size_t nodes, std::size_t bytes);
  void scalar(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& json);
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, char bracket);
  void close(char bracket);

  std::string text_;
  std::vector<Container> open_;
  std::map<YAML::anchor_t, Range> anchors_;
  std::size_t nodes_ = 0;
};

/// The comma or colon before the next node.
void JsonWriter::separate() {
  if (open_.empty()) return;
  auto& container = open_.back();
  if (container.children++ == 0) return;
  text_ += container.kind == '{' && container.children % 2 == 0 ? ':' : ',';
}

void JsonWriter::count(const YAML::Mark& mark, std::size_t nodes, std::size_t bytes) {
  nodes_ += nodes;
  if (nodes_ > limits::kManifestNodes)
    refuse(mark, ErrorCode::LimitExceeded, "more than " + std::to_string(limits::kManifestNodes) + " nodes");
  if (text_.size() + bytes > limits::kInputFile)
    refuse(mark, ErrorCode::LimitExceeded, "larger than " + std::to_string(limits::kInputFile) + " bytes");
}

void JsonWriter::scalar(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& json) {
  count(mark, 1, json.size());
  separate();
  const auto begin = text_.size();
  text_ += json;
  if (anchor != YAML::NullAnchor) anchors_[anchor] = {begin, text_.size(), 1, 0};
}

void JsonWriter::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                          const std::string& value) {
  const bool plain = tag == "?";
  if (!plain && tag != "!" && tag != "tag:yaml.org,2002:str")
    refuse(mark, ErrorCode::Malformed, "the tag " + tag + " is not read");
  if (at_key()) {
    if (plain && value == "<<") refuse(mark, ErrorCode::Malformed, "merge keys (<<) are not read");
    return scalar(mark, anchor, json_string(value));
  }
  auto json = plain ? json_of_plain_scalar(value) : Result<std::string>(json_string(value));
  if (!json.ok()) refuse(mark, json.error().code, json.error().message);
  scalar(mark, anchor, *json);
}

void JsonWriter::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end() || found->second.end == 0)
    refuse(mark, ErrorCode::Malformed, "an alias inside its own anchor");
  const auto range = found->second;
  if (at_key()) refuse(mark, ErrorCode::Malformed, "an alias as a key is not read");
  if (open_.size() + range.depth > limits::kJsonDepth)
    refuse(mark, ErrorCode::LimitExceeded,
           "nested deeper than " + std::to_string(limits::kJsonDepth) + " levels");
  count(mark, range.nodes, range.end - range.begin);
  separate();
  text_ += text_.substr(range.begin, range.end - range.begin);
  if (!open_.empty()) open_.back().depth = std::max(open_.back().depth, range.depth + 1);
}

void JsonWriter::open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, char bracket) {
  if (tag != "?" && tag != "!" && !tag.empty())
    refuse(mark, ErrorCode::Malformed, "the tag " + tag + " is not read");
  if (at_key()) refuse(mark, ErrorCode::Malformed, "a key must be a scalar");
  if (open_.size() == limits::kJsonDepth)
    refuse(mark, ErrorCode::LimitExceeded,
           "nested deeper than " + std::to_string(limits::kJsonDepth) + " levels");
  count(mark, 1, 2);
  separate();
  if (anchor != YAML::NullAnchor) anchors_[anchor] = {text_.size(), 0, 0, 0};
  open_.push_back({bracket, 0, anchor, text_.size(), nodes_ - 1});
  text_ += bracket;
}

void JsonWriter::close(char bracket) {
  text_ += bracket;
  const auto container = open_.back();
  open_.pop_back();
  if (!open_.empty()) open_.back().depth = std::max(open_.back().depth, container.depth + 1);
  if (container.anchor != YAML::NullAnchor)
    anchors_[container.anchor] = {container.begin, text_.size(), nodes_ - container.nodes, container.depth};
}

Result<std::vector<std::string>> read_documents(std::string_view text) {
  std::istringstream stream{std::string(text)};
  YAML::Parser parser(stream);
  std::vector<std::string> documents;
  JsonWriter writer;
  // Empty ones count too: after some errors yaml-cpp gives empty documents for ever.
  for (std::size_t seen = 0; parser.HandleNextDocument(writer); ++seen) {
    if (seen == limits::kManifestObjects)
      return Error{ErrorCode::LimitExceeded,
                   "more than " + std::to_string(limits::kManifestObjects) + " documents"};
    if (!writer.text().empty() && writer.text() != "null") documents.push_back(writer.text());
  }
  return documents;
}

}  // namespace

Result<std::vector<std::string>> json_of_yaml(std::string_view text) {
  if (text.size() > limits::kInputFile)
    return Error{ErrorCode::LimitExceeded, "larger than " + std::to_string(limits::kInputFile) + " bytes"};
  try {
    return read_documents(text);
  } catch (const Refusal& refusal) {
    return refusal.error;
  } catch (const YAML::Exception& exception) {
    return Error{ErrorCode::Malformed,
                 "line " + std::to_string(exception.mark.line + 1) + ": not YAML: " + exception.msg};
  } catch (const std::exception& exception) {
    return Error{ErrorCode::Malformed, std::string("not YAML: ") + exception.what()};
  }
}

}  // namespace tegata::webhook::kubernetes
