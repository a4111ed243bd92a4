// SPDX-License-Identifier: MIT
#include "icloudphotos/auth/password_source.h"

#include <array>
#include <fstream>
#include <stop_token>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "temp_dir.h"

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;

constexpr const char* kAccount = "ann@example.com";

Result<Secret> ask(PasswordSource& source, std::stop_token stop = {}) {
  return source.password(kAccount, std::move(stop));
}
std::string given(PasswordSource& source) {
  const auto password = ask(source);
  return password ? std::string{password->reveal()} : "error: " + password.error().message();
}
std::string printed_by(std::string command) { return given(*make_password_command(std::move(command))); }

class PasswordFile : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& text, mode_t mode = 0600) {
    const auto path = directory / "password";
    std::ofstream{path} << text;
    ::chmod(path.c_str(), mode);
    return path;
  }
  TempDir directory;
};

TEST_F(PasswordFile, GivesItsFirstLine) {
  EXPECT_EQ(given(*make_password_file(write("secret\n"))), "secret");
  EXPECT_EQ(given(*make_password_file(write("secret"))), "secret");
  EXPECT_EQ(given(*make_password_file(write("secret\r\nuser: ann\n"))), "secret");
  EXPECT_EQ(given(*make_password_file(write(" blanks count \n"))), " blanks count ");
}

TEST_F(PasswordFile, ThatOthersMayReadIsRefused) {
  for (const mode_t mode : {0644U, 0640U, 0604U}) {
    const auto password = ask(*make_password_file(write("secret\n", mode)));
    ASSERT_FALSE(password);
    EXPECT_EQ(password.error().kind(), ErrorKind::Usage);
    EXPECT_NE(password.error().message().find("chmod it 600"), std::string::npos);
  }
}

TEST_F(PasswordFile, EmptyOrMissingIsSaid) {
  EXPECT_EQ(ask(*make_password_file(write("\n"))).error().kind(), ErrorKind::Usage);
  EXPECT_EQ(ask(*make_password_file(directory / "none")).error().kind(), ErrorKind::Usage);
  EXPECT_EQ(ask(*make_password_file(directory.path())).error().kind(), ErrorKind::Usage);
}

TEST_F(PasswordFile, MayBeALinkAsSecretsOftenAre) {
  write("secret\n");
  std::filesystem::create_symlink("password", directory / "link");
  EXPECT_EQ(given(*make_password_file(directory / "link")), "secret");
}

TEST_F(PasswordFile, KnowsWhetherItWasChanged) {
  const auto source = make_password_file(write("secret\n"));
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  EXPECT_TRUE(source->unchanged_since(now + 1h));
  EXPECT_FALSE(source->unchanged_since(now - 1h));
}

TEST_F(PasswordFile, MayBeAPipeFromTheShell) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const Fd reading{ends[0]};
  Fd writing{ends[1]};
  ASSERT_EQ(::write(writing.get(), "secret\nmore", 11), 11);
  writing.reset(-1);
  const auto source = make_password_file("/dev/fd/" + std::to_string(reading.get()));
  EXPECT_EQ(given(*source), "secret");
  EXPECT_EQ(given(*source), "secret") << "a pipe gives it once";
  EXPECT_TRUE(source->unchanged_since({}));
}

TEST_F(PasswordFile, APipeThatOthersMayReadOrThatStaysEmptyIsRefused) {
  const auto pipe = directory / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const auto silent = ask(*make_password_file(pipe, 100ms));
  ASSERT_FALSE(silent);
  EXPECT_NE(silent.error().message().find("in time"), std::string::npos) << silent.error().message();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(ask(*make_password_file(pipe), stop.get_token()).error().kind(), ErrorKind::Cancelled);
  ::chmod(pipe.c_str(), 0644);
  EXPECT_NE(ask(*make_password_file(pipe)).error().message().find("chmod"), std::string::npos);
}

/// A service of systemd's, as far as its environment goes.
class PasswordCredential : public PasswordFile {
 protected:
  void SetUp() override { ::setenv("CREDENTIALS_DIRECTORY", directory.path().c_str(), 1); }
  void TearDown() override { ::unsetenv("CREDENTIALS_DIRECTORY"); }
  void store(const std::string& text, mode_t mode) {
    std::filesystem::rename(write(text, mode), directory / "icloudphotos-password");
  }
};

TEST_F(PasswordCredential, IsTheFirstLineOfItsFile) {
  store("secret\n", 0440);  // an access list for the service's user looks like this
  const auto source = make_password_credential();
  EXPECT_EQ(given(*source), "secret");
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  EXPECT_TRUE(source->unchanged_since(now + 1h));
  EXPECT_FALSE(source->unchanged_since(now - 1h));
}

TEST_F(PasswordCredential, ThatIsMissingIsNoError) {
  EXPECT_EQ(ask(*make_password_credential()).error().kind(), ErrorKind::NeedsSignIn);
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_EQ(ask(*make_password_credential()).error().kind(), ErrorKind::NeedsSignIn);
}

TEST_F(PasswordCredential, ThatIsEmptyIsSaid) {
  store("\n", 0400);
  EXPECT_EQ(ask(*make_password_credential()).error().kind(), ErrorKind::Usage);
}

