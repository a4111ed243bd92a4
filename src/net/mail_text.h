// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/net/mail.h"

namespace icloudphotos::net {

/// A sender or a recipient: the name may be empty.
struct Mailbox {
  std::string name;
  std::string address;
};

/// Reads "Name <address>" or an address, one only. Errors: Usage: it is none, or could break a line of the protocol.
[[nodiscard]] Result<Mailbox> parse_mailbox(std::string_view text);

/// A mail as it travels.
struct MailText {
  std::string from;  ///< The bare addresses, for the envelope.
  std::string to;
  std::string message;  ///< RFC 5322: ASCII, in short lines that end with CR LF.
};

/// Writes a mail. Whatever is in it, it has the nine headers that are written here and no other. `id` is for this mail
/// alone. Errors: Usage: a line break or another control in an address or the subject; text that is not UTF-8.
[[nodiscard]] Result<MailText> write_mail(const Mail& mail, TimePoint date, std::string_view id);

}  // namespace icloudphotos::net
