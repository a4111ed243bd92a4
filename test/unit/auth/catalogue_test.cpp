// SPDX-License-Identifier: MIT
// The error catalogue, protocol/authentication.md 8, and every recorded answer that concerns signing in: what a person is
// told, whether it is tried again, and what it costs the account.
#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "pretend_apple.h"

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;
using Answers = std::vector<Result<net::Response>>;

constexpr const char* kInit = "POST /signin/init";
constexpr const char* kComplete = "POST /signin/complete";
constexpr const char* kRepair = "POST /repair/complete";
constexpr const char* kOptions = "GET /appleauth/auth";
constexpr const char* kPush = "PUT /verify/trusteddevice/securitycode";
constexpr const char* kCode = "POST /verify/trusteddevice/securitycode";
constexpr const char* kSms = "PUT /verify/phone";
constexpr const char* kSmsCode = "POST /verify/phone/securitycode";
constexpr const char* kTrust = "GET /2sv/trust";
constexpr const char* kLogin = "POST /accountLogin";
constexpr const char* kValidate = "POST /validate";
constexpr const char* kAccess = "POST /requestWebAccessState";
constexpr const char* kAsk = "POST /enableDeviceConsentForPCS";
constexpr const char* kKeys = "POST /requestPCS";
constexpr const char* kPhotos = "POST /zones/list";
constexpr const char* kPath = "/database/1/com.apple.photos.cloud/production/private/zones/list";

net::Response file(const char* name) { return recorded(name).response; }

net::Response code(const char* number, int status, const char* message = "Apple's own words.") {
  return answer(status, std::string{R"({"serviceErrors":[{"code":")"} + number + R"(","message":")" + message +
                            R"(","suppressDismissal":false}]})");
}
net::Response behind(int status) { return answer(200, "{}", {{"X-Apple-I-Rscd", std::to_string(status)}}); }
Error offline() { return {ErrorKind::Offline, "no such host"}; }
net::Response account(const std::string& members) {
  return answer(200, R"({"dsInfo":{"dsid":"1","hsaVersion":2},"hsaTrustedBrowser":true,)" + members + "}");
}

/// Answers every call the way Apple does when all is well, except where a row of the catalogue says otherwise. A call
/// that got all of its answers gets the last one for ever.
class Apple {
 public:
  void answers(const char* call, Answers answers) { special_[call] = {answers.begin(), answers.end()}; }
  Result<net::Response> operator()(const net::Request& request) {
    const auto path = request.url.substr(0, request.url.find('?'));
    const auto call = call_of(request.method, path);
    ++counts_[call];
    if (call == kComplete) ++proofs_;
    const auto special = special_.find(call);
    auto given = special == special_.end() ? usual(call) : next(special->second);
    // Without having understood the question, Apple counts no attempt.
    if (call == kComplete && given && given->status == 400) --proofs_;
    return given;
  }
  [[nodiscard]] int count(const std::string& call) const {
    const auto found = counts_.find(call);
    return found == counts_.end() ? 0 : found->second;
  }
  /// Passwords that Apple may hold against the account.
  [[nodiscard]] int passwords() const { return proofs_; }
  [[nodiscard]] int codes() const { return count(kPush) + count(kSms); }
  [[nodiscard]] int all() const {
    int sum = 0;
    for (const auto& [call, times] : counts_) sum += times;
    return sum;
  }
  void forget() {
    counts_.clear();
    proofs_ = 0;
  }