/// The end of a pipe with `text` in it.
Fd piped(std::string_view text) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const Fd writing{ends[1]};
  EXPECT_EQ(::write(writing.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  return Fd{ends[0]};
}

TEST(PasswordOnStandardInput, IsItsFirstLineAndTheRestIsLeft) {
  Fd input = piped("secret\nfor somebody else");
  const Fd copy{::dup(input.get())};
  const auto source = make_password_stdin(std::move(input));
  EXPECT_EQ(given(*source), "secret");
  EXPECT_EQ(given(*source), "secret") << "it is read once";
  EXPECT_TRUE(source->unchanged_since({})) << "refused once, it is not tried again unattended";
  std::array<char, 32> rest{};
  EXPECT_EQ(::read(copy.get(), rest.data(), rest.size()), 17);
}

TEST(PasswordOnStandardInput, ThatIsMissingOrEndlessIsSaid) {
  for (const auto& text : {std::string{}, std::string{"\n"}, std::string(65'536, 'x')}) {
    EXPECT_EQ(ask(*make_password_stdin(piped(text))).error().kind(), ErrorKind::Usage);
  }
}

TEST(PasswordOnStandardInput, IsNotReadFromATerminal) {
  Fd terminal{::posix_openpt(O_RDWR | O_NOCTTY)};
  ASSERT_TRUE(terminal);
  EXPECT_NE(ask(*make_password_stdin(std::move(terminal))).error().message().find("terminal"), std::string::npos);
}

TEST(PasswordCommand, GivesTheFirstLineItPrints) {
  EXPECT_EQ(printed_by("echo secret"), "secret");
  EXPECT_EQ(printed_by("printf 'sec ret'"), "sec ret");
  EXPECT_EQ(printed_by("printf 'secret\\nurl: x\\n'"), "secret");
  EXPECT_EQ(printed_by("cat; echo secret"), "secret") << "its standard input is empty";
}

TEST(PasswordCommand, ThatFailsGivesNothing) {
  for (const auto* command : {"echo secret; exit 1", "true", "echo", "no-such-program 2>/dev/null", "kill -9 $$"}) {
    const auto source = make_password_command(command);
    const auto password = ask(*source);
    ASSERT_FALSE(password) << command;
    EXPECT_EQ(password.error().kind(), ErrorKind::Usage);
    EXPECT_EQ(password.error().message().find("secret"), std::string::npos);
  }
}

TEST(PasswordCommand, ThatNeverStopsPrintingIsStopped) {
  const auto password = ask(*make_password_command("exec yes secret"));
  ASSERT_FALSE(password);
  EXPECT_NE(password.error().message().find("64 KiB"), std::string::npos);
}

TEST(PasswordCommand, ThatDoesNotEndIsGivenUp) {
  const auto password = ask(*make_password_command("echo secret; sleep 1000", 300ms));
  ASSERT_FALSE(password);
  EXPECT_NE(password.error().message().find("did not end"), std::string::npos);
}

TEST(PasswordCommand, IsInterrupted) {
  std::stop_source stop;
  stop.request_stop();
  const auto password = ask(*make_password_command("sleep 1000"), stop.get_token());
  ASSERT_FALSE(password);
  EXPECT_EQ(password.error().kind(), ErrorKind::Cancelled);
}

struct Fixed final : PasswordSource {
  explicit Fixed(Result<Secret> result, bool same = false) : answer{std::move(result)}, unchanged{same} {}
  Result<Secret> password(const std::string&, std::stop_token) override { return answer; }
  bool unchanged_since(TimePoint) const override { return unchanged; }
  void worked(const std::string& account, const Secret& password) override {
    if (kept) *kept += account + "=" + std::string{password.reveal()} + ";";
  }
  Result<Secret> answer;
  bool unchanged;
  std::string* kept = nullptr;
};

std::unique_ptr<PasswordSource> chain(std::unique_ptr<PasswordSource> first, std::unique_ptr<PasswordSource> second) {
  std::vector<std::unique_ptr<PasswordSource>> sources;
  sources.push_back(std::move(first));
  sources.push_back(std::move(second));
  return make_password_chain(std::move(sources));
}

TEST(PasswordChain, AsksTheNextOnlyWhenOneHasNone) {
  const Error none{ErrorKind::NeedsSignIn, "none"};
  const Error broken{ErrorKind::Usage, "broken"};
  const auto asked_both = chain(std::make_unique<Fixed>(none), std::make_unique<Fixed>(Secret{"b"}, true));
  EXPECT_EQ(given(*asked_both), "b");
  EXPECT_TRUE(asked_both->unchanged_since({})) << "as the one that answered says";
  EXPECT_EQ(given(*chain(std::make_unique<Fixed>(Secret{"a"}), std::make_unique<Fixed>(Secret{"b"}))), "a");
  EXPECT_EQ(given(*chain(std::make_unique<Fixed>(broken), std::make_unique<Fixed>(Secret{"b"}))), "error: broken");
  const auto nothing = chain(std::make_unique<Fixed>(none), std::make_unique<Fixed>(none));
  EXPECT_EQ(ask(*nothing).error().kind(), ErrorKind::NeedsSignIn);
  EXPECT_FALSE(nothing->unchanged_since({}));
}

TEST(PasswordChain, TellsAllOfThemWhatWorked) {
  std::string kept;
  auto first = std::make_unique<Fixed>(Secret{"a"}), second = std::make_unique<Fixed>(Secret{"b"});
  first->kept = second->kept = &kept;
  const auto both = chain(std::move(first), std::move(second));
  ASSERT_EQ(given(*both), "a");
  both->worked(kAccount, Secret{"a"});
  EXPECT_EQ(kept, "ann@example.com=a;ann@example.com=a;");
}

}  // namespace
}  // namespace icloudphotos::auth
