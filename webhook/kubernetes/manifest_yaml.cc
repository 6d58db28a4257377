// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/manifest_yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <istream>
#include <map>
#include <optional>
#include <streambuf>

#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "webhook/kubernetes/foreign_document.h"

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

struct TooManyTokens {};  // ends the file

/// The text for yaml-cpp, which reads it piece by piece. It holds the tokens of a flow collection ([...] or
/// {...}) in memory until the collection ends, and only then reports them. So the characters that can start
/// or separate tokens are counted from one report to the next.
class YamlSource final : public std::streambuf {
 public:
  explicit YamlSource(std::string text) : text_(std::move(text)) {
    setg(text_.data(), text_.data(), text_.data() + text_.size());
  }
  void reported() { tokens_ = 0; }

 protected:
  /// Throws TooManyTokens past limits::kYamlTokens.
  std::streamsize xsgetn(char* to, std::streamsize size) override {
    const auto end = gptr() + std::min(size, egptr() - gptr());
    tokens_ += static_cast<std::size_t>(std::count_if(gptr(), end, separates_tokens));
    if (tokens_ > limits::kYamlTokens) throw TooManyTokens{};
    return std::streambuf::xsgetn(to, size);
  }

 private:
  static bool separates_tokens(char c) {
    return std::string_view("[]{},:?&*!\"'\n").find(c) != std::string_view::npos;
  }

  std::string text_;
  std::size_t tokens_ = 0;
};

/// Writes JSON while yaml-cpp reports what it reads. The JSON of an anchored node is kept for its aliases:
/// a merge rewrites the text around the node, so its place in the text is not enough. After an error, the
/// rest of the document is skipped.
class JsonWriter final : public YAML::EventHandler {
 public:
  explicit JsonWriter(YamlSource& source) : source_(source) {}

  void OnDocumentStart(const YAML::Mark&) override {
    source_.reported();
    text_.clear();
    open_.clear();
    anchors_.clear();
    refusal_.reset();
    written_ = 0;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    source_.reported();
    scalar(mark, anchor, "null");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    source_.reported();
    open(mark, tag, anchor, '[');
  }
  void OnSequenceEnd() override { close(']'); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    source_.reported();
    open(mark, tag, anchor, '{');
  }
  void OnMapEnd() override { close('}'); }

  /// The document that was read last; empty if it has no content.
  [[nodiscard]] Result<std::string> document() const {
    if (refusal_) return *refusal_;
    return text_;
  }

 private:
  struct Anchored {
    std::string json;
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
  [[nodiscard]] std::size_t separators() const { return !open_.empty() && open_.back().children > 0 ? 1 : 0; }
  void separate();
  [[nodiscard]] bool has_room(const YAML::Mark& mark, std::size_t bytes);
  void scalar(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& json);
  void key(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& value, bool merges);
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, char bracket);
  void close(char bracket);
  void keep(const YAML::Mark& mark, YAML::anchor_t anchor, std::size_t begin, std::size_t depth);

  YamlSource& source_;
  std::string text_;
  std::vector<Container> open_;
  std::map<YAML::anchor_t, Anchored> anchors_;  ///< of nodes that are complete
  std::optional<Error> refusal_;
  std::size_t written_ = 0;  ///< bytes in this document, with those kept for aliases or dropped by a merge
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

/// Keeps the node that was written last, from `begin`.
void JsonWriter::keep(const YAML::Mark& mark, YAML::anchor_t anchor, std::size_t begin, std::size_t depth) {
  if (anchor == YAML::NullAnchor || !has_room(mark, text_.size() - begin)) return;
  anchors_[anchor] = {text_.substr(begin), depth};
}

void JsonWriter::scalar(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& json) {
  if (refusal_ || !has_room(mark, json.size() + separators())) return;
  separate();
  text_ += json;
  keep(mark, anchor, text_.size() - json.size(), 0);
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
  source_.reported();
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
  source_.reported();
  if (refusal_) return;
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) return refuse(mark, ErrorCode::Malformed, "an alias inside its own anchor");
  const auto& [json, depth] = found->second;
  if (at_key()) return refuse(mark, ErrorCode::Malformed, "an alias as a key is not supported");
  if (open_.size() + depth > limits::kJsonDepth)
    return refuse(mark, ErrorCode::LimitExceeded,
                  "nested deeper than " + std::to_string(limits::kJsonDepth) + " levels");
  if (!has_room(mark, json.size() + separators())) return;
  separate();
  text_ += json;
  if (!open_.empty()) open_.back().depth = std::max(open_.back().depth, depth + 1);
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
  if (!has_room(mark, 2 + separators())) return;
  separate();
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
  keep(container.mark, container.anchor, container.begin, container.depth);
}

void read_documents(std::string_view text, std::vector<Result<std::string>>& documents) {
  YamlSource source{std::string(text)};
  std::istream stream(&source);
  YAML::Parser parser(stream);
  JsonWriter writer(source);
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
  if (const auto readable = check_yaml_text(text); !readable.ok())
    return stop(readable.error().code, readable.error().message);
  try {
    read_documents(text, documents);
  } catch (const TooManyTokens&) {
    return stop(ErrorCode::LimitExceeded, "a value in flow style ([...] or {...}) or a text has more than " +
                                              std::to_string(limits::kYamlTokens) +
                                              " brackets, commas, quotes and line ends");
  } catch (const YAML::Exception& exception) {
    return stop(ErrorCode::Malformed,
                "line " + std::to_string(exception.mark.line + 1) + ": not YAML: " + exception.msg);
  } catch (const std::exception& exception) {
    return stop(ErrorCode::Malformed, std::string("not YAML: ") + exception.what());
  }
  return documents;
}

}  // namespace tegata::webhook::kubernetes
