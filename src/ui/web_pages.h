// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "icloudphotos/auth/person.h"
#include "icloudphotos/auth/session.h"
#include "icloudphotos/base/result.h"

namespace icloudphotos::ui {

/// What the page is about now.
struct WebScene {
  enum class Kind {
    Start,      ///< Nobody asks for anything.
    Password,   ///< A question: `question`, `account`.
    Code,       ///< A question: `question`, `challenge`.
    Elsewhere,  ///< `text` says what the person has to do.
    Working,    ///< `text` says at what.
    Ended,      ///< A sign-in has; `failure` says how.
  };
  Kind kind = Kind::Start;
  std::string account;
  std::uint64_t question = 0;  ///< Answers to another one are too late.
  std::string text;
  std::string complaint;  ///< What was wrong with the form that was just posted.
  auth::Challenge challenge;
  std::optional<Error> failure;
};

/// HTML for the scene. What Apple and the person wrote is escaped.
[[nodiscard]] std::string web_page(const WebScene& scene, const auth::SessionStatus& status);
/// A page that only says something.
[[nodiscard]] std::string web_notice(std::string_view title, std::string_view text);
/// A page that goes on to the first one by itself.
[[nodiscard]] std::string web_welcome();

[[nodiscard]] std::string_view web_style();
[[nodiscard]] std::string_view web_icon();  ///< SVG.

}  // namespace icloudphotos::ui
