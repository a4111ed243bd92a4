// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "icloudphotos/auth/gateway.h"
#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/base/result.h"

#include "cloud/pace.h"

namespace icloudphotos::cloud {

/// An answer, and what time it was over there.
struct Answer {
  JsonDocument document;
  std::optional<std::chrono::sys_seconds> date;
};

/// Questions to the photos service, asked again a few times when that may help. For reading only: a question may have
/// been answered although we never saw the answer.
///
/// Errors    As `auth::Gateway` and `read_answer`. Throttled without another try when iCloud wants a longer rest than
///           anybody should wait for.
/// Threads   Any.
class Service {
 public:
  Service(auth::Gateway& gateway, Clock& clock) : gateway_{gateway}, clock_{clock}, pace_{clock} {}

  /// What `decode` makes of the answer. An Error inside an answer is tried again like one around it.
  template <class Decode>
  auto ask(const std::string& path, const std::string& body, std::stop_token stop, Decode decode)
      -> decltype(decode(std::declval<const Answer&>())) {
    return ask_by([&] { return gateway_.post(path, body, stop); }, stop, decode);
  }

  /// The same for a question that is sent in another way.
  using Send = std::function<Result<net::Response>()>;
  template <class Decode>
  auto ask_by(const Send& send, std::stop_token stop, Decode decode)
      -> decltype(decode(std::declval<const Answer&>())) {
    decltype(decode(std::declval<const Answer&>())) result{Error{ErrorKind::Cancelled, "asked to stop"}};
    TRY(repeat(
        [&]() -> Attempt {
          auto attempt = read(send, stop);
          if (attempt.error) {
            result = *attempt.error;
            return attempt;
          }
          result = decode(*attempt.answer);
          if (!result) attempt.error = result.error();
          return attempt;
        },
        stop));
    return result;
  }

 private:
  struct Attempt {
    std::optional<Answer> answer;
    std::optional<Error> error;
    std::optional<std::chrono::seconds> asked_wait;
  };

  [[nodiscard]] Attempt read(const Send& send, std::stop_token stop);
  /// Until it went well, or trying again is no use. Errors: Cancelled; any other is the attempt's own to report.
  [[nodiscard]] Result<void> repeat(const std::function<Attempt()>& attempt, std::stop_token stop);

  auth::Gateway& gateway_;
  Clock& clock_;
  Pace pace_;
  std::atomic<std::uint64_t> seed_ = 0;
};

}  // namespace icloudphotos::cloud
