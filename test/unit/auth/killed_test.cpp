// SPDX-License-Identifier: MIT
// Killed at any moment of a sign-in and started again, against the pretend iCloud and one that a test knows by heart.
#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "icloudphotos/auth/session.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/demo/service.h"
#include "icloudphotos/net/http.h"

#include "pretend_apple.h"

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;

/// When the program is killed.
enum class Moment { BeforeARequest, BeforeAnAnswer };

/// A network whose user is killed after so many requests. What was on disk then is put aside, because nothing that the
/// dying one still does may count.
class Mortal final : public net::Http {
 public:
  Mortal(net::Http& http, Moment moment, std::filesystem::path state)
      : http_{http}, moment_{moment}, state_{std::move(state)} {}

  void live_for(std::size_t requests) {
    left_ = requests;
    killed_ = false;
    answered_.clear();
  }
  [[nodiscard]] bool was_killed() const { return killed_; }
  [[nodiscard]] bool was_answered(std::string_view what) const {
    return std::any_of(answered_.begin(), answered_.end(), [&](const auto& each) { return each.ends_with(what); });
  }
  /// The disk as the killed one left it.
  void bury() const {
    std::filesystem::remove(state_ / "session.json");
    if (std::filesystem::exists(grave())) std::filesystem::rename(grave(), state_ / "session.json");
  }

  Result<net::Response> send(const net::Request& request, std::stop_token stop) override {
    if (killed_) return dead();
    const auto path = net::parse_url(request.url)->path;
    const auto call = request.method + " " + path.substr(0, path.find('?'));
    if (left_ == 0) {
      die();
      if (moment_ == Moment::BeforeAnAnswer) (void)http_.send(request, stop);
      return dead();
    }
    --left_;
    auto response = http_.send(request, stop);
    answered_.push_back(call);
    return response;
  }
  Result<net::ResponseHead> send(const net::Request&, net::BodySink&, std::stop_token) override { return dead(); }

 private:
  static Error dead() { return {ErrorKind::Cancelled, "killed"}; }
  [[nodiscard]] std::filesystem::path grave() const { return state_ / "buried"; }
  void die() {
    killed_ = true;
    std::filesystem::remove(grave());
    if (std::filesystem::exists(state_ / "session.json")) std::filesystem::copy_file(state_ / "session.json", grave());
  }

  net::Http& http_;
  const Moment moment_;
  const std::filesystem::path state_;
  std::size_t left_ = 0;
  bool killed_ = false;
  std::vector<std::string> answered_;
};

/// A person who does what they are asked, and no more.
struct Willing final : CodeSource {
  explicit Willing(std::function<std::string()> phone) : look_at_phone{std::move(phone)} {}
  Result<Answer> ask(const Challenge& challenge, std::stop_token) override {
    ++asked;
    if (!challenge.has_devices && !challenge.sent_to_phone)
      return Answer{Answer::Kind::SendSms, {}, challenge.phones.at(0).id};
    ++typed;
    return Answer{Answer::Kind::Code, Secret{look_at_phone()}, 0};
  }
  std::function<std::string()> look_at_phone;
  int asked = 0;
  int typed = 0;
};

/// One sign-in, killed and taken up again.
struct Story {
  net::Http& http;
  Clock& clock;
  SessionOptions options;
  std::function<std::string()> phone;
  FixedPassword passwords{};

  [[nodiscard]] Result<void> sign_in(net::Http& by, CodeSource& person) {
    auto session = Session::open(by, clock, options);
    if (!session) return session.error();
    return (*session)->sign_in(passwords, person, {});
  }
};

struct Counters {
  std::int64_t passwords = 0;
  std::int64_t codes = 0;
};

class Killed : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    auto curl = net::make_curl_http({});
    ASSERT_TRUE(curl);
    http = *std::move(curl);
  }
  void start_service() {
    demo::ServiceOptions options;
    options.quirks = GetParam();
    options.clock = &clock;
    auto started = demo::Service::start(options);
    ASSERT_TRUE(started) << started.error().message();
    service = *std::move(started);
  }
  [[nodiscard]] Story story(const TempDir& directory) {
    SessionOptions options{"demo@example.com", directory.path(), {}, {}};
    options.endpoints.identity_url = service->identity_url();
    options.endpoints.setup_url = service->setup_url();
    Story story{*http, clock, std::move(options), [this] {
                  auto code = service->shown_code();
                  // Not asked for over the network: the settings of a device show one.
                  if (code.empty()) (void)service->control("code/generate");
                  return code.empty() ? service->shown_code() : code;
                }};
    story.passwords.text = "demo-Password-1";
    return story;
  }
  [[nodiscard]] Counters counters() const {
    const auto text = service->control("counters");
    if (!text) return {};
    const auto document = JsonDocument::parse(*text);
    return {(*document)["password_attempts"].integer().value_or(-1), (*document)["codes_sent"].integer().value_or(-1)};
  }
  [[nodiscard]] std::size_t requests() const {
    const auto document = JsonDocument::parse(*service->control("counters"));
    return (*document)["order"].size();
  }

  FakeClock clock;
  std::unique_ptr<net::Http> http;
  std::unique_ptr<demo::Service> service;
};

