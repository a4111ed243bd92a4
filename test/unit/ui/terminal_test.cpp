// SPDX-License-Identifier: MIT
// A person at a terminal is played on the other side of a pseudo-terminal.
#include "icloudphotos/ui/terminal.h"

#include <stop_token>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

namespace icloudphotos::ui {
namespace {

constexpr const char* kAccount = "ann@example.com";

class Person : public testing::Test {
 protected:
  Person() {
    int ours = -1;
    int theirs = -1;
    if (::openpty(&ours, &theirs, nullptr, nullptr, nullptr) != 0) ADD_FAILURE() << "no pseudo-terminal";
    keyboard = Fd{ours};
    terminal_side = Fd{theirs};
    terminal = std::make_unique<Terminal>(Fd{::dup(theirs)}, Fd{::dup(theirs)});
  }

  void types(std::string_view text) {
    // In pieces, as a terminal takes only so much that nobody reads.
    while (!text.empty()) {
      const auto written = ::write(keyboard.get(), text.data(), std::min<std::size_t>(text.size(), 512));
      ASSERT_GT(written, 0);
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  /// Reads the screen until it shows `text`; all it showed since the last time.
  std::string until(std::string_view text) {
    std::string screen;
    while (screen.find(text) == std::string::npos) {
      char c = 0;
      if (::read(keyboard.get(), &c, 1) != 1) break;
      screen += c;
    }
    return screen;
  }
  /// What the screen shows without waiting for more.
  std::string rest() {
    std::string screen;
    pollfd wait{keyboard.get(), POLLIN, 0};
    char c = 0;
    while (::poll(&wait, 1, 0) > 0 && ::read(keyboard.get(), &c, 1) == 1) screen += c;
    return screen;
  }
  [[nodiscard]] bool echoes() const {
    termios state{};
    return ::tcgetattr(terminal_side.get(), &state) == 0 && (state.c_lflag & ECHO) != 0 &&
           state.c_cc[VSUSP] != _POSIX_VDISABLE;
  }
  [[nodiscard]] static auth::Challenge challenge() {
    auth::Challenge challenge;
    challenge.account = kAccount;
    challenge.code_sent_to_devices = true;
    challenge.phones = {{5, "+1 (•••) •••-••81", false}, {9, "+49 •••22\x1b[31m", true}};
    return challenge;
  }
  auth::Answer answer_to(std::string_view line) {
    types(line);
    const auto answer = terminal->ask(challenge(), {});
    EXPECT_TRUE(answer) << answer.error().message();
    return answer.value_or(auth::Answer{});
  }

  Fd keyboard;
  Fd terminal_side;
  std::unique_ptr<Terminal> terminal;
};

using TheTerminal = Person;

TEST_F(TheTerminal, AsksForThePasswordWithoutShowingIt) {
  Result<Secret> password = Error{ErrorKind::Cancelled, "not asked"};
  std::jthread asking{[&] { password = terminal->password(kAccount, {}); }};
  EXPECT_NE(until(": ").find("Password for ann@example.com"), std::string::npos);
  EXPECT_FALSE(echoes());
  types("p\xc3\xa4ss word\n");
  asking.join();
  ASSERT_TRUE(password);
  EXPECT_EQ(password->reveal(), "p\xc3\xa4ss word");
  EXPECT_TRUE(echoes());
  EXPECT_EQ(rest(), "\r\n");
}

TEST_F(TheTerminal, EchoesAgainWhenToldToStopAndForgetsWhatWasTyped) {
  std::stop_source stop;
  Result<Secret> password = Secret{"?"};
  std::jthread asking{[&] { password = terminal->password(kAccount, stop.get_token()); }};
  until(": ");
  types("half a pass");
  stop.request_stop();
  asking.join();
  ASSERT_FALSE(password);
  EXPECT_EQ(password.error().kind(), ErrorKind::Cancelled);
  EXPECT_TRUE(echoes());
  types("\n");
  char line[64] = {};
  ASSERT_GT(::read(terminal_side.get(), line, sizeof line), 0);
  EXPECT_EQ(std::string{line}, "\n") << "the next reader gets no half password";
}

TEST_F(TheTerminal, EndOfInputAndAClosedTerminalEndTheQuestion) {
  types("\x04");  // Ctrl-D
  EXPECT_EQ(terminal->password(kAccount, {}).error().kind(), ErrorKind::Cancelled);
  EXPECT_TRUE(echoes());
  types("\x04");
  EXPECT_EQ(terminal->ask(challenge(), {}).error().kind(), ErrorKind::Cancelled);
  keyboard.reset(-1);
  EXPECT_EQ(terminal->password(kAccount, {}).error().kind(), ErrorKind::Cancelled);
}

TEST_F(TheTerminal, AsksAgainForAnEmptyPasswordAndGivesUpInTheEnd) {
  types("\n\nsecret\n");
  const auto password = terminal->password(kAccount, {});
  ASSERT_TRUE(password);
  EXPECT_EQ(password->reveal(), "secret");
  types("\n\n\n");
  EXPECT_EQ(terminal->password(kAccount, {}).error().kind(), ErrorKind::Cancelled);
}

TEST_F(TheTerminal, ALineTooLongIsNoPassword) {
  Result<Secret> password = Error{ErrorKind::Cancelled, "not asked"};
  std::jthread asking{[&] { password = terminal->password(kAccount, {}); }};
  until(": ");
  types(std::string(4500, 'x') + "\n");
  until("too long");
  until(": ");
  types("secret\n");
  asking.join();
  ASSERT_TRUE(password);
  EXPECT_EQ(password->reveal(), "secret");
}

TEST_F(TheTerminal, PastedLinesAnswerTheNextQuestion) {
  types("secret\r\n123456\n");  // a terminal turns the \r into another line end
  ASSERT_TRUE(terminal->password(kAccount, {}));
  EXPECT_EQ(terminal->ask(challenge(), {}).value_or(auth::Answer{}).code.reveal(), "123456");
}

TEST_F(TheTerminal, TakesSixDigitsHoweverTheyAreSpaced) {
  for (const auto* line : {"012345\n", "012 345\n", " 012-345 \n"}) {
    const auto answer = answer_to(line);
    EXPECT_EQ(answer.kind, auth::Answer::Kind::Code);
    EXPECT_EQ(answer.code.reveal(), "012345");
  }
}

TEST_F(TheTerminal, TakesTheWishForACodeByPhone) {
  for (const auto* line : {"s\n", "s1\n", "SMS 1\n", "sms\n"}) {
    const auto answer = answer_to(line);
    EXPECT_EQ(answer.kind, auth::Answer::Kind::SendSms) << line;
    EXPECT_EQ(answer.phone_id, 5) << line;
  }
  for (const auto* line : {"c2\n", "call 2\n", "C 2\n"}) {
    const auto answer = answer_to(line);
    EXPECT_EQ(answer.kind, auth::Answer::Kind::Call) << line;
    EXPECT_EQ(answer.phone_id, 9) << line;
  }
  EXPECT_EQ(answer_to("d\n").kind, auth::Answer::Kind::SendToDevices);
  EXPECT_EQ(answer_to("devices\n").kind, auth::Answer::Kind::SendToDevices);
}

TEST_F(TheTerminal, AsksAgainForWhatMakesNoSense) {
  types("12345\n1234567\ns3\ns0\ns1x\nc99999999999999999999\nhello\n\n654321\n");
  const auto answer = terminal->ask(challenge(), {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->code.reveal(), "654321");
}

TEST_F(TheTerminal, ShowsTheChoicesAndNothingThatSteersIt) {
  types("123456\n");
  ASSERT_TRUE(terminal->ask(challenge(), {}));
  const auto screen = rest();
  EXPECT_NE(screen.find("trusted devices show a code"), std::string::npos);
  EXPECT_NE(screen.find("+1 (•••) •••-••81"), std::string::npos);
  EXPECT_NE(screen.find("s2"), std::string::npos);
  EXPECT_EQ(screen.find('\x1b'), std::string::npos);
}

TEST_F(TheTerminal, SaysWhyACodeWasNotTakenAndWhereOneWent) {
  auto refused = challenge();
  refused.last_refusal = "that code was not accepted (Apple says: Incorrect.)";
  types("123456\n");
  ASSERT_TRUE(terminal->ask(refused, {}));
  EXPECT_NE(rest().find("Apple says: Incorrect."), std::string::npos);
  auto sent = challenge();
  sent.code_sent_to_devices = sent.has_devices = false;
  sent.sent_to_phone = "••81";
  types("123456\n");
  ASSERT_TRUE(terminal->ask(sent, {}));
  const auto screen = rest();
  EXPECT_NE(screen.find("on its way to ••81"), std::string::npos);
  EXPECT_EQ(screen.find("  d:"), std::string::npos) << "there are no devices";
}

TEST_F(TheTerminal, AsksForTheAccountUntilThereIsOne) {
  types("\n  \n Ann@example.com \n");
  EXPECT_EQ(terminal->account({}).value_or(""), "Ann@example.com");
}

TEST_F(TheTerminal, IsPresent) {
  EXPECT_TRUE(terminal->present());
  EXPECT_TRUE(terminal->can_ask());
}

}  // namespace
}  // namespace icloudphotos::ui
