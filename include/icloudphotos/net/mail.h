// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

#include "icloudphotos/base/result.h"
#include "icloudphotos/base/secret.h"

namespace icloudphotos::net {

/// Who takes mail from us.
struct MailServer {
  std::string host;
  int port = 587;
  std::string username;  ///< Empty: no login.
  Secret password;
  bool tls = true;                                 ///< STARTTLS, or nothing is sent. false: in the clear.
  std::optional<std::filesystem::path> ca_file{};  ///< PEM, trusted in addition to the system's.
};

struct Mail {
  std::string from;  ///< "Name <address>" or an address, whose characters are ASCII. Names may be of any script.
  std::string to;
  std::string subject;
  std::string text;
};

/// Hands one plain-text mail to a server.
///
/// Errors    Usage: a server, an address or a subject that would break a line, or a text that is not UTF-8; nothing was
///           sent. Offline: no connection, no TLS. Refused: the server did not take the login, an address or the mail.
///           Throttled: it may take it later. Cancelled.
/// Threads   Any; the caller waits, a minute at most.
[[nodiscard]] Result<void> send_mail(const MailServer& server, const Mail& mail, std::stop_token stop);

}  // namespace icloudphotos::net
