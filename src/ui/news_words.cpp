// SPDX-License-Identifier: MIT
#include "news_words.h"

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::ui {
namespace {

/// For people to read, whatever a directory or an account is called.
std::string readable(std::string_view text) {
  if (is_utf8(text)) return printable(text);
  std::string ascii;
  for (const char c : text) ascii += static_cast<unsigned char>(c) < 0x80 ? c : '?';
  return printable(ascii);
}

/// A sentence as somebody else's code wrote it.
std::string as_sentence(std::string_view text) {
  auto sentence = readable(trim(text));
  if (sentence.empty()) return "Nothing more is known.";
  if (sentence.front() >= 'a' && sentence.front() <= 'z') sentence.front() = static_cast<char>(sentence.front() - 32);
  if (sentence.find_last_of(".!?") != sentence.size() - 1) sentence += '.';
  return sentence;
}

}  // namespace

std::string_view event_of(News::Kind kind) {
  switch (kind) {
    case News::Kind::SignInNeeded:
      return "sign_in_needed";
    case News::Kind::TrustEnding:
      return "trust_ending";
  }
  return {};
}

std::string identity_of(const News& news) {
  const std::string event{event_of(news.kind)};
  // A session warns of its end more than once, and each time is news.
  return news.kind == News::Kind::TrustEnding ? event + ": " + readable(news.sentence) : event;
}

std::string headline(const News& news) {
  const auto account = readable(news.account);
  return news.kind == News::Kind::SignInNeeded ? fmt::format("iCloud Photos: {} has to sign in again", account)
                                               : fmt::format("iCloud Photos: {} will soon have to sign in", account);
}

std::string short_text(const News& news) {
  auto text = as_sentence(news.sentence) + "\nRun: icloudphotos signin";
  if (!news.sign_in_url.empty()) text += "\nOr open: " + readable(news.sign_in_url);
  return text;
}

std::vector<std::pair<std::string, std::string>> environment_of(const News& news) {
  // The names as they are, for programs; an empty one says that there is none, whatever our own environment says.
  return {{"ICLOUDPHOTOS_EVENT", std::string{event_of(news.kind)}},
          {"ICLOUDPHOTOS_ACCOUNT", news.account},
          {"ICLOUDPHOTOS_MESSAGE", news.sentence},
          {"ICLOUDPHOTOS_MOUNT_POINT", news.mount_point.string()},
          {"ICLOUDPHOTOS_SIGN_IN_URL", news.sign_in_url}};
}

net::Mail mail_of(const News& news, const NotifierOptions::MailOptions& options, std::string_view host) {
  const bool over = news.kind == News::Kind::SignInNeeded;
  std::string text = as_sentence(news.sentence) + "\n\n";
  text += over
              ? "Photos that are on its disk already can still be read there; others cannot, until somebody signs in.\n"
              : "All photos can still be read there. Signing in before that day keeps it so.\n";
  text += fmt::format("\nTo sign in, run this on {}:\n\n    icloudphotos signin\n", readable(host));
  if (!news.sign_in_url.empty())
    text +=
        fmt::format("\nOr open this page in a browser on {}:\n\n    {}\n", readable(host), readable(news.sign_in_url));
  text += fmt::format("\nAccount:      {}\nComputer:     {}\nMounted at:   {}\n", readable(news.account),
                      readable(host), readable(news.mount_point.string()));
  text += "\nThis is told once. The next mail comes when it happens again.\n";
  return {options.from, options.to, fmt::format("{} (on {})", headline(news), readable(host)), std::move(text)};
}

}  // namespace icloudphotos::ui
