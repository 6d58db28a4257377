// SPDX-License-Identifier: Apache-2.0
// Facts are cached under the identity of settings: settings that differ in any one member differ there.
#include "policy/model/settings_identity.h"

#include <gtest/gtest.h>

#include <set>

#include "policy/rules/checks.h"
#include "policy/rules/condition.h"
#include "policy/rules/identity_match.h"
#include "policy/rules/provenance.h"
#include "policy/rules/rules.h"

namespace tegata::policy {
namespace {

Digest digest(unsigned char last) {
  Digest::Bytes bytes{};
  bytes.back() = last;
  return Digest(bytes);
}

/// `changes` each make one change to the settings that `initial` makes.
template <class Settings>
void expect_all_different(const Settings& initial, const std::vector<void (*)(Settings&)>& changes) {
  std::set<std::string> identities{SettingsIdentity::of(initial)};
  EXPECT_FALSE(identities.insert(SettingsIdentity::of(Settings(initial))).second);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    auto changed = initial;
    changes[i](changed);
    EXPECT_TRUE(identities.insert(SettingsIdentity::of(changed)).second) << "change " << i;
  }
}

TEST(SettingsIdentity, DiffersForValuesThatDifferInTypeOrInTheLastDigit) {
  const std::vector<Value> values{{nullptr},
                                  {false},
                                  {true},
                                  {std::int64_t{0}},
                                  {std::int64_t{1}},
                                  {0.1},
                                  {0.1000000001},
                                  {0.10000000000000002},
                                  {std::string("0.1")},
                                  {std::string()},
                                  {Value::Array{}},
                                  {Value::Array{{0.1}}},
                                  {Value::Array{{0.1}, {0.1}}},
                                  {Value::Object{}},
                                  {Value::Object{{"a", {0.1}}}},
                                  {Value::Object{{"b", {0.1}}}}};
  std::set<std::string> identities;
  for (const auto& value : values) identities.insert(SettingsIdentity::of(value));
  EXPECT_EQ(identities.size(), values.size());
}

TEST(SettingsIdentity, KeepsTextsApart) {
  using Texts = std::vector<std::string>;
  std::set<std::string> identities;
  for (const auto& texts : {Texts{}, Texts{""}, Texts{"", ""}, Texts{"ab"}, Texts{"a", "b"}, Texts{"1:a"}})
    EXPECT_TRUE(identities.insert(SettingsIdentity::of(texts)).second);
}

TEST(SettingsIdentity, DiffersWithEachMemberOfAnAuthority) {
  Authority initial{AuthorityId(""), "name", CertificateSigner{}, {}, PredicateDemand{"type"}};
  const auto id = [](const Authority& authority) { return AuthorityId::of(authority).text; };
  const std::vector<void (*)(Authority&)> changes{
      [](Authority& a) { a.signer = KeySigner{digest(1)}; },
      [](Authority& a) { a.signer = KeySigner{digest(2)}; },
      [](Authority& a) {
        a.signer = CertificateSigner{{}, digest(1)};
      },
      [](Authority& a) { a.signer = certificate_signer({}, std::nullopt); },
      [](Authority& a) { a.proof.root = digest(1); },
      [](Authority& a) { a.proof.transparency_log = Demand::Required; },
      [](Authority& a) { a.proof.signed_timestamp = Demand::Required; },
      [](Authority& a) { a.proof.certificate_timestamp = Demand::Required; },
      [](Authority& a) { a.attestation.reset(); },
      [](Authority& a) { a.attestation->predicate_type = "other"; },
      [](Authority& a) { a.attestation->asks_now = true; }};
  std::set<std::string> ids{id(initial)};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    auto changed = initial;
    changes[i](changed);
    EXPECT_TRUE(ids.insert(id(changed)).second) << "change " << i;
  }
  auto renamed = initial;
  renamed.name = "only shown to people";
  EXPECT_EQ(id(renamed), id(initial));
  EXPECT_EQ(id(key_authority(digest(7), "ci.pub")), digest(7).text());  // records show it
}

TEST(SettingsIdentity, DiffersWithEachMemberOfTheCriteriaForIdentities) {
  expect_all_different<IdentityCriteria>(
      {TextCriterion::exact("i"), TextCriterion::exact("s"), GitHubWorkflow{"o", "n", {}, {}}, {}},
      {[](IdentityCriteria& c) { c.issuer = TextCriterion::exact("j"); },
       [](IdentityCriteria& c) { c.issuer = *TextCriterion::glob("i"); },
       [](IdentityCriteria& c) { c.issuer = *TextCriterion::pattern("i"); },
       [](IdentityCriteria& c) { c.subject.reset(); }, [](IdentityCriteria& c) { c.github.reset(); },
       [](IdentityCriteria& c) { c.github->owner = "p"; }, [](IdentityCriteria& c) { c.github->name = "p"; },
       [](IdentityCriteria& c) { c.github->workflow = "w.yml"; },
       [](IdentityCriteria& c) { c.github->ref = *UriGlob::parse("refs/heads/main"); },
       [](IdentityCriteria& c) {
         c.extensions = {{"a", "b"}};
       }});
}

