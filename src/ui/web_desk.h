// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "icloudphotos/auth/person.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"

#include "ui/web_pages.h"

namespace icloudphotos::ui {

/// Where those who ask and those who visit the page meet: one question at a time, and what else there is to show.
///
/// Threads   Any.
class WebDesk {
 public:
  explicit WebDesk(std::string account);

  /// Shows the question and waits for its answer; who comes second waits for the first one's. Errors: Cancelled.
  [[nodiscard]] Result<auth::Answer> ask(WebScene question, std::stop_token stop);
  /// Shows something else, unless a question is open.
  void show(WebScene scene);
  [[nodiscard]] WebScene scene() const;

  // What visitors do. An answer to another question than the open one, from a tab that was left open or sent twice, does
  // nothing.
  void give_password(std::uint64_t question, Secret password);
  void give_code(std::uint64_t question, const Secret& typed);
  /// "sms:3", "call:3", "devices:0": the buttons below the code.
  void give_wish(std::uint64_t question, std::string_view how);
  /// Whether a sign-in may be begun now; if so, the page says that one was.
  [[nodiscard]] bool begin_sign_in();

 private:
  [[nodiscard]] bool is_open(WebScene::Kind kind, std::uint64_t question) const REQUIRES(mutex_);
  void take(auth::Answer answer, std::string_view next) REQUIRES(mutex_);
  void set(WebScene scene) REQUIRES(mutex_);

  const std::string account_;
  mutable Mutex mutex_;
  std::condition_variable_any changed_;  ///< A question was answered, or the next one may be asked.
  WebScene scene_ GUARDED_BY(mutex_);
  bool is_asked_ GUARDED_BY(mutex_) = false;  ///< Somebody is inside `ask` with a question of theirs.
  std::uint64_t questions_ GUARDED_BY(mutex_) = 0;
  std::optional<auth::Answer> answer_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::ui
