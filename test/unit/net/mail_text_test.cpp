// SPDX-License-Identifier: MIT
#include "mail_text.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace icloudphotos::net {
namespace {

// 21 November 2026, 09:40:05 UTC.
constexpr TimePoint kDate{std::chrono::milliseconds{1'795'254'005'000}};

Result<MailText> write(const Mail& mail) { return write_mail(mail, kDate, "one-of-a-kind"); }
Mail plain() { return {"Box <box@example.com>", "ann@example.com", "Hello", "Some text.\n"}; }

/// The header lines, folded ones joined, or nothing if the message is not lines that end with CR LF.
std::vector<std::string> headers_of(const std::string& message) {
  std::vector<std::string> headers;
  for (std::size_t at = 0; at < message.size();) {
    const auto end = message.find("\r\n", at);
    if (end == std::string::npos) return {};
    const auto line = message.substr(at, end - at);
    if (line.empty()) return headers;
    if (line.front() == ' ' && !headers.empty()) {
      headers.back() += line;
    } else {
      headers.push_back(line);
    }
    at = end + 2;
  }
  return {};
}
std::vector<std::string> names_of(const std::string& message) {
  std::vector<std::string> names;
  for (const auto& header : headers_of(message)) names.push_back(header.substr(0, header.find(':')));
  return names;
}
const std::vector<std::string> kNames{"Date",         "From",         "To",
                                      "Subject",      "Message-ID",   "Auto-Submitted",
                                      "MIME-Version", "Content-Type", "Content-Transfer-Encoding"};

std::string text_of(const std::string& text) {
  auto mail = plain();
  mail.text = text;
  const auto written = write(mail);
  return written ? written->message.substr(written->message.find("\r\n\r\n") + 4) : written.error().message();
}
std::string subject_of(const std::string& subject) {
  auto mail = plain();
  mail.subject = subject;
  const auto written = write(mail);
  return written ? headers_of(written->message)[3] : written.error().message();
}

TEST(AMail, IsWrittenWithTheHeadersOfOne) {
  const auto written = write(plain());
  ASSERT_TRUE(written);
  EXPECT_EQ(written->from, "box@example.com");
  EXPECT_EQ(written->to, "ann@example.com");
  EXPECT_EQ(written->message,
            "Date: Sat, 21 Nov 2026 09:40:05 +0000\r\n"
            "From: \"Box\"\r\n <box@example.com>\r\n"
            "To: ann@example.com\r\n"
            "Subject: Hello\r\n"
            "Message-ID: <one-of-a-kind@example.com>\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n"
            "\r\n"
            "Some text.\r\n");
}

TEST(AMail, HasNoMoreHeadersWhateverIsPutIn) {
  std::vector<std::string> hostile{"\r\nBcc: eve@example.com",
                                   "\nBcc: eve@example.com\n\nNew text",
                                   "\rBcc: eve@example.com",
                                   "\r\n.\r\nMAIL FROM:<eve@example.com>",
                                   "a\u2028z",
                                   "a\xc2\x85z",
                                   "\xff\xfe",
                                   std::string(5000, 'x'),
                                   "=?UTF-8?B?DQpCY2M6IGV2ZUBleGFtcGxlLmNvbQ==?=",
                                   ">, <eve@example.com"};
  for (int byte = 0; byte < 256; ++byte) hostile.emplace_back(1, static_cast<char>(byte));
  int written_ones = 0;
  for (const auto& bytes : hostile) {
    for (const auto& put_in : {bytes, "a" + bytes + "b: c", bytes + "z"}) {
      std::vector<Mail> mails(6, plain());
      mails[0].from = put_in;
      mails[1].from = put_in + " <box@example.com>";
      mails[2].to = "ann@example.com" + put_in;
      mails[3].to = "<ann" + put_in + "@example.com>";
      mails[4].subject = put_in;
      mails[5].text = put_in;
      for (const auto& mail : mails) {
        const auto written = write(mail);
        if (!written) {
          EXPECT_EQ(written.error().kind(), ErrorKind::Usage);
          continue;
        }
        ++written_ones;
        const auto& message = written->message;
        EXPECT_EQ(names_of(message), kNames) << message;
        EXPECT_TRUE(std::all_of(message.begin(), message.end(), [](char c) {
          return c == '\r' || c == '\n' || (c >= 0x20 && c < 0x7f);
        })) << message;
        EXPECT_EQ(std::count(message.begin(), message.end(), '\r'), std::count(message.begin(), message.end(), '\n'));
        EXPECT_EQ((written->from + written->to).find_first_of(" <>,\r\n"), std::string::npos);
      }
    }
  }
  EXPECT_GT(written_ones, 1000);
}

TEST(AMail, WithAControlInAnAddressOrSubjectIsRefused) {
  for (const std::string control : {"\r", "\n", "\r\n", "\t", "\x1b", "\x7f", "\xc2\x85"}) {
    EXPECT_NE(subject_of("Hel" + control + "lo").find("control character"), std::string::npos);
    EXPECT_FALSE(parse_mailbox("Bo" + control + "x <box@example.com>"));
    EXPECT_FALSE(parse_mailbox("box@example.com" + control));
  }
  EXPECT_NE(subject_of(std::string{"a\0b", 3}).find("control character"), std::string::npos);
  EXPECT_FALSE(parse_mailbox(std::string{"box@example.com\0", 16}));
}

TEST(AMailbox, IsAnAddressWithOrWithoutAName) {
  for (const auto* text : {"ann@example.com", " <ann@example.com> ", "ann@example.com "}) {
    const auto mailbox = parse_mailbox(text);
    ASSERT_TRUE(mailbox) << text;
    EXPECT_EQ(mailbox->name, "");
    EXPECT_EQ(mailbox->address, "ann@example.com");
  }
  for (const auto* text : {"Ann, A. <ann+box@example.com>", "\"Ann, A.\" <ann+box@example.com>"}) {
    const auto mailbox = parse_mailbox(text);
    ASSERT_TRUE(mailbox) << text;
    EXPECT_EQ(mailbox->name, "Ann, A.");
    EXPECT_EQ(mailbox->address, "ann+box@example.com");
  }
  for (const auto* text :
       {"", "ann", "@example.com", "ann@", "a@b@c", "a@b, c@d", "ann@exa mple.com", "<ann@example.com",
        "\xc3\xa4nn@example.com", "ann@[127.0.0.1]", "a\"b@c", "Ann <>", ">", "<>", "a@b> SIZE=1"}) {
    EXPECT_FALSE(parse_mailbox(text)) << text;
  }
}

TEST(AMail, NamesPeopleOfAnyScript) {
  auto mail = plain();
  mail.from = "\u00c4nn \"A\" <box@example.com>";
  mail.to = "Ann \"the \\ one\" <ann@example.com>";
  const auto headers = headers_of(write(mail)->message);
  EXPECT_EQ(headers[1], "From: =?UTF-8?B?w4RubiAiQSI=?= <box@example.com>");
  EXPECT_EQ(headers[2], "To: \"Ann \\\"the \\\\ one\\\"\" <ann@example.com>");
}

TEST(TheSubjectOfAMail, IsEncodedWhereItIsNotPlain) {
  EXPECT_EQ(subject_of("Sign in again"), "Subject: Sign in again");
  EXPECT_EQ(subject_of("\u00dcber"), "Subject: =?UTF-8?B?w5xiZXI=?=");
  EXPECT_EQ(subject_of("=?UTF-8?B?w5xiZXI=?="), "Subject: =?UTF-8?B?PT9VVEYtOD9CP3c1eGlaWEk9Pz0=?=");
  EXPECT_EQ(subject_of(" x"), "Subject: =?UTF-8?B?IHg=?=");
}

TEST(TheSubjectOfAMail, IsCutBetweenCharactersOnly) {
  std::string subject = "x";
  for (int i = 0; i < 40; ++i) subject += "\u00e4";
  EXPECT_EQ(subject_of(subject),
            "Subject: =?UTF-8?B?eMOkw6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOk?="
            " =?UTF-8?B?w6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6Q=?="
            " =?UTF-8?B?w6TDpA==?=");
}

TEST(TheTextOfAMail, ComesThroughAnyServer) {
  EXPECT_EQ(text_of("a\nb\r\nc"), "a\r\nb\r\nc\r\n");
  EXPECT_EQ(text_of("\u00e4 = b"), "=C3=A4 =3D b\r\n");
  EXPECT_EQ(text_of(".\n..\nx."), "=2E\r\n=2E.\r\nx.\r\n");
  EXPECT_EQ(text_of("blank \nat end "), "blank=20\r\nat end=20\r\n");
  EXPECT_EQ(text_of("a\rb\n\t\n"), "a=0Db\r\n=09\r\n");
  EXPECT_EQ(text_of(""), "");
  EXPECT_EQ(text_of(std::string(75, 'x') + "."), std::string(75, 'x') + "=\r\n=2E\r\n");
  EXPECT_EQ(text_of("\xff"), "the text of a mail is not UTF-8");
}

}  // namespace
}  // namespace icloudphotos::net
