// SPDX-License-Identifier: MIT
#include "icloudphotos/ui/control.h"

#include <chrono>
#include <deque>
#include <filesystem>
#include <future>
#include <thread>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "icloudphotos/ui/first_answer.h"

#include "temp_dir.h"
#include "ui/control_channel.h"

namespace icloudphotos::ui {
namespace {

/// Somebody at the command's end.
struct Somebody final : auth::PasswordSource, auth::CodeSource {
  Result<Secret> password(const std::string& account, std::stop_token) override {
    asked_for = account;
    return Secret{"pass word\nwith \"everything\" é"};
  }
  Result<auth::Answer> ask(const auth::Challenge& challenge, std::stop_token) override {
    challenges.push_back(challenge);
    if (answers.empty()) return Error{ErrorKind::Cancelled, "gone"};
    auto answer = answers.front();
    answers.pop_front();
    return answer;
  }
  void tell(const std::string& what_to_do) override { told.push_back(what_to_do); }
  std::string asked_for;
  std::vector<auth::Challenge> challenges;
  std::deque<auth::Answer> answers;
  std::vector<std::string> told;
};

class Control : public testing::Test {
 protected:
  void serve(ControlCalls calls) {
    auto server = ControlServer::start({state_.path(), state_ / "run"}, std::move(calls));
    ASSERT_TRUE(server) << server.error().message();
    server_ = *std::move(server);
  }
  ControlClient client() {
    auto client = ControlClient::connect(state_.path());
    EXPECT_TRUE(client) << client.error().message();
    return *std::move(client);
  }

