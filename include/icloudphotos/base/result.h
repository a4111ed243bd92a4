// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace icloudphotos {

/// Why something the outside world decides did not happen. A kind exists because some caller acts on it.
enum class ErrorKind {
  NotFound,     ///< There is no such thing.
  Gone,         ///< It was here and was deleted in the cloud since.
  NeedsSignIn,  ///< A person has to sign in.
  Refused,      ///< The far side refused what a person gave: password, code, or the account itself.
  Throttled,    ///< The far side asks us to come back later.
  Offline,      ///< The far side cannot be reached, or does not answer in time.
  Protocol,     ///< An answer that cannot be understood.
  Rejected,     ///< The far side understood the request and says that it can never be answered (an index that is not
                ///< there).
  StaleToken,   ///< The far side does not know our sync token any more: start over.
  Incomplete,   ///< A listing that did not become whole in time.
  Corrupt,      ///< Bytes that are not what their checksum says, twice.
  Storage,      ///< The local disk or database failed.
  Usage,        ///< What we were told to do makes no sense: options, mount point, permissions.
  Cancelled,    ///< We were asked to stop.
};

/// The name of a kind as it stands in logs.
[[nodiscard]] std::string_view name_of(ErrorKind kind);
/// Whether it stands in the way of whatever else would be asked now, and not only of the one thing that was.
[[nodiscard]] bool concerns_everything(ErrorKind kind);

/// A failure as data (`kind`) and as one sentence for a person (`message`). No caller looks into the sentence.
class Error {
 public:
  Error(ErrorKind kind, std::string message) : kind_{kind}, message_{std::move(message)} {}

  [[nodiscard]] ErrorKind kind() const { return kind_; }
  [[nodiscard]] const std::string& message() const { return message_; }
  /// Says once what was being done: "opening the catalog: disk I/O error".
  [[nodiscard]] Error within(std::string_view doing) && {
    return Error{kind_, std::string{doing} + ": " + std::move(message_)};
  }

 private:
  ErrorKind kind_;
  std::string message_;
};

/// A value or the Error that stands in its way; members are named as in `std::expected`.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  template <class U = T>
  requires(std::is_constructible_v<T, U&&> && !std::is_same_v<std::remove_cvref_t<U>, Result> &&
           !std::is_same_v<std::remove_cvref_t<U>, Error>) Result(U&& value)
      : state_{std::in_place_index<0>, std::forward<U>(value)} {}            // NOLINT(*-explicit-*)
  Result(Error error) : state_{std::in_place_index<1>, std::move(error)} {}  // NOLINT(*-explicit-*)

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  [[nodiscard]] T& value() & { return assert(has_value()), *std::get_if<0>(&state_); }
  [[nodiscard]] const T& value() const& { return assert(has_value()), *std::get_if<0>(&state_); }
  [[nodiscard]] T&& value() && { return assert(has_value()), std::move(*std::get_if<0>(&state_)); }
  [[nodiscard]] T& operator*() & { return value(); }
  [[nodiscard]] const T& operator*() const& { return value(); }
  [[nodiscard]] T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  template <class U>
  [[nodiscard]] T value_or(U&& other) const& {
    return has_value() ? value() : static_cast<T>(std::forward<U>(other));
  }

  [[nodiscard]] const Error& error() const& { return assert(!has_value()), *std::get_if<1>(&state_); }
  [[nodiscard]] Error&& error() && { return assert(!has_value()), std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_{std::move(error)} {}  // NOLINT(*-explicit-*)

  [[nodiscard]] bool has_value() const { return error_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  void value() const { assert(has_value()); }
  [[nodiscard]] const Error& error() const& { return assert(!has_value()), *std::get_if<1>(&error_); }
  [[nodiscard]] Error&& error() && { return assert(!has_value()), std::move(*std::get_if<1>(&error_)); }

 private:
  std::variant<std::monostate, Error> error_;
};

namespace detail {
template <class T>
T take(Result<T>&& result) {
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}
}  // namespace detail

}  // namespace icloudphotos

/// The value of a Result, or return its Error from the enclosing function.
#define TRY(...)                                                       \
  __extension__({                                                      \
    auto try_result = (__VA_ARGS__);                                   \
    if (!try_result.has_value()) return std::move(try_result).error(); \
    ::icloudphotos::detail::take(std::move(try_result));               \
  })
