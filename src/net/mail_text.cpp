// SPDX-License-Identifier: MIT
#include "mail_text.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::net {
namespace {

constexpr std::size_t kLongestLine = 76;
constexpr std::size_t kLongestAddress = 254;  // RFC 5321 4.5.3.1, without the angle brackets
constexpr std::size_t kLongestWords = 900;    // of a subject or a name
// RFC 2047: a line with such a word has at most 76 characters, 12 of them are "=?UTF-8?B?" and "?=", 9 may be
// "Subject: "; base64 makes four of three.
constexpr std::size_t kBytesInWord = 39;

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_printable_ascii(char c) { return c >= 0x20 && c < 0x7f; }

/// What can stand in a header: UTF-8 without controls, C1 and the line ends of Unicode included.
Result<void> check_words(std::string_view what, std::string_view text) {
  const auto broken = [&](std::string_view why) {
    return Error{ErrorKind::Usage, fmt::format("the {} \"{}\" of a mail {}", what, printable(text), why)};
  };
  if (!is_utf8(text)) return Error{ErrorKind::Usage, fmt::format("the {} of a mail is not UTF-8", what)};
  const bool separates = text.find("\u2028") != std::string_view::npos || text.find("\u2029") != std::string_view::npos;
  if (separates || printable(text) != text) return broken("has a line break or another control character in it");
  if (text.size() > kLongestWords) return broken("is too long");
  return {};
}

/// RFC 5321's Dot-string and domain; quoted local parts and address literals are nobody's.
bool is_address(std::string_view text) {
  const auto at = text.find('@');
  if (at == 0 || at == std::string_view::npos || at + 1 == text.size() || text.size() > kLongestAddress) return false;
  const auto local = text.substr(0, at);
  const auto domain = text.substr(at + 1);
  constexpr std::string_view kInLocal = "!#$%&'*+-/=?^_`{|}~.";
  return std::all_of(local.begin(), local.end(),
                     [&](char c) { return is_letter_or_digit(c) || kInLocal.find(c) != std::string_view::npos; }) &&
         std::all_of(domain.begin(), domain.end(),
                     [](char c) { return is_letter_or_digit(c) || c == '-' || c == '.'; }) &&
         local.front() != '-' && domain.front() != '-' && domain.front() != '.';
}

/// Words that a reader could take for something else, or that a line has no room for.
bool needs_encoding(std::string_view text, std::size_t room) {
  return text.size() > room || !std::all_of(text.begin(), text.end(), is_printable_ascii) ||
         text.find("=?") != std::string_view::npos || trim(text) != text;
}

/// RFC 2047, one word a line.
std::string encoded_words(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto part = cut_at_code_point(text, kBytesInWord);
    text.remove_prefix(part.size());
    if (!out.empty()) out += "\r\n ";
    out += fmt::format("=?UTF-8?B?{}?=", base64_encode(as_bytes(part)));
  }
  return out;
}

std::string in_quotes(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string header_of(std::string_view header, const Mailbox& mailbox) {
  if (mailbox.name.empty()) return fmt::format("{}: {}\r\n", header, mailbox.address);
  const auto name = needs_encoding(mailbox.name, 50) ? encoded_words(mailbox.name) : in_quotes(mailbox.name);
  return fmt::format("{}: {}\r\n <{}>\r\n", header, name, mailbox.address);
}

std::string header_of_subject(std::string_view subject) {
  const bool plain = !needs_encoding(subject, kLongestLine - 9);
  return fmt::format("Subject: {}\r\n", plain ? std::string{subject} : encoded_words(subject));
}

std::string date_of(TimePoint time) {
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", kDays[std::chrono::weekday{day}.c_encoding()],
                     static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

/// RFC 2045 quoted-printable. A line never begins with a dot, which SMTP would have to double.
std::string quoted_printable(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  const auto put = [&](std::string_view piece) {
    if (column + piece.size() >= kLongestLine) {
      out += "=\r\n";
      column = 0;
    }
    if (column == 0 && piece == ".") piece = "=2E";
    out += piece;
    column += piece.size();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("\r\n")) ++i;
    if (text[i] == '\n') {
      out += "\r\n";
      column = 0;
      continue;
    }
    const bool at_end = i + 1 == text.size() || text[i + 1] == '\n' || text[i + 1] == '\r';
    if (is_printable_ascii(text[i]) && text[i] != '=' && !(text[i] == ' ' && at_end)) {
      put(text.substr(i, 1));
    } else {
      put(fmt::format("={:02X}", static_cast<unsigned char>(text[i])));
    }
  }
  if (column != 0) out += "\r\n";
  return out;
}

}  // namespace

Result<Mailbox> parse_mailbox(std::string_view text) {
  TRY(check_words("address", text));
  Mailbox mailbox;
  const auto bracket = text.rfind('<');
  if (trim(text).ends_with('>') && bracket != std::string_view::npos) {
    auto name = trim(text.substr(0, bracket));
    if (name.size() >= 2 && name.starts_with('"') && name.ends_with('"')) name = name.substr(1, name.size() - 2);
    mailbox.name = name;
    text = trim(text.substr(bracket + 1));
    text.remove_suffix(1);
  }
  mailbox.address = trim(text);
  if (!is_address(mailbox.address))
    return Error{ErrorKind::Usage,
                 fmt::format("\"{}\" is no mail address such as ann@example.com or Ann <ann@example.com>", text)};
  return mailbox;
}

Result<MailText> write_mail(const Mail& mail, TimePoint date, std::string_view id) {
  const auto from = TRY(parse_mailbox(mail.from));
  const auto to = TRY(parse_mailbox(mail.to));
  TRY(check_words("subject", mail.subject));
  if (!is_utf8(mail.text)) return Error{ErrorKind::Usage, "the text of a mail is not UTF-8"};
  MailText text{from.address, to.address, {}};
  text.message = fmt::format("Date: {}\r\n", date_of(date));
  text.message += header_of("From", from);
  text.message += header_of("To", to);
  text.message += header_of_subject(mail.subject);
  text.message += fmt::format("Message-ID: <{}@{}>\r\n", id, from.address.substr(from.address.find('@') + 1));
  text.message +=
      "Auto-Submitted: auto-generated\r\n"
      "MIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: quoted-printable\r\n"
      "\r\n";
  text.message += quoted_printable(mail.text);
  return text;
}

}  // namespace icloudphotos::net