  TempDir state_;
  std::unique_ptr<ControlServer> server_;
};

TEST_F(Control, CarriesQuestionsToWhoeverSignsInAndAnswersBack) {
  serve({.sign_in = [](auto& passwords, auto& codes, auto stop) -> Result<void> {
    const auto password = TRY(passwords.password("ann@example.com", stop));
    if (password.reveal() != "pass word\nwith \"everything\" é") return Error{ErrorKind::Refused, "another password"};
    auth::Challenge challenge;
    challenge.account = "ann@example.com";
    challenge.phones = {{3, "+1 ••81", true}};
    challenge.last_refusal = "too early";
    const auto wish = TRY(codes.ask(challenge, stop));
    if (wish.kind != auth::Answer::Kind::Call || wish.phone_id != 3) return Error{ErrorKind::Refused, "another wish"};
    codes.tell("tap Allow");
    const auto code = TRY(codes.ask({}, stop));
    if (code.code != Secret{"012345"}) return Error{ErrorKind::Refused, "another code"};
    return {};
  }});
  Somebody ann;
  ann.answers = {{auth::Answer::Kind::Call, {}, 3}, {auth::Answer::Kind::Code, Secret{"012345"}, 0}};
  const auto done = client().sign_in(ann, ann, {});
  EXPECT_TRUE(done) << done.error().message();
  EXPECT_EQ(ann.asked_for, "ann@example.com");
  ASSERT_EQ(ann.challenges.size(), 2u);
  EXPECT_EQ(ann.challenges[0].phones.at(0).number, "+1 ••81");
  EXPECT_TRUE(ann.challenges[0].phones.at(0).voice);
  EXPECT_EQ(ann.challenges[0].last_refusal, "too early");
  EXPECT_FALSE(ann.challenges[1].last_refusal);
  EXPECT_EQ(ann.told, std::vector<std::string>{"tap Allow"});
}

TEST_F(Control, WhoGivesUpEndsTheSignIn) {
  serve({.sign_in = [](auto&, auto& codes, auto stop) -> Result<void> {
    (void)TRY(codes.ask({}, stop));
    return {};
  }});
  Somebody ann;
  const auto done = client().sign_in(ann, ann, {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind(), ErrorKind::Cancelled);
}

TEST_F(Control, AnErrorComesBackAsWhatItWas) {
  serve({.give_code = [](Secret code, auto) -> Result<void> {
    EXPECT_EQ(code, Secret{"123456"});
    return Error{ErrorKind::Throttled, "try again after 15:20"};
  }});
  const auto done = client().give_code(Secret{"123456"}, {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind(), ErrorKind::Throttled);
  EXPECT_EQ(done.error().message(), "try again after 15:20");
}

TEST_F(Control, GivesTheStatusAndWhereTheCacheIs) {
  serve({.sign_out = [](auto) -> Result<std::filesystem::path> { return std::filesystem::path{"/cache/ann"}; },
         .status = [] { return std::string{R"({"signed_in":true})"}; }});
  EXPECT_EQ(client().status({}).value_or("none"), R"({"signed_in":true})");
  EXPECT_EQ(client().sign_out({}).value_or("none"), "/cache/ann");
}

TEST_F(Control, PassesOnHowARefreshIsMeantAndWhatItCameTo) {
  serve({.refresh = [](Refresh wish, auto) -> Result<void> {
    if (wish.wait && !wish.accept) return Error{ErrorKind::Offline, "no connection"};
    return wish.accept && !wish.wait ? Result<void>{} : Error{ErrorKind::Usage, "another wish"};
  }});
  EXPECT_TRUE(client().refresh({.accept = true}, {}));
  const auto waited = client().refresh({.wait = true}, {});
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().kind(), ErrorKind::Offline);
  EXPECT_EQ(waited.error().message(), "no connection");
}

TEST_F(Control, WhoDoesNotWaitForARefreshAnyMoreTakesNobodysPlace) {
  std::promise<void> begun, over;
  serve({.refresh = [&](Refresh, std::stop_token stop) -> Result<void> {
    std::promise<void> stopped;
    const std::stop_callback wake{stop, [&] { stopped.set_value(); }};
    begun.set_value();
    stopped.get_future().wait();
    over.set_value();
    return Error{ErrorKind::Cancelled, "interrupted"};
  }});
  {
    std::stop_source stop;
    std::jthread impatient{[&] { EXPECT_FALSE(client().refresh({.wait = true}, stop.get_token())); }};
    begun.get_future().wait();
    stop.request_stop();
  }
  EXPECT_EQ(over.get_future().wait_for(std::chrono::minutes{1}), std::future_status::ready);
}

TEST_F(Control, WhoWaitsForARefreshIsToldThatTheMountEnded) {
  std::promise<void> begun;
  serve({.refresh = [&](Refresh, std::stop_token stop) -> Result<void> {
    std::promise<void> stopped;
    const std::stop_callback wake{stop, [&] { stopped.set_value(); }};
    begun.set_value();
    stopped.get_future().wait();
    return Error{ErrorKind::Cancelled, "interrupted"};
  }});
  std::jthread ender{[&] {
    begun.get_future().wait();
    server_.reset();
  }};
  const auto waited = client().refresh({.wait = true}, {});
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().message(), "the mount ended meanwhile");
}

TEST_F(Control, FindingsInALargeLibraryComeOverWhole) {
  std::string findings = "[\"";
  findings.append(std::size_t{2} << 20, 'x');
  findings += "\"]";
  serve({.status = [] { return std::string{"{}"}; }, .examine = [&]() -> Result<std::string> { return findings; }});
  const auto got = client().examine({});
  ASSERT_TRUE(got) << got.error().message();
  EXPECT_EQ(got->size(), findings.size());
  EXPECT_TRUE(*got == findings);
}

TEST_F(Control, ALineWithoutEndIsNotTaken) {
  serve({.status = [] { return std::string{"{}"}; }});
  const auto socket = connect_to(state_ / "control.sock");
  ASSERT_TRUE(socket);
  Channel channel{*socket};
  // Hung up on while it speaks, or after.
  const auto sent = channel.send(std::string(2 * Channel::kLongestCall, 'x'));
  EXPECT_FALSE(sent && channel.receive({}));
}

TEST_F(Control, NobodyListensBeforeAndAfter) {
  EXPECT_EQ(ControlClient::connect(state_.path()).error().kind(), ErrorKind::NotFound);
  serve({.status = [] { return std::string{"{}"}; }});
  server_.reset();
  EXPECT_EQ(ControlClient::connect(state_.path()).error().kind(), ErrorKind::NotFound);
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::symlink_status(state_ / "control.sock")));
}

