// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "icloudphotos/auth/session.h"
#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/cli/options.h"
#include "icloudphotos/net/http.h"
#include "icloudphotos/ui/control.h"
#include "icloudphotos/ui/first_answer.h"
#include "icloudphotos/ui/notifier.h"
#include "icloudphotos/ui/web_page.h"

#include "account.h"

namespace icloudphotos {

/// The session of a mount, and every way in which people are asked and told while it runs: the terminal that mounts, a
/// web page, commands from elsewhere, notifications.
///
/// Threads   Any. Destruction ends what waits for a person.
class FrontDesk {
 public:
  struct Setting {
    const cli::MountOptions& options;
    const Account& account;
    /// Whoever is there while the mount is made: the terminal, or who plays a person in the demo.
    auth::PasswordSource& passwords;
    auth::CodeSource& codes;
    std::function<void()> on_ready;                                 ///< Signed in again.
    std::function<void()> leave;                                    ///< Signed out: the mount shall end.
    std::function<std::string(const auth::SessionStatus&)> status;  ///< A JSON object.
    std::function<Result<void>(ui::Refresh, std::stop_token)> refresh;
    std::function<Result<std::string>()> examine;  ///< A JSON array: what is amiss.
  };
  [[nodiscard]] static Result<std::unique_ptr<FrontDesk>> open(net::Http& http, Clock& clock, const Setting& setting);
  ~FrontDesk();
  FrontDesk(const FrontDesk&) = delete;
  FrontDesk& operator=(const FrontDesk&) = delete;

  [[nodiscard]] auth::Session& session() { return *session_; }
  /// How account and mount stand: a JSON object.
  [[nodiscard]] std::string status() const { return setting_.status(session_->status()); }

  /// Signs in if that was not done before. Where nobody is there to be asked, but something to be shown, a person is
  /// told, and it may be done later. Errors: as `auth::Session::sign_in`.
  enum class Shows { Nothing, WhatIsKnown };
  [[nodiscard]] Result<void> admit(Shows shows, std::stop_token stop);

 private:
  FrontDesk(Clock& clock, const Setting& setting);
  [[nodiscard]] Result<void> open_session(net::Http& http);
  [[nodiscard]] Result<void> open_page();
  [[nodiscard]] Result<void> open_control();
  void on_event(auth::SessionEvent event, const auth::SessionStatus& status);
  [[nodiscard]] std::string trust_ends(const auth::SessionStatus& status) const;
  void tell(ui::News::Kind kind, std::string sentence);
  [[nodiscard]] Result<void> sign_in(auth::PasswordSource& person, auth::CodeSource& codes, std::stop_token stop);
  void sign_in_by_page();

  Clock& clock_;
  const Setting setting_;
  Passwords passwords_;
  std::unique_ptr<auth::PasswordSource> mail_password_;
  std::unique_ptr<auth::SecurityKeys> keys_;
  std::unique_ptr<ui::Notifier> notifier_;
  std::unique_ptr<auth::Session> session_;
  ui::CodeInbox inbox_;
  std::unique_ptr<ui::WebPage> page_;
  Mutex mutex_;
  bool page_signs_in_ GUARDED_BY(mutex_) = false;
  std::jthread page_sign_in_ GUARDED_BY(mutex_);
  std::jthread trust_;
  std::unique_ptr<ui::ControlServer> control_;  ///< Last: what it runs uses all the others.
};

}  // namespace icloudphotos