 private:
  static std::string call_of(const std::string& method, std::string_view path) {
    for (const auto* call : {kInit, kComplete, kRepair, kOptions, kPush, kCode, kSmsCode, kSms, kTrust, kLogin,
                             kValidate, kAccess, kAsk, kKeys, kPhotos}) {
      const std::string_view known{call};
      const auto space = known.find(' ');
      if (method == known.substr(0, space) && path.ends_with(known.substr(space + 1))) return call;
    }
    return method + " " + std::string{path};
  }
  static Result<net::Response> next(std::deque<Result<net::Response>>& answers) {
    auto given = answers.front();
    // Init is repeated freely when its numbers cannot be used, so what it said last stays the same.
    if (answers.size() > 1) answers.pop_front();
    return given;
  }
  static Result<net::Response> usual(std::string_view call) {
    if (call == kInit) return init_answer();
    if (call == kComplete) return answer(409, R"({"authType":"hsa2"})", tokens("token-after-password"));
    if (call == kOptions) return factor_options();
    if (call == kPush) return answer(202, "{}");
    if (call == kSms) return answer(200, R"({"mode":"sms"})");
    if (call == kCode || call == kSmsCode) return answer(204, "", tokens("token-after-code"));
    if (call == kTrust) return trust_answer();
    if (call == kRepair) return answer(200, "", tokens("token-after-repair"));
    if (call == kLogin) return trusted_account();
    if (call == kValidate) return file("auth/validate-200.json");
    if (call == kAccess) return answer(200, R"({"isWebAccessAllowed":true})");
    if (call == kAsk) return answer(200, R"({"isDeviceConsentNotificationSent":true})");
    if (call == kPhotos) return answer(200, "{}");
    ADD_FAILURE() << "unexpected: " << call;
    return Error{ErrorKind::Usage, "not in the catalogue"};
  }

  std::map<std::string, std::deque<Result<net::Response>>> special_;
  std::map<std::string, int> counts_;
  int proofs_ = 0;
};

net::Response locked_photos() {
  return answer(423, R"({"errorReason":"Missing PCS cookies from the request","errorCode":423})");
}

struct Row {
  const char* what;
  std::vector<std::pair<const char*, Answers>> answers;
  std::optional<ErrorKind> kind;  ///< None: it ends well.
  std::string_view told;          ///< A part of the last sentence the person sees; empty: nothing.
  const char* call;               ///< Which call the row is about,
  int times;                      ///< and how often it is made: more than once is a retry.

  friend void PrintTo(const Row& row, std::ostream* out) { *out << row.what; }
};

constexpr auto kWell = std::nullopt;