TEST_F(Control, WhatADeadMountLeftBehindIsNoObstacle) {
  std::filesystem::create_symlink("/nowhere", state_ / "control.sock");
  serve({.status = [] { return std::string{"{}"}; }});
  EXPECT_EQ(client().status({}).value_or("none"), "{}");
}

TEST_F(Control, IsForItsOwnerOnly) {
  serve({.status = [] { return std::string{"{}"}; }});
  struct stat status {};
  ASSERT_EQ(::stat((state_ / "control.sock").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(Control, APathOfAnyLengthWillDo) {
  auto deep = state_.path();
  for (int i = 0; i < 10; ++i) deep /= std::string(40, 'x');
  std::filesystem::create_directories(deep);
  std::filesystem::permissions(deep, std::filesystem::perms::owner_all);
  auto server = ControlServer::start({deep, deep / "run"}, {.status = [] { return std::string{"{}"}; }});
  ASSERT_TRUE(server) << server.error().message();
  EXPECT_TRUE(ControlClient::connect(deep));
}

TEST_F(Control, EndingTheServerEndsAQuestionThatIsOpen) {
  serve({.sign_in = [](auto&, auto& codes, auto stop) -> Result<void> {
    (void)TRY(codes.ask({}, stop));
    return {};
  }});
  /// Does not answer before the mount has gone.
  struct Slow final : auth::PasswordSource, auth::CodeSource {
    Result<Secret> password(const std::string&, std::stop_token) override { return Secret{}; }
    Result<auth::Answer> ask(const auth::Challenge&, std::stop_token) override {
      asked.set_value();
      gone.get_future().wait();
      return auth::Answer{};
    }
    std::promise<void> asked, gone;
  } slow;
  auto connection = client();
  std::jthread ender{[&] {
    slow.asked.get_future().wait();
    server_.reset();
    slow.gone.set_value();
  }};
  EXPECT_FALSE(connection.sign_in(slow, slow, {}));
}

TEST_F(Control, NonsenseGetsNoAnswerAndDoesNoHarm) {
  serve({.status = [] { return std::string{"{}"}; }});
  for (const std::string nonsense : {"", "{}", "not json", "[1]", R"({"call":7})"}) {
    const auto socket = connect_to(state_ / "control.sock");
    ASSERT_TRUE(socket);
    Channel channel{*socket};
    ASSERT_TRUE(channel.send(nonsense));
    const auto reply = channel.receive({});
    EXPECT_TRUE(!reply || reply->find("error") != std::string::npos) << nonsense;
  }
  EXPECT_EQ(client().status({}).value_or("none"), "{}");
}

/// Asked, it waits until told to stop.
struct Patient final : auth::CodeSource {
  Result<auth::Answer> ask(const auth::Challenge&, std::stop_token stop) override {
    std::promise<void> stopped;
    const std::stop_callback wake{stop, [&] { stopped.set_value(); }};
    asked.set_value();
    stopped.get_future().wait();
    return Error{ErrorKind::Cancelled, "interrupted"};
  }
  std::promise<void> asked;
};

TEST(FirstAnswer, IsTheCodeThatComesInFromElsewhere) {
  CodeInbox inbox;
  Patient terminal;
  FirstAnswer codes{inbox, terminal};
  EXPECT_EQ(inbox.give(Secret{"111111"}).error().kind(), ErrorKind::NotFound);
  std::jthread elsewhere{[&] {
    terminal.asked.get_future().wait();
    EXPECT_TRUE(inbox.give(Secret{"123456"}));
  }};
  const auto answer = codes.ask({}, {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->code, Secret{"123456"});
}

TEST(FirstAnswer, BeingToldToStopIsNoAnswer) {
  CodeInbox inbox;
  Patient terminal;
  FirstAnswer codes{inbox, terminal};
  std::stop_source stop;
  std::jthread elsewhere{[&] {
    terminal.asked.get_future().wait();
    stop.request_stop();
  }};
  EXPECT_EQ(codes.ask({}, stop.get_token()).error().kind(), ErrorKind::Cancelled);
}

}  // namespace
}  // namespace icloudphotos::ui
