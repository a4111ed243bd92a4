// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "icloudphotos/net/mail.h"
#include "icloudphotos/ui/notifier.h"

namespace icloudphotos::ui {

/// The name of news for programs: `sign_in_needed`, `trust_ending`.
[[nodiscard]] std::string_view event_of(News::Kind kind);
/// What makes it the same news as before.
[[nodiscard]] std::string identity_of(const News& news);
/// One line that says what it is about.
[[nodiscard]] std::string headline(const News& news);
/// The words below that line; every part is UTF-8 without control characters.
[[nodiscard]] std::string short_text(const News& news);
/// What a command is told.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> environment_of(const News& news);
/// The mail from `host`.
[[nodiscard]] net::Mail mail_of(const News& news, const NotifierOptions::MailOptions& options, std::string_view host);

}  // namespace icloudphotos::ui
