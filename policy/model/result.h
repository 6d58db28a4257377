// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace tegata {

/// Why an operation failed. Small on purpose: the handler of an Error decides by its code,
/// and people read its message.
enum class ErrorCode {
  Malformed,         ///< bytes that break their format
  UnexpectedAnswer,  ///< not an answer to what was asked: a redirect too many, a login page, 400
  LimitExceeded,     ///< a bound of limits.h is exceeded
  NotFound,          ///< the other side says that it does not exist
  Unauthorized,      ///< 401 or 403, or credentials that may not be sent there
  RateLimited,       ///< 429
  OwnRate,           ///< a failure that Tegata's own requests may have brought about by their number
  Unavailable,       ///< no connection, 5xx, a connection that broke
  AddressRefused,    ///< Tegata does not call this address: no request was sent
  DeadlineExceeded,  ///< a request was sent, and no answer came in time
  CutShort,          ///< queued, cancelled or cut by Tegata's own bounds
  NotRecorded,       ///< a replay asks what was not asked at the time
  Misconfigured,     ///< the operator must change something
  Internal,          ///< a bug in Tegata
};

/// The code's stable name, e.g. "DeadlineExceeded".
[[nodiscard]] std::string_view name_of(ErrorCode code) noexcept;
/// The code of that name; empty if there is none.
[[nodiscard]] std::optional<ErrorCode> error_code_of(std::string_view name) noexcept;

/// Whether a policy's `onUnknown` may apply to this failure. Only to a request that was sent and failed by
/// connection, timeout, 401, 403, 429 or 5xx: what depends on Tegata's load, on a bug or on stored bytes can
/// be brought about by people who deploy or push.
[[nodiscard]] bool may_be_softened(ErrorCode code) noexcept;

/// A code, and one sentence that its reader can act on. The message may quote bytes from outside:
/// the code that prints it escapes it.
struct Error {
  ErrorCode code = ErrorCode::Internal;
  std::string message;

  /// Bytes that do not follow their format, and an answer that does not fit the request.
  [[nodiscard]] static Error malformed(std::string message);
  [[nodiscard]] static Error unexpected(std::string message);
  /// The same error, with `what` in front: "reading a.yaml: …".
  [[nodiscard]] Error in(std::string_view what) const { return {code, std::string(what) + ": " + message}; }
  friend bool operator==(const Error&, const Error&) = default;
};

/// Of several errors about one thing, keeps the first that may not be softened, else the first: what may be
/// softened must not hide the others.
void note_error(std::optional<Error>& kept, const Error& error);

inline Error Error::malformed(std::string message) { return {ErrorCode::Malformed, std::move(message)}; }
inline Error Error::unexpected(std::string message) {
  return {ErrorCode::UnexpectedAnswer, std::move(message)};
}

/// A T, or the Error that prevented one. Reading the absent side throws logic_error, in
/// release builds too; webhook/guard turns that into a denial of the current request.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }

  [[nodiscard]] const T& operator*() const& { return side<0>(state_); }
  [[nodiscard]] T& operator*() & { return side<0>(state_); }
  [[nodiscard]] T&& operator*() && { return std::move(side<0>(state_)); }
  [[nodiscard]] const T* operator->() const { return &side<0>(state_); }
  [[nodiscard]] T* operator->() { return &side<0>(state_); }
  [[nodiscard]] const Error& error() const& { return side<1>(state_); }
  [[nodiscard]] Error&& error() && { return std::move(side<1>(state_)); }

 private:
  template <std::size_t I, typename State>
  static auto& side(State& state) {
    if (state.index() != I) throw std::logic_error("read the side of a Result that is not there");
    return *std::get_if<I>(&state);
  }
  std::variant<T, Error> state_;
};

/// Done, or the Error that prevented it.
using Status = Result<std::monostate>;
[[nodiscard]] inline Status done() { return std::monostate{}; }

}  // namespace tegata

#define TEGATA_CAT_IMPL(a, b) a##b
#define TEGATA_CAT(a, b) TEGATA_CAT_IMPL(a, b)
/// TEGATA_TRY(const Digest digest, Digest::parse(text)): hands the Error up, or declares `digest`.
#define TEGATA_TRY(decl, ...) TEGATA_TRY_IMPL(TEGATA_CAT(tegata_try_, __COUNTER__), decl, __VA_ARGS__)
#define TEGATA_TRY_IMPL(tmp, decl, ...)         \
  auto tmp = (__VA_ARGS__);                     \
  if (!tmp.ok()) return std::move(tmp).error(); \
  decl = *std::move(tmp)
/// TEGATA_CHECK(validate(x)): hands the Error of a Status up.
#define TEGATA_CHECK(...)                                                                                 \
  do {                                                                                                    \
    if (auto tegata_status = (__VA_ARGS__); !tegata_status.ok()) return std::move(tegata_status).error(); \
  } while (false)
