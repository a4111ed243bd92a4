// SPDX-License-Identifier: MIT
#include "ui/web_pages.h"

#include <array>
#include <ctime>

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::ui {
namespace {

using Kind = WebScene::Kind;

/// Text for HTML, in attributes too.
std::string html(std::string_view text) {
  std::string escaped;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

/// The sentences of errors begin small and end without a stop, as they may stand behind a colon.
std::string with_stop(std::string_view text) {
  auto whole = html(text);
  const bool has_one = whole.ends_with('.') || whole.ends_with('!') || whole.ends_with('?') || whole.ends_with(".)");
  return whole.empty() || has_one ? whole : whole + '.';
}

std::string sentence(std::string_view text) {
  auto whole = with_stop(text);
  if (!whole.empty()) whole[0] = ascii_upper(whole.substr(0, 1))[0];
  return whole;
}

std::string local_time(TimePoint at, const char* format) {
  const auto seconds =
      std::chrono::system_clock::to_time_t(std::chrono::time_point_cast<std::chrono::system_clock::duration>(at));
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

struct Layout {
  std::string_view title;
  std::optional<int> refresh_seconds = {};
  std::string body = {};
};

std::string layout(const Layout& page) {
  const auto refresh = page.refresh_seconds
                           ? fmt::format("<meta http-equiv=\"refresh\" content=\"{};url=/\">\n", *page.refresh_seconds)
                           : "";
  return fmt::format(R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
{0}<title>{1} – iCloud Photos</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
</head>
<body>
<header><img src="/icon.svg" alt="" width="28" height="28">iCloud Photos</header>
<main>
<h1>{1}</h1>
{2}</main>
<footer>mount.icloudphotos on this computer</footer>
</body>
</html>
)",
                     refresh, page.title, page.body);
}

std::string paragraph(const std::string& text) { return text.empty() ? "" : "<p>" + text + "</p>\n"; }
std::string alert(const std::string& text) {
  return text.empty() ? "" : "<p class=\"alert\" role=\"alert\">" + text + "</p>\n";
}

std::string waiting(const std::string& text) {
  return "<p role=\"status\">" + text + "</p>\n<div class=\"dots\" aria-hidden=\"true\"><i></i><i></i><i></i></div>\n";
}

std::string sign_in_button(std::string_view label) {
  return fmt::format("<form method=\"post\" action=\"/sign-in\"><button>{}</button></form>\n", label);
}

std::string account_line(const WebScene& scene) { return "<p class=\"account\">" + html(scene.account) + "</p>\n"; }

std::string trust_line(const auth::SessionStatus& status) {
  if (!status.trust_ends) return {};
  return fmt::format(
      "<p class=\"small\">Apple trusts this computer until about {}. Until then no code is needed.</p>\n",
      local_time(*status.trust_ends, "%-d %B %Y"));
}

std::string pause_line(const auth::SessionStatus& status) {
  return fmt::format("Apple wants to be left alone until {}. You can sign in after that.",
                     local_time(*status.paused_until, "%H:%M"));
}

std::string start_page(const WebScene& scene, const auth::SessionStatus& status) {
  if (status.asking) return layout({"One moment", 2, waiting("A sign-in is under way…")});
  if (status.signed_in) return layout({"Signed in", {}, account_line(scene) + trust_line(status)});
  Layout page{"Signed out"};
  page.body = account_line(scene) + paragraph(sentence(status.problem.value_or("")));
  if (status.paused_until) {
    page.refresh_seconds = 5;
    page.body += paragraph(pause_line(status));
  } else {
    page.body += sign_in_button("Sign in");
  }
  return layout(page);
}

std::string ended_page(const WebScene& scene, const auth::SessionStatus& status) {
  if (!scene.failure)
    return layout(
        {"You are signed in",
         {},
         account_line(scene) + paragraph("Your photos are there. You can close this page.") + trust_line(status)});
  Layout page{"That did not work"};
  page.body = account_line(scene) + alert(sentence(scene.failure->message()));
  if (status.paused_until) {
    page.refresh_seconds = 5;
    page.body += paragraph(pause_line(status));
  } else {
    page.body += sign_in_button("Try again");
  }
  return layout(page);
}

std::string password_page(const WebScene& scene) {
  return layout({"Sign in",
                 {},
                 fmt::format(R"({0}<form method="post" action="/password">
<input type="hidden" name="question" value="{1}">
<label for="account">Apple Account</label>
<input id="account" name="account" type="text" value="{2}" autocomplete="username" readonly>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1000" required autofocus aria-describedby="safe">
<button>Continue</button>
</form>
<p class="small" id="safe">The password itself is never sent: Apple gets a proof that this computer knows it.</p>
)",
                             alert(sentence(scene.complaint)), scene.question, html(scene.account))});
}

/// What happened, in the terminal's words.
std::string whereabouts(const auth::Challenge& challenge) {
  if (challenge.sent_to_phone) return fmt::format("A code is on its way to <b>{}</b>.", html(*challenge.sent_to_phone));
  if (challenge.code_sent_to_devices) return "Your trusted devices show a code now.";
  return "Apple wants a six-digit code.";
}

std::string wish(std::string_view how, int phone, std::string_view label, std::string_view for_whom) {
  return fmt::format("<button name=\"how\" value=\"{}:{}\" class=\"plain\" aria-label=\"{}{}\">{}</button>\n", how,
                     phone, label, html(for_whom), label);
}

std::string wishes(const WebScene& scene) {
  const auto& challenge = scene.challenge;
  if (challenge.phones.empty() && !challenge.has_devices) return {};
  auto form = fmt::format(
      "<h2>Get a code another way</h2>\n<form method=\"post\" action=\"/send\">\n"
      "<input type=\"hidden\" name=\"question\" value=\"{}\">\n",
      scene.question);
  for (const auto& phone : challenge.phones) {
    const auto to = " to " + phone.number;
    form += fmt::format("<div class=\"phone\"><span>{}</span>\n", html(phone.number)) +
            wish("sms", phone.id, "Text message", to) + wish("call", phone.id, "Call", to) + "</div>\n";
  }
  if (challenge.has_devices) form += wish("devices", 0, "New code on my devices", "");
  return form + "</form>\n";
}

std::string code_page(const WebScene& scene) {
  const auto& refusal = scene.challenge.last_refusal;
  auto problem = alert(sentence(scene.complaint));
  if (problem.empty() && refusal) problem = alert("Sorry: " + with_stop(*refusal));
  return layout({"Enter the six digits",
                 {},
                 fmt::format(R"({0}<p>{1}</p>
<form method="post" action="/code">
<input type="hidden" name="question" value="{2}">
<label for="code">Six-digit code</label>
<input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" pattern="[ \-]*([0-9][ \-]*){{6}}" title="six digits" maxlength="20" required autofocus>
<button>Continue</button>
</form>
{3})",
                             problem, whereabouts(scene.challenge), scene.question, wishes(scene))});
}

std::string elsewhere_page(const WebScene& scene) {
  return layout(
      {"One more step", 3, waiting(sentence(scene.text)) + "<p class=\"small\">This page goes on by itself.</p>\n"});
}

}  // namespace

std::string web_page(const WebScene& scene, const auth::SessionStatus& status) {
  const bool is_settled = status.signed_in && !status.asking;
  switch (scene.kind) {
    case Kind::Start:
      break;
    case Kind::Password:
      return password_page(scene);
    case Kind::Code:
      return code_page(scene);
    case Kind::Elsewhere:
      if (!is_settled) return elsewhere_page(scene);
      break;
    case Kind::Working:
      if (!is_settled) return layout({"One moment", 2, waiting(html(scene.text))});
      break;
    case Kind::Ended:
      // What came later counts more: a session that has ended, another sign-in that is under way or went well.
      if (scene.failure ? !status.asking && !status.signed_in : is_settled) return ended_page(scene, status);
  }
  return start_page(scene, status);
}

std::string web_notice(std::string_view title, std::string_view text) { return layout({title, {}, alert(html(text))}); }

std::string web_welcome() { return layout({"Welcome", 0, "<p><a href=\"/\">Continue</a></p>\n"}); }

}  // namespace icloudphotos::ui