TEST(SettingsIdentity, DiffersWithEachMemberOfTheCriteriaForProvenance) {
  expect_all_different<ProvenanceCriteria>(
      {}, {[](ProvenanceCriteria& c) { c.builder = *UriGlob::parse("x"); },
           [](ProvenanceCriteria& c) { c.source_repository = *UriGlob::parse("x"); },
           [](ProvenanceCriteria& c) { c.build_type = "x"; },
           [](ProvenanceCriteria& c) { c.base_images = {digest(1)}; }});
}

TEST(SettingsIdentity, DiffersWithEachMemberOfACondition) {
  using Number = ComparesNumber;
  expect_all_different<Condition>(
      {*ValuePath::parse("a"), Number{Number::How::AtMost, {0.1}}},
      {[](Condition& c) { c.path = *ValuePath::parse("b"); },
       [](Condition& c) {
         c.test = Number{Number::How::AtLeast, {0.1}};
       },
       [](Condition& c) {
         c.test = Number{Number::How::AtMost, {0.1000000001}};
       },
       [](Condition& c) { c.test = Equals{{0.1}}; }, [](Condition& c) { c.test = OneOf{{{0.1}}}; },
       [](Condition& c) {
         c.test = Matches{"x", *anchored_pattern("x")};
       },
       [](Condition& c) { c.test = Exists{true}; }, [](Condition& c) { c.test = Exists{false}; },
       [](Condition& c) {
         c.test = ComparesTime{ComparesTime::How::After, *Instant::parse("now")};
       },
       [](Condition& c) {
         c.test = ComparesTime{ComparesTime::How::After, *Instant::parse("now-1h")};
       },
       [](Condition& c) {
         c.test = ComparesTime{ComparesTime::How::Before, *Instant::parse("now")};
       },
       [](Condition& c) {
         c.test = Quantifies{Quantifies::How::Any, {}};
       },
       [](Condition& c) {
         c.test = Quantifies{Quantifies::How::All, {}};
       }});
}

TEST(SettingsIdentity, DiffersWithEachMemberOfACheckButItsWarnings) {
  SignatureCheck initial;
  initial.trust = TrustSettings::of({key_authority(digest(1), "a.pub")});
  expect_all_different<SignatureCheck>(
      initial, {[](SignatureCheck& c) { c.combine = SignerDemand::Combine::AllOf; },
                [](SignatureCheck& c) { c.threshold = 2; },
                [](SignatureCheck& c) { c.trust = TrustSettings::of({key_authority(digest(2), "a.pub")}); },
                [](SignatureCheck& c) { c.repository = *Repository::parse("h.example/r"); },
                [](SignatureCheck& c) {
                  c.annotations = {{"a", "b"}};
                },
                [](SignatureCheck& c) { c.identity = *ImageGlob::parse("h.example/r"); }});
  auto warned = initial;
  warned.warnings = {"a warning"};
  EXPECT_EQ(SettingsIdentity::of(warned), SettingsIdentity::of(initial));
  EXPECT_EQ(sufficiency_of(initial).text(), SettingsIdentity::of(initial));
  AttestationCheck attestation;
  attestation.predicate_type = "uri";
  expect_all_different<AttestationCheck>(
      attestation, {[](AttestationCheck& c) { c.predicate_type = "other"; },
                    [](AttestationCheck& c) { c.combine = SignerDemand::Combine::AllOf; }});
}

TEST(SettingsIdentity, OfTrustShowsAuthoritiesSufficiencyAndReach) {
  const auto trust = TrustSettings::of({key_authority(digest(1), "a.pub")});
  std::set<std::string> ids{trust->id};
  EXPECT_TRUE(ids.insert(TrustSettings::of({key_authority(digest(2), "a.pub")})->id).second);
  EXPECT_TRUE(ids.insert(TrustSettings::of(trust->authorities, sufficiency_of(SignatureCheck{}))->id).second);
  EXPECT_TRUE(ids.insert(TrustSettings::reaching_all(*trust)->id).second);
  EXPECT_TRUE(ids.insert(TrustSettings::both(*trust, *trust)->id).second);
  EXPECT_EQ(TrustSettings::of(trust->authorities)->id, trust->id);
}

}  // namespace
}  // namespace tegata::policy
