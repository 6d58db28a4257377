// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/facts/makers.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "policy/model/limits.h"

namespace tegata::verifier {
namespace {

using SharedTag = std::shared_ptr<const ResolvedTag>;

FactOf<TagKind> fact_of(ContentAnswer answer) {
  if (!answer.ok()) {
    if (answer.error().code == ErrorCode::NotFound) return Absent{};
    return Unknown{answer.error()};
  }
  auto* content = std::get_if<Content>(&*answer);
  if (content == nullptr) return Unknown{{ErrorCode::Internal, "a tag was answered with a list"}};
  ResolvedTag tag{content->digest};
  if (content->bytes.size() <= limits::kKeptManifest) {
    tag.manifest = std::make_shared<const std::string>(std::move(content->bytes));
    tag.media_type = std::move(content->media_type);
  }
  return Known<SharedTag>{std::make_shared<const ResolvedTag>(std::move(tag))};
}

}  // namespace

void TagMaker::fetch(const FactKey<TagKind>& key, const FetchContext& context, Done done) const {
  context.source.fetch({TagRequest{key.subject.repository, key.question.tag}}, context.terms,
                       [done = std::move(done)](auto answers) { done(fact_of(std::move(answers.at(0)))); });
}

std::optional<TagMaker::Duration> TagMaker::lifetime(const FactKey<TagKind>&, const FactOf<TagKind>& fact,
                                                     FetchCost) const {
  return std::holds_alternative<Absent>(fact) ? settings_.absent_lifetime : settings_.tag_lifetime;
}

std::size_t TagMaker::weight(const ResolvedTag& tag) const {
  return sizeof tag + (tag.manifest ? tag.manifest->capacity() : 0);
}

std::string TagMaker::write(const ResolvedTag& tag, const Evidence&) const {
  return "\"" + tag.digest.text() + "\"";
}

Result<Readback<TagKind>> TagMaker::read(const nlohmann::json& known) const {
  if (!known.is_string()) return Error::malformed("recorded facts: a digest must be a string");
  TEGATA_TRY(const auto digest, Digest::parse(known.get_ref<const std::string&>()));
  return Readback<TagKind>(std::make_shared<const ResolvedTag>(ResolvedTag{digest}));
}

}  // namespace tegata::verifier
