// SPDX-License-Identifier: MIT
#include "icloudphotos/ui/notifier.h"

#include <array>
#include <condition_variable>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/mutex.h"

#include "fake_clock.h"
#include "temp_dir.h"
#include "ui/news_words.h"

namespace icloudphotos::ui {
namespace {

using namespace std::chrono_literals;

/// A clock on which waiting has no end but being asked to stop.
class StoppedClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return {}; }
  [[nodiscard]] Monotonic monotonic() const override { return {}; }
  bool sleep_for(std::chrono::milliseconds, std::stop_token stop) override {
    Lock lock{mutex_};
    ++sleepers_;
    changed_.notify_all();
    changed_.wait(lock, stop, [] { return false; });
    return false;
  }
  void wait_for_sleeper(int which) {
    Lock lock{mutex_};
    changed_.wait(lock, [&]() REQUIRES(mutex_) { return sleepers_ >= which; });
  }

 private:
  Mutex mutex_;
  std::condition_variable_any changed_;
  int sleepers_ GUARDED_BY(mutex_) = 0;
};

/// The password of a mail server: asked for at each try.
class AskedPassword final : public auth::PasswordSource {
 public:
  explicit AskedPassword(Result<Secret> answer = Secret{"secret"}) : answer_{std::move(answer)} {}
  Result<Secret> password(const std::string& account, std::stop_token) override {
    const Lock lock{mutex_};
    EXPECT_EQ(account, "box");
    ++times_;
    changed_.notify_all();
    return answer_;
  }
  void wait_for(int times) {
    Lock lock{mutex_};
    changed_.wait(lock, [&]() REQUIRES(mutex_) { return times_ >= times; });
  }
  int times() {
    const Lock lock{mutex_};
    return times_;
  }

 private:
  const Result<Secret> answer_;
  Mutex mutex_;
  std::condition_variable_any changed_;
  int times_ GUARDED_BY(mutex_) = 0;
};