std::vector<Row> rows() {
  const auto locked = answer(409, R"({"securityCode":{"valid":false,"securityCodeLocked":true}})");
  const auto valid = R"({"securityCode":{"valid":true}})";
  std::vector<Row> all{
      // complete
      {"wrong password",
       {{kComplete, {file("auth/signin-complete-401.json")}}},
       ErrorKind::Refused,
       "password was not accepted; check both",
       kComplete,
       1},
      {"-20283", {{kComplete, {code("-20283", 401)}}}, ErrorKind::Refused, "Apple's own words.", kComplete, 1},
      {"-20283 as 400", {{kComplete, {code("-20283", 400)}}}, ErrorKind::Refused, "not accepted", kComplete, 1},
      {"locked account", {{kComplete, {code("-20209", 403)}}}, ErrorKind::Refused, "iforgot.apple.com", kComplete, 1},
      {"403 without a code",
       {{kComplete, {answer(403)}}},
       ErrorKind::Refused,
       "wait a quarter of an hour",
       kComplete,
       1},
      {"409", {}, kWell, "", kCode, 1},
      {"412, no second factor",
       {{kComplete, {file("auth/signin-complete-412.json")}},
        {kRepair, {file("auth/repair-complete-200.json")}},
        {kLogin, {file("auth/account-login-200-non-2fa.json")}}},
       kWell,
       "",
       kRepair,
       1},
      {"412, for the person to repair",
       {{kComplete, {answer(412, "{}", tokens("t"))}}, {kLogin, {answer(421)}}},
       ErrorKind::Refused,
       "account.apple.com",
       kRepair,
       1},
      {"412, and the repair refused",
       {{kComplete, {answer(412)}}, {kRepair, {answer(403)}}},
       ErrorKind::Refused,
       "account.apple.com",
       kRepair,
       1},
      {"200", {{kComplete, {file("auth/signin-complete-200-hsa2.json")}}}, kWell, "", kCode, 0},
      {"200 without a session",
       {{kComplete, {answer(200, "{}")}}},
       ErrorKind::Protocol,
       "account.apple.com",
       kLogin,
       0},
      {"complete runs out", {{kComplete, {code("-1", 400), answer(409, "{}", tokens("t"))}}}, kWell, "", kComplete, 2},
      {"complete never understood",
       {{kComplete, {code("-1", 400)}}},
       ErrorKind::Protocol,
       "Apple's own words.",
       kComplete,
       2},
      {"complete busy", {{kComplete, {answer(503)}}}, ErrorKind::Throttled, "try again after", kComplete, 1},
      {"complete offline", {{kComplete, {offline()}}}, ErrorKind::Offline, "no such host", kComplete, 1},
      // init
      {"stale context", {{kInit, {answer(401), init_answer()}}}, kWell, "", kInit, 2},
      {"always stale", {{kInit, {answer(401)}}}, ErrorKind::Protocol, "401", kInit, 2},
      {"init malformed", {{kInit, {answer(400)}}}, ErrorKind::Protocol, "400", kInit, 2},
      {"init refused", {{kInit, {answer(403)}}}, ErrorKind::Refused, "wait a quarter of an hour", kInit, 1},
      {"init offline", {{kInit, {offline()}}}, ErrorKind::Offline, "no such host", kInit, 1},
      {"init recorded", {{kInit, {file("auth/signin-init-200.json")}}}, kWell, "", kCode, 1},
      // any identity call
      {"503", {{kInit, {file("auth/signin-init-503.json")}}}, ErrorKind::Throttled, "try again after", kInit, 1},
      {"502", {{kInit, {answer(502, "<html>")}}}, ErrorKind::Throttled, "try again after", kInit, 1},
      {"429", {{kInit, {answer(429)}}}, ErrorKind::Throttled, "try again after", kInit, 1},
      {"options busy", {{kOptions, {answer(503)}}}, ErrorKind::Throttled, "try again after", kOptions, 1},
      {"push busy", {{kPush, {answer(429)}}}, ErrorKind::Throttled, "try again after", kPush, 1},
      {"code busy", {{kCode, {answer(503)}}}, ErrorKind::Throttled, "try again after", kCode, 1},
      {"trust busy", {{kTrust, {answer(503)}}}, ErrorKind::Throttled, "try again after", kTrust, 1},
      {"401 behind 200", {{kComplete, {behind(401)}}}, ErrorKind::Refused, "not accepted", kComplete, 1},
      {"403 behind 200",
       {{kComplete, {file("auth/signin-legacy-rscd-403-html.json")}}},
       ErrorKind::Refused,
       "wait a quarter of an hour",
       kComplete,
       1},
      {"409 behind 200", {{kComplete, {file("auth/signin-legacy-rscd-409.json")}}}, kWell, "", kCode, 1},
      {"options page", {{kOptions, {file("auth/auth-options-boot-args.json")}}}, kWell, "", kCode, 1},
      // verify
      {"wrong code", {{kCode, {file("auth/securitycode-400.json")}}}, ErrorKind::Refused, "three codes", kCode, 3},
      {"wrong and then right code",
       {{kCode, {file("auth/securitycode-400.json"), file("auth/securitycode-204.json")}}},
       kWell,
       "Incorrect verification code",
       kCode,
       2},
      {"wrong code in a 200", {{kCode, {answer(200, kWrongCode)}}}, ErrorKind::Refused, "three codes", kCode, 3},
      {"too many wrong codes", {{kCode, {code("-22982", 400)}}}, ErrorKind::Refused, "wait some hours", kCode, 1},
      {"423", {{kCode, {answer(423)}}}, ErrorKind::Refused, "wait some hours", kCode, 1},
      {"codes locked", {{kCode, {locked}}}, ErrorKind::Refused, "wait some hours", kCode, 1},
      {"push 423", {{kPush, {answer(423)}}}, ErrorKind::Refused, "wait some hours", kPush, 1},
      {"too many codes sent",
       {{kPush, {answer(409, R"({"securityCode":{"tooManyCodesSent":true}})")}}},
       ErrorKind::Refused,
       "wait some hours",
       kPush,
       1},
      {"cooling down",
       {{kPush, {answer(200, R"({"securityCode":{"securityCodeCooldown":true}})")}}},
       ErrorKind::Refused,
       "wait some hours",
       kPush,
       1},
      {"push gone", {{kPush, {answer(405)}}}, kWell, "get one there under Settings", kPush, 1},
      {"taken as 409", {{kCode, {answer(409, valid)}}}, kWell, "", kCode, 1},
      {"taken as 409 with a token", {{kCode, {answer(409, "", tokens("t"))}}}, kWell, "", kCode, 1},
      {"not taken as 409", {{kCode, {answer(409, "{}")}}}, ErrorKind::Refused, "three codes", kCode, 3},
      {"taken as 412", {{kCode, {answer(412, valid)}}}, kWell, "", kRepair, 1},
      {"options: context lost",
       {{kOptions, {answer(401)}}},
       ErrorKind::Refused,
       "sign in again to start a new one",
       kOptions,
       1},
      {"push: context lost",
       {{kPush, {answer(403)}}},
       ErrorKind::Refused,
       "sign in again to start a new one",
       kPush,
       1},
      {"code: 401", {{kCode, {answer(401)}}}, ErrorKind::Refused, "sign in again to start a new one", kCode, 1},
      {"code: 403", {{kCode, {answer(403)}}}, ErrorKind::Refused, "sign in again to start a new one", kCode, 1},
      {"code: 404", {{kCode, {answer(404)}}}, ErrorKind::Refused, "sign in again to start a new one", kCode, 1},
      {"trust", {{kTrust, {file("auth/trust-204.json")}}}, kWell, "", kTrust, 1},
      {"trust: 401", {{kTrust, {answer(401)}}}, kWell, "", kTrust, 1},
      {"trust: 403", {{kTrust, {answer(403)}}}, kWell, "", kTrust, 1},
      {"trust: 404", {{kTrust, {answer(404)}}}, kWell, "", kTrust, 1},
      {"trust: 409", {{kTrust, {answer(409)}}}, kWell, "", kTrust, 1},
      // accountLogin
      {"login: 421", {{kLogin, {answer(421)}}}, ErrorKind::Refused, "www.icloud.com", kLogin, 2},
      {"login: 450", {{kLogin, {answer(450)}}}, ErrorKind::Refused, "www.icloud.com", kLogin, 1},
      {"login: 401", {{kLogin, {answer(401)}}}, ErrorKind::Refused, "www.icloud.com", kLogin, 1},
      {"token dead",
       {{kLogin, {answer(400, R"({"success":false,"error":"Invalid Session Token"})")}}},
       ErrorKind::Refused,
       "www.icloud.com",
       kLogin,
       1},
      {"app-specific password",
       {{kLogin, {file("auth/account-login-400.json")}}},
       ErrorKind::Refused,
       "app-specific passwords do not work",
       kLogin,
       1},
      {"app-specific password as 500",
       {{kLogin, {answer(500, R"({"success":false,"error":"Missing apple_id field"})")}}},
       ErrorKind::Refused,
       "app-specific passwords do not work",
       kLogin,
       1},
      {"other region",
       {{kLogin, {answer(200, R"({"domainToUse":"iCloud.com.cn"})"), trusted_account()}}},
       kWell,
       "",
       kLogin,
       2},
      {"other region by 302",
       {{kLogin, {answer(302, R"({"domainToUse":"iCloud.com.cn"})"), trusted_account()}}},
       kWell,
       "",
       kLogin,
       2},
      {"always another region",
       {{kLogin, {answer(200, R"({"domainToUse":"iCloud.com.cn"})")}}},
       ErrorKind::Refused,
       "belongs to",
       kLogin,
       2},
      {"unknown region",
       {{kLogin, {answer(200, R"({"domainToUse":"iCloud.example"})")}}},
       ErrorKind::Refused,
       "belongs to iCloud.example",
       kLogin,
       1},
      {"terms",
       {{kLogin, {account(R"("termsUpdateNeeded":true,"webservices":{})")}}},
       ErrorKind::Refused,
       "new terms and conditions",
       kLogin,
       1},
      {"no services",
       {{kLogin, {account(R"("version":2)")}}},
       ErrorKind::Throttled,
       "try again in some minutes",
       kLogin,
       1},
      {"no photos",
       {{kLogin, {account(R"("webservices":{"mail":{"url":"https://p1-mailws.icloud.com"}})")}}},
       ErrorKind::Refused,
       "open Photos once at www.icloud.com",
       kLogin,
       1},
      {"managed",
       {{kLogin,
         {answer(200, R"({"dsInfo":{"dsid":"1","isManagedAppleID":true},"webservices":{"mail":)"
                      R"({"url":"https://p1-mailws.icloud.com"}}})")}}},
       ErrorKind::Refused,
       "company or school",
       kLogin,
       1},
      {"locked, said late",
       {{kLogin,
         {answer(200, R"({"dsInfo":{"dsid":"1","hsaVersion":2,"locked":true},"hsaChallengeRequired":true,)"
                      R"("webservices":{}})")}}},
       ErrorKind::Refused,
       "iforgot.apple.com",
       kLogin,
       1},
      {"still challenging",
       {{kLogin, {file("auth/account-login-200-untrusted.json")}}},
       ErrorKind::Refused,
       "www.icloud.com",
       kLogin,
       1},
      {"two-step verification",
       {{kLogin, {answer(200, R"({"dsInfo":{"dsid":"1","hsaVersion":1},"hsaChallengeRequired":true})")}}},
       ErrorKind::Refused,
       "turn on two-factor authentication",
       kLogin,
       1},
      {"login busy", {{kLogin, {answer(503)}}}, ErrorKind::Throttled, "try again after", kLogin, 1},
      {"login offline", {{kLogin, {offline()}}}, ErrorKind::Offline, "no such host", kLogin, 1},
      {"login no JSON", {{kLogin, {answer(200, "<html>")}}}, ErrorKind::Protocol, "", kLogin, 1},
      {"security key",
       {{kComplete, {answer(409, R"({"fsaChallenge":{"challenge":"YQ","keyHandles":["YQ"]}})", tokens("t"))}}},
       ErrorKind::Refused,
       "security keys",
       kPush,
       0},
  };
  return all;
}

class Catalogue : public SessionTest, public testing::WithParamInterface<Row> {
 protected:
  Catalogue() {
    http.otherwise([this](const net::Request& request) { return apple(request); });
    for (const auto& [call, answers] : GetParam().answers) apple.answers(call, answers);
    for (int i = 0; i < 3; ++i) person.types("012345");
  }
  [[nodiscard]] std::string last_told(const Result<void>& result) const {
    if (!result) return result.error().message();
    return person.questions.empty() ? "" : person.questions.back().last_refusal.value_or("");
  }
  /// Nothing but the password and the code themselves was ever counted.
  void expect_no_more_than(int passwords, int codes) const {
    EXPECT_LE(apple.passwords(), passwords);
    EXPECT_LE(apple.codes(), codes);
  }

  Apple apple;
};

TEST_P(Catalogue, ToldToAPersonWhoIsThere) {
  const auto& row = GetParam();
  const auto done = sign_in();
  if (row.kind) {
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind(), *row.kind) << done.error().message();
  } else {
    EXPECT_TRUE(done) << done.error().message();
  }
  const auto told = last_told(done);
  EXPECT_NE(told.find(row.told), std::string::npos) << told;
  if (row.told.empty() && !row.kind) {
    EXPECT_EQ(told, "");
  }
  // An exchange whose numbers cannot be used is begun anew, once in 57 times.
  if (std::string_view{row.call} == kInit) {
    EXPECT_LE(apple.count(kInit), row.times + 2);
    EXPECT_GE(apple.count(kInit), row.times);
  } else {
    EXPECT_EQ(apple.count(row.call), row.times) << row.call;
  }
  // One code was sent for: the one that belongs to the sign-in that the person began.
  expect_no_more_than(1, 1);
  EXPECT_EQ(passwords.asked, 1);
}

TEST_P(Catalogue, CostsNoMoreThanOnePasswordAndNoCodeWhenNobodyIsThere) {
  person.present = false;
  unattended = &passwords;
  for (int restart = 0; restart < 3; ++restart) (void)sign_in();
  const auto session = open();
  for (int request = 0; request < 3; ++request) (void)session->post(kPath, "{}", {});
  expect_no_more_than(1, 0);
}

TEST_P(Catalogue, StopsAtTheFirstSignOfTooMuch) {
  const auto& row = GetParam();
  const auto done = sign_in();
  if (done || done.error().kind() != ErrorKind::Throttled || row.told == "try again in some minutes") return;
  apple.forget();
  for (int restart = 0; restart < 10; ++restart) {
    const auto again = sign_in();
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().kind(), ErrorKind::Throttled);
  }
  EXPECT_EQ(apple.all(), 0);
}

INSTANTIATE_TEST_SUITE_P(SignIn, Catalogue, testing::ValuesIn(rows()), [](const testing::TestParamInfo<Row>& info) {
  std::string name{info.param.what};
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return std::to_string(info.index) + "_" + name;
});

/// What a session that was good meets at run time.
class RunTime : public SessionTest, public testing::WithParamInterface<Row> {
 protected:
  RunTime() {
    be_signed_in_by_heart();
    for (const auto& [call, answers] : GetParam().answers) apple.answers(call, answers);
  }
  void be_signed_in_by_heart() {
    http.otherwise([this](const net::Request& request) { return apple(request); });
    person.types("012345");
    EXPECT_TRUE(sign_in());
    session = open();
    EXPECT_TRUE(session->post(kPath, "{}", {}));
    apple.forget();
    person.present = false;
  }

  Apple apple;
  std::unique_ptr<Session> session;
};

TEST_P(RunTime, IsToldAndCostsNothing) {
  const auto& row = GetParam();
  const auto response = session->post(kPath, "{}", {});
  if (row.kind) {
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind(), *row.kind) << response.error().message();
    EXPECT_NE(response.error().message().find(row.told), std::string::npos) << response.error().message();
  } else {
    ASSERT_TRUE(response) << response.error().message();
  }
  EXPECT_EQ(apple.count(row.call), row.times) << row.call;
  EXPECT_EQ(apple.passwords(), 0);
  EXPECT_EQ(apple.codes(), 0);
  for (int i = 0; i < 5; ++i) (void)session->post(kPath, "{}", {});
  EXPECT_EQ(apple.passwords(), 0);
  EXPECT_LE(apple.count(kLogin), 2);
}

INSTANTIATE_TEST_SUITE_P(
    Photos, RunTime,
    testing::Values(
        Row{"cookies renewed",
            {{kPhotos, {file("errors/query-batch-401.json"), answer(200)}}},
            kWell,
            "",
            kValidate,
            1},
        Row{"token login",
            {{kPhotos, {file("errors/modify-401.json"), answer(200)}}, {kValidate, {file("auth/validate-421.json")}}},
            kWell,
            "",
            kLogin,
            1},
        Row{"wrong connection",
            {{kPhotos, {file("errors/zones-list-421.json"), answer(200)}}},
            kWell,
            "",
            kValidate,
            0},
        Row{"session over",
            {{kPhotos, {file("errors/zones-list-421.json"), file("errors/zones-list-421.json"), answer(200)}}},
            kWell,
            "",
            kValidate,
            1},
        Row{"450", {{kPhotos, {answer(450), answer(200)}}}, kWell, "", kValidate, 1},
        Row{"403 without a reason", {{kPhotos, {answer(403), answer(200)}}}, kWell, "", kValidate, 1},
        Row{"all over",
            {{kPhotos, {answer(401)}}, {kValidate, {answer(421)}}, {kLogin, {file("auth/account-login-400.json")}}},
            ErrorKind::NeedsSignIn,
            "sign in again",
            kLogin,
            1},
        Row{"421 for ever",
            {{kPhotos, {answer(421)}}},
            ErrorKind::NeedsSignIn,
            "Access iCloud Data on the Web",
            kLogin,
            1},
        Row{"terms meanwhile",
            {{kPhotos, {answer(401)}}, {kValidate, {account(R"("termsUpdateNeeded":true,"webservices":{})")}}},
            ErrorKind::Refused,
            "new terms and conditions",
            kLogin,
            0},
        Row{"validate busy",
            {{kPhotos, {answer(401)}}, {kValidate, {answer(503)}}},
            ErrorKind::Throttled,
            "try again after",
            kValidate,
            1},
        Row{"offline", {{kPhotos, {offline()}}}, ErrorKind::Offline, "no such host", kValidate, 0},
        Row{"throttled", {{kPhotos, {answer(503, "THROTTLED")}}}, kWell, "", kValidate, 0},
        Row{"too many", {{kPhotos, {answer(429)}}}, kWell, "", kValidate, 0},
        Row{"500", {{kPhotos, {file("errors/query-500-empty.json")}}}, kWell, "", kValidate, 0},
        Row{"failure in a 200", {{kPhotos, {file("errors/albums-200-success-false.json")}}}, kWell, "", kValidate, 0},
        Row{"no zone", {{kPhotos, {answer(404, R"({"serverErrorCode":"ZONE_NOT_FOUND"})")}}}, kWell, "", kValidate, 0},
        Row{"keys missing, data not protected", {{kPhotos, {locked_photos()}}}, kWell, "", kAccess, 1},
        Row{"keys missing, web access off",
            {{kPhotos, {locked_photos()}}, {kAccess, {answer(200, R"({"isWebAccessAllowed":false})")}}},
            ErrorKind::Refused,
            "Access iCloud Data on the Web",
            kKeys,
            0},
        Row{"keys that nobody allows",
            {{kPhotos, {answer(400, R"({"reason":"Cannot find PCS auth info from request"})")}},
             {kAccess, {answer(200, R"({"isICDRSDisabled":true})")}},
             {kKeys, {answer(200, R"({"status":"failure","message":"Cookies not available yet on server."})")}}},
            ErrorKind::NeedsSignIn,
            "tap Allow",
            kAsk,
            1},
        Row{"keys refused for want of a cookie",
            {{kPhotos, {locked_photos()}},
             {kAccess, {answer(200, R"({"isICDRSDisabled":true,"isDeviceConsentedForPCS":true})")}},
             {kKeys, {answer(500, R"({"success":false,"error":"Missing X-APPLE-WEBAUTH-TOKEN cookie"})")}}},
            ErrorKind::Refused,
            "new terms",
            kKeys,
            1},
        Row{"denied at first",
            {{kPhotos, {answer(403, R"({"serverErrorCode":"ACCESS_DENIED"})")}}},
            kWell,
            "",
            kValidate,
            0}),
    [](const testing::TestParamInfo<Row>& info) {
      std::string name{info.param.what};
      std::replace_if(
          name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
      return name;
    });

/// Numbers that get no codes now leave the others, at the person's choice.
class PhoneRow : public SessionTest {};

TEST_F(PhoneRow, ANumberThatGetsNoCodeIsSaidSoAndNotTriedAgain) {
  Apple apple;
  for (const int status : {412, 500}) {
    std::filesystem::remove(directory / "session.json");
    apple.forget();
    person.questions.clear();
    http.otherwise([&](const net::Request& request) { return apple(request); });
    apple.answers(kSms, {code("-28248", status)});
    person.answers.push_back({Answer::Kind::SendSms, {}, 3});
    person.types("012345");
    EXPECT_TRUE(sign_in());
    EXPECT_EQ(apple.count(kSms), 1);
    EXPECT_NE(person.questions.back().last_refusal.value_or("").find("choose another one, or a device"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace icloudphotos::auth
