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
    auth::PasswordSource* password = nullptr;  ///< Outlives the notifier.
    std::string from;
    std::string to;
  };
  std::optional<MailOptions> mail;
};

/// Tells a person, once for each thing that happened, in every way that was set up: desktop notification, command, mail.
///
/// Threads   Any. `tell` and `settled` return at once; the telling is done on a thread inside, and what fails is logged.
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