class ANotifier : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(::mkfifo(pipe().c_str(), 0600), 0);
    heard_.reset(::open(pipe().c_str(), O_RDWR | O_CLOEXEC));
    ASSERT_TRUE(heard_);
    // A port that nobody listens at.
    taken_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(::bind(taken_.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(::getsockname(taken_.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  [[nodiscard]] std::filesystem::path pipe() const { return directory / "pipe"; }
  [[nodiscard]] std::filesystem::path told() const { return directory / "told.json"; }

  /// With a command that writes `what` into the pipe.
  [[nodiscard]] NotifierOptions by_command(const std::string& what = "$ICLOUDPHOTOS_EVENT") const {
    return {directory.path(), false, "printf '%s\\n' \"" + what + "\" > '" + pipe().string() + "'", std::nullopt};
  }
  [[nodiscard]] NotifierOptions by_mail(auth::PasswordSource& password) const {
    NotifierOptions options{directory.path(), false, std::nullopt, NotifierOptions::MailOptions{}};
    options.mail->server = {"127.0.0.1", port_, "box", {}};
    options.mail->password = &password;
    options.mail->from = options.mail->to = "ann@example.com";
    return options;
  }
  /// The next thing that a command wrote.
  std::string heard(std::size_t lines = 1) {
    std::string text;
    char c = 0;
    while (lines > 0 && ::read(heard_.get(), &c, 1) == 1) {
      text += c;
      if (c == '\n') --lines;
    }
    return text;
  }
  void wait_until_kept(std::string_view what) const {
    while (read_file(told()).value_or("").find(what) == std::string::npos) std::this_thread::yield();
  }

  TempDir directory;
  FakeClock clock;
  int port_ = 0;

 private:
  Fd heard_;
  Fd taken_;
};

News sign_in(std::string sentence = "the session has ended") {
  return {News::Kind::SignInNeeded, "ann@example.com", std::move(sentence), "/photos", {}};
}
News trust(std::string sentence = "trust ends in 7 days") {
  return {News::Kind::TrustEnding, "ann@example.com", std::move(sentence), "/photos", {}};
}

TEST_F(ANotifier, TellsAThingOnceHoweverOftenItIsSaid) {
  Notifier notifier{by_command(), clock};
  notifier.tell(sign_in());
  notifier.tell(sign_in("said in other words"));
  EXPECT_EQ(heard(), "sign_in_needed\n");
  notifier.tell(sign_in());
  notifier.tell(trust());
  EXPECT_EQ(heard(), "trust_ending\n");
}

TEST_F(ANotifier, WarnsOfTheEndOfTrustAsOftenAsThereIsAnotherDay) {
  Notifier notifier{by_command("$ICLOUDPHOTOS_MESSAGE"), clock};
  notifier.tell(trust());
  notifier.tell(trust());
  EXPECT_EQ(heard(), "trust ends in 7 days\n");
  notifier.tell(trust("trust ends in 2 days"));
  EXPECT_EQ(heard(), "trust ends in 2 days\n");
}

TEST_F(ANotifier, TellsItAgainWhenItHappensAgain) {
  Notifier notifier{by_command(), clock};
  for (int i = 0; i < 3; ++i) {
    notifier.tell(sign_in());
    EXPECT_EQ(heard(), "sign_in_needed\n");
    notifier.settled();
  }
}

TEST_F(ANotifier, DoesNotRepeatAfterARestartWhatWasTold) {
  {
    Notifier notifier{by_command(), clock};
    notifier.tell(sign_in());
    EXPECT_EQ(heard(), "sign_in_needed\n");
    wait_until_kept("command");
  }
  EXPECT_EQ(std::filesystem::status(told()).permissions(), std::filesystem::perms{0600});
  {
    Notifier notifier{by_command(), clock};
    notifier.tell(sign_in());
    notifier.tell(trust());
    EXPECT_EQ(heard(), "trust_ending\n");
    notifier.settled();
    notifier.tell(sign_in());
    EXPECT_EQ(heard(), "sign_in_needed\n") << "settled is forgotten";
  }
}

TEST_F(ANotifier, KeepsThatItIsSettledThoughItEndsAtOnce) {
  for (int i = 0; i < 5; ++i) {
    Notifier notifier{by_command(), clock};
    notifier.tell(sign_in());
    EXPECT_EQ(heard(), "sign_in_needed\n");
    notifier.settled();
  }
}

TEST_F(ANotifier, TellsWhateverTheFileWithWhatWasToldHolds) {
  for (const auto* text : {"", "{", "[]", R"({"told":{"sign_in_needed":"command"}})", R"({"told":[["command"]]})"}) {
    ASSERT_TRUE(replace_file(told(), text));
    Notifier notifier{by_command(), clock};
    notifier.tell(sign_in());
    EXPECT_EQ(heard(), "sign_in_needed\n") << text;
  }
}

TEST_F(ANotifier, GivesACommandNamesAsTheyAreAndRunsNoneOfThem) {
  const auto trap = (directory / "trap").string();
  const std::string hostile = "$(touch " + trap + ") `touch " + trap + "`; touch " + trap + " \"'\\ %s";
  auto news = sign_in(hostile + "1");
  news.account = hostile + "2";
  news.mount_point = hostile + "3";
  news.sign_in_url = "http://127.0.0.1:1/?a&b=" + hostile;
  Notifier notifier{by_command("$ICLOUDPHOTOS_EVENT\n$ICLOUDPHOTOS_MESSAGE\n$ICLOUDPHOTOS_ACCOUNT\n"
                               "$ICLOUDPHOTOS_MOUNT_POINT\n$ICLOUDPHOTOS_SIGN_IN_URL"),
                    clock};
  notifier.tell(news);
  EXPECT_EQ(heard(5),
            "sign_in_needed\n" + hostile + "1\n" + hostile + "2\n" + hostile + "3\n" + news.sign_in_url + "\n");
  EXPECT_FALSE(std::filesystem::exists(trap));
}

TEST_F(ANotifier, TriesAMailAgainForAWhileOnlyWithGrowingPauses) {
  AskedPassword password;
  const auto began = clock.now();
  Notifier notifier{by_mail(password), clock};
  notifier.tell(sign_in());
  password.wait_for(6);
  EXPECT_EQ(clock.now() - began, 1min + 5min + 30min + 2h + 6h);
}

TEST_F(ANotifier, StopsTryingAMailWhenItIsSettledOrAtItsEnd) {
  AskedPassword password;
  StoppedClock stopped;
  {
    Notifier notifier{by_mail(password), stopped};
    notifier.tell(sign_in());
    stopped.wait_for_sleeper(1);
    notifier.settled();
    notifier.tell(sign_in());  // waits for the thread, which is free now
    stopped.wait_for_sleeper(2);
    notifier.tell(trust());  // other news does as well
    stopped.wait_for_sleeper(3);
  }
  EXPECT_EQ(password.times(), 3);
}

TEST_F(ANotifier, DoesNotTryAgainWhatATryWouldNotMend) {
  AskedPassword password{Error{ErrorKind::Usage, "the password command gave no password"}};
  auto options = by_mail(password);
  options.command = by_command().command;
  StoppedClock stopped;  // a second try would wait for ever
  Notifier notifier{options, stopped};
  notifier.tell(sign_in());
  EXPECT_EQ(heard(), "sign_in_needed\n");
  wait_until_kept("mail");
  EXPECT_EQ(password.times(), 1);
}

TEST_F(ANotifier, SendsAMailThoughItsCommandFails) {
  AskedPassword password;
  auto options = by_mail(password);
  options.command = "exit 1";
  Notifier notifier{options, clock};
  notifier.tell(sign_in());
  password.wait_for(1);
}

TEST_F(ANotifier, CutsACommandShortAtItsEndAndTellsItTheNextTime) {
  {
    auto options = by_command("begun");
    *options.command += "; sleep 1000";
    Notifier notifier{options, clock};
    notifier.tell(sign_in());
    EXPECT_EQ(heard(), "begun\n");
  }
  Notifier notifier{by_command(), clock};
  notifier.tell(sign_in());
  EXPECT_EQ(heard(), "sign_in_needed\n");
}

TEST(TheMailOfNews, SaysWhatHappenedWhereAndWhatToDo) {
  auto news = sign_in();
  news.sign_in_url = "http://127.0.0.1:1234/abc";
  NotifierOptions::MailOptions options;
  options.from = "Box <box@example.com>";
  options.to = "ann@example.com";
  const auto mail = mail_of(news, options, "box");
  EXPECT_EQ(mail.from, options.from);
  EXPECT_EQ(mail.to, options.to);
  EXPECT_EQ(mail.subject, "iCloud Photos: ann@example.com has to sign in again (on box)");
  EXPECT_EQ(mail.text,
            "The session has ended.\n\n"
            "Photos that are on its disk already can still be read there; others cannot, until somebody signs in.\n\n"
            "To sign in, run this on box:\n\n    icloudphotos signin\n\n"
            "Or open this page in a browser on box:\n\n    http://127.0.0.1:1234/abc\n\n"
            "Account:      ann@example.com\nComputer:     box\nMounted at:   /photos\n\n"
            "This is told once. The next mail comes when it happens again.\n");
}

TEST(TheMailOfNews, CanBeSentWhateverADirectoryIsCalled) {
  auto news = sign_in("a\r\nb\xff");
  news.account = "ann\r\nBcc: eve@example.com";
  news.mount_point = "/\xff\n\nAccount: eve";
  const auto mail = mail_of(news, {}, "host\r\n");
  EXPECT_EQ(mail.subject, "iCloud Photos: ann\\x0d\\x0aBcc: eve@example.com has to sign in again (on host\\x0d\\x0a)");
  EXPECT_NE(mail.text.find("A\\x0d\\x0ab?\n"), std::string::npos) << mail.text;
  EXPECT_NE(mail.text.find("Mounted at:   /?\\x0a\\x0aAccount: eve\n"), std::string::npos) << mail.text;
}

}  // namespace
}  // namespace icloudphotos::ui