TEST_P(Killed, BetweenAnyTwoRequestsItNeedsNoMoreThanTheNextAnswer) {
  for (std::size_t requests = 0;; ++requests) {
    SCOPED_TRACE(requests);
    start_service();
    const TempDir directory;
    auto story = this->story(directory);
    Mortal mortal{story.http, Moment::BeforeARequest, directory.path()};
    mortal.live_for(requests);
    Willing first{story.phone};
    const auto begun = story.sign_in(mortal, first);
    if (!mortal.was_killed()) {
      EXPECT_TRUE(begun) << begun.error().message();
      EXPECT_GT(requests, 2U);
      break;
    }
    mortal.bury();

    const int given = std::exchange(story.passwords.asked, 0);
    Willing second{story.phone};
    const auto done = story.sign_in(story.http, second);
    ASSERT_TRUE(done) << done.error().message();
    if (mortal.was_answered("/signin/complete") &&
        std::string_view{GetParam()}.find("no-two-factor") == std::string_view::npos) {
      EXPECT_EQ(story.passwords.asked, 0);
    }
    if (mortal.was_answered("POST /appleauth/auth/verify/trusteddevice/securitycode") ||
        mortal.was_answered("POST /appleauth/auth/verify/phone/securitycode")) {
      EXPECT_EQ(second.asked, 0);
    }
    EXPECT_LE(second.typed, 1);
    EXPECT_LE(counters().passwords, given + story.passwords.asked);
    EXPECT_LE(counters().codes, 1);
  }
}

TEST_P(Killed, WhileAnAnswerIsOnItsWayItTriesNoPasswordTwice) {
  for (std::size_t requests = 0;; ++requests) {
    SCOPED_TRACE(requests);
    start_service();
    const TempDir directory;
    auto story = this->story(directory);
    Mortal mortal{story.http, Moment::BeforeAnAnswer, directory.path()};
    mortal.live_for(requests);
    Willing first{story.phone};
    (void)story.sign_in(mortal, first);
    if (!mortal.was_killed()) break;
    mortal.bury();
    Willing second{story.phone};
    const auto done = story.sign_in(story.http, second);
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_LE(counters().passwords, story.passwords.asked);
    // The context went with the answer that was lost, and the code with the context.
    EXPECT_LE(counters().codes, 2);
  }
}

TEST_P(Killed, AHundredRestartsAfterA503AskNothingUntilThePauseIsOver) {
  start_service();
  const TempDir directory;
  auto story = this->story(directory);
  ASSERT_TRUE(service->control(
      "faults",
      R"({"match":"/signin/init","action":"status","status":503,"body":"Service Temporary Unavailable","times":1})"));
  Willing person{story.phone};
  EXPECT_FALSE(story.sign_in(story.http, person));
  const auto before = requests();
  for (int restart = 0; restart < 100; ++restart) {
    const auto refused = story.sign_in(story.http, person);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind(), ErrorKind::Throttled);
    clock.advance(8s);
  }
  EXPECT_EQ(requests(), before);
  clock.advance(2min);
  const auto done = story.sign_in(story.http, person);
  EXPECT_TRUE(done) << done.error().message();
}

INSTANTIATE_TEST_SUITE_P(Accounts, Killed,
                         testing::Values(R"({"account":"two-factor"})", R"({"account":"phone-only"})",
                                         R"({"account":"no-two-factor"})", R"({"account":"advanced-protection"})",
                                         R"({"code_answer":"409-token"})", R"({"code_answer":"412"})"));

/// The same against answers that a test wrote.
class KilledByHeart : public SessionTest {
 protected:
  KilledByHeart() {
    http.otherwise([this](const net::Request& request) -> Result<net::Response> {
      const auto asks = [&](std::string_view method, std::string_view path) {
        const auto url = request.url.substr(0, request.url.find('?'));
        return request.method == method && url.ends_with(path);
      };
      if (asks("POST", "/signin/init")) return init_answer();
      if (asks("POST", "/signin/complete")) {
        ++completions;
        return answer(409, "{}", tokens("token-after-password"));
      }
      if (asks("GET", "/appleauth/auth")) return factor_options();
      if (asks("PUT", "/verify/trusteddevice/securitycode")) {
        ++pushes;
        return answer(202, "{}");
      }
      if (asks("POST", "/verify/trusteddevice/securitycode")) return answer(204, "", tokens("token-after-code"));
      if (asks("GET", "/2sv/trust")) return trust_answer();
      return trusted_account();
    });
  }
  int completions = 0;
  int pushes = 0;
};

TEST_F(KilledByHeart, BetweenAnyTwoRequestsItNeedsNoMoreThanTheNextAnswer) {
  for (std::size_t requests = 0;; ++requests) {
    SCOPED_TRACE(requests);
    completions = pushes = 0;
    const TempDir home;
    Story story{http, clock, {"ann@example.com", home.path(), {}, {}}, [] { return std::string{"012345"}; }};
    Mortal mortal{http, Moment::BeforeARequest, home.path()};
    mortal.live_for(requests);
    Willing first{story.phone};
    (void)story.sign_in(mortal, first);
    if (!mortal.was_killed()) break;
    mortal.bury();
    const int given = std::exchange(story.passwords.asked, 0);
    Willing second{story.phone};
    const auto done = story.sign_in(http, second);
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_EQ(story.passwords.asked, mortal.was_answered("/signin/complete") ? 0 : 1);
    EXPECT_EQ(second.asked, mortal.was_answered("POST /appleauth/auth/verify/trusteddevice/securitycode") ? 0 : 1);
    EXPECT_LE(completions, given + story.passwords.asked);
    EXPECT_EQ(completions, 1);
    EXPECT_EQ(pushes, 1);
  }
}

}  // namespace
}  // namespace icloudphotos::auth
