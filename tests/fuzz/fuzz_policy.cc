// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "policy/document/load.h"

namespace {

using namespace tegata;

// Every path names something but those that end in `none.pub`.
struct Names final : TrustResolver {
  static Result<Digest> named(const std::string& path) {
    if (path.ends_with("none.pub")) return Error{ErrorCode::NotFound, "no such file"};
    return Digest(Digest::Bytes{static_cast<std::uint8_t>(path.size())});
  }
  Result<KeyId> key(const std::string& path) override { return named(path); }
  Result<CertificateId> certificate(const std::string& path) override { return named(path); }
  Result<TrustedRootId> root(const TrustedRootFiles& files) override { return named(files.trusted_root); }
  Result<TrustedRootId> default_root() override { return named("default"); }
  Result<std::shared_ptr<const DigestList>> digest_list(const std::string& path) override {
    if (path.ends_with("none.pub")) return Error{ErrorCode::NotFound, "no such file"};
    return std::make_shared<const DigestList>();
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  Names trust;
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const auto result = policy::load({{"policy.yaml", "/etc/tegata", text}}, trust);
  if (result.policies.has_value() != result.errors.empty()) __builtin_trap();
  for (const auto& error : result.errors)
    if (error.mark.line < 1 || error.mark.column < 1 || error.message.empty()) __builtin_trap();
  if (result.policies) (void)policy::lint(*result.policies, Time{});
  return 0;
}
