// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "icloudphotos/auth/person.h"
#include "icloudphotos/base/clock.h"
#include "icloudphotos/net/mail.h"

namespace icloudphotos::ui {

/// What a person should hear of.
struct News {
  enum class Kind { SignInNeeded, TrustEnding };
  Kind kind = Kind::SignInNeeded;
  std::string account;
  std::string sentence;  ///< What happened and what to do.
  std::filesystem::path mount_point;
  std::string sign_in_url;  ///< The web page, when there is one.
};

struct NotifierOptions {
  std::filesystem::path state_dir;  ///< Remembers in `told.json` what was told, so that no restart tells it again.
  bool desktop = true;
  std::optional<std::string> command;  ///< `sh -c`, with the news in its environment (see the manual page).
  struct MailOptions {
    net::MailServer server;
    auth::PasswordSource* password = nullptr;  ///< Outlives the notifier. Null: there is no login.
    std::string from;
    std::string to;
  };
  std::optional<MailOptions> mail;
};

/// Tells a person, once for each thing that happened, in every way that was set up: desktop notification, command, mail.
/// That somebody has to sign in is one thing, whatever the sentence; that trust ends is another with each sentence.
///
/// Errors    None: what fails is logged, and does not stop the other ways. A mail that may go through later is tried
///           again after 1, 5 and 30 minutes and 2 and 6 hours, unless it is settled or other news came by then. What
///           was told by one way is not told again by that way; the others are tried again after a restart.
/// Threads   Any. `tell` and `settled` return at once; the telling is done on a thread inside.
class Notifier {
 public:
  Notifier(NotifierOptions options, Clock& clock);
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;
  ~Notifier();  ///< What is being told is cut short.

  void tell(News news);
  /// It is over; should it happen again, it is news again.
  void settled();

 private:
  class Work;
  std::unique_ptr<Work> work_;
};

}  // namespace icloudphotos::ui
