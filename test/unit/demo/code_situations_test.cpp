// SPDX-License-Identifier: MIT
// Codes, trust and pauses: what the service says to each, driven by plain requests.
#include "identity_answers.h"
#include "script.h"

using namespace icloudphotos;
using namespace icloudphotos::demo;

namespace {

struct Situation {
  std::string name;
  std::string quirks;
  std::vector<Step> steps;
};

std::vector<Step> after_password(std::vector<Step> more) {
  more.insert(more.begin(), Step{"password", 409});
  return more;
}

std::vector<Situation> situations() {
  const std::string device = "/appleauth/auth/verify/trusteddevice/securitycode";
  std::vector<Situation> all{
      {"SmsToTheFirst", "{}",
       after_password(
           {{"sms 1", 200, R"("mode":"sms","phoneNumber":{"id":1,)"},
            {"control code", 200, R"("target":1,"mode":"sms","asked_by":"PUT /appleauth/auth/verify/phone")"},
            {"code", 200}})},
      {"CallToTheThird", "{}",
       after_password({{"call 3", 200, R"("mode":"voice","phoneNumber":{"id":3,)"},
                       {"control code", 200, R"("target":3,"mode":"voice")"},
                       {"code", 200}})},
      {"WrongThenRight", "{}", after_password({{"push", 202}, {"wrong code", 400, "-21669"}, {"code", 204}})},
      {"ResendVoidsTheOlder", "{}",
       after_password({{"sms 1"}, {"sms 1"}, {"first code", 400, "-21669"}, {"code", 200}})},
      {"SmsVoidsThePush", "{}", after_password({{"push", 202}, {"sms 1"}, {"first code", 400}, {"code", 200}})},
      {"CodeOfTheSettings", "{}", after_password({{"settings code", 204}})},
      {"SettingsVoidNoneThatWasSent", "{}",
       after_password({{"push", 202}, {"control code/generate"}, {"first code", 204}})},
      {"ExpiredCode", R"({"code_life_s":300})", after_password({{"push", 202}, {"wait 301"}, {"code", 400, "-21669"}})},
      {"CodeAtTheLastMoment", R"({"code_life_s":300})", after_password({{"push", 202}, {"wait 299"}, {"code", 204}})},
      {"CodeUsedTwice", "{}", after_password({{"push", 202}, {"code", 204}, {"first code", 400}})},
      {"WrongCodeSays200", R"({"code_refusal":"200"})",
       after_password({{"push", 202}, {"wrong code", 200, R"("hasError":true)"}, {"code", 204}})},
      {"WrongCodeSays409", R"({"code_refusal":"409"})",
       after_password({{"push", 202}, {"wrong code", 409, R"("valid":false)"}, {"trust", 412}, {"code", 204}})},
      {"TooManySent", "{}",
       after_password({{"push", 202},
                       {"sms 1"},
                       {"call 3"},
                       {"push", 202},
                       {"sms 3"},
                       {"sms 1", 423, R"("tooManyCodesSent":true)"},
                       {"push", 423, R"("securityCodeLocked":true)"},
                       {"options", 200, R"("tooManyCodesSent":true)"}})},
      {"TooManySentSaysSoIn200", R"({"limit_answer":"flags"})",
       after_password({{"sms 1"},
                       {"sms 1"},
                       {"sms 1"},
                       {"sms 1"},
                       {"sms 1"},
                       {"sms 1", 200, R"("securityCodeLocked":true)"},
                       {"control counters", 200, R"("codes_sent":5)"}})},
      {"TooManyWrong", "{}",
       after_password({{"push", 202},
                       {"wrong code", 400},
                       {"wrong code", 400},
                       {"wrong code", 400},
                       {"wrong code", 400},
                       {"wrong code", 400, "-22982"},
                       {"code", 400, "-22982"},
                       {"push", 423}})},
      {"TooManyWrongSays423", R"({"limit_answer":"423"})",
       after_password({{"push", 202},
                       {"wrong code", 400},
                       {"wrong code", 400},
                       {"wrong code", 400},
                       {"wrong code", 400},
                       {"wrong code", 423, R"("tooManyCodesValidated":true)"}})},
      {"LimitsEndAfterHours", R"({"sign_in_life_s":100000})",
       after_password({{"push", 202},
                       {"push", 202},
                       {"push", 202},
                       {"push", 202},
                       {"push", 202},
                       {"push", 423},
                       {"wait 30000"},
                       {"push", 202},
                       {"code", 204}})},
      {"Cooldown", R"({"code_cooldown_s":60})",
       after_password({{"push", 202}, {"push", 423, R"("securityCodeCooldown":true)"}, {"wait 61"}, {"push", 202}})},
      {"RefusedNumber", R"({"refused_phone":3})", after_password({{"sms 3", 412, "-28248"}, {"sms 1"}, {"code", 200}})},
      {"NumberNobodyHas", "{}", after_password({{"sms 2", 412, "-28248"}})},
      {"NumberWithoutNonFteu", R"({"demand_non_fteu":true})",
       after_password(
           {{"sms 1", 412},
            {R"(PUT /appleauth/auth/verify/phone {"phoneNumber":{"id":1,"nonFTEU":false},"mode":"sms"})", 200}})},
      {"SentSays409", R"({"send_status":409})",
       after_password({{"sms 1", 409, R"("phoneNumber":{"id":1)"}, {"code", 200}})},
      {"SentSays204", R"({"send_status":204})", after_password({{"push", 204}, {"code", 204}})},
      {"AcceptedBy200", R"({"code_answer":"200"})",
       after_password({{"push", 202}, {"code", 200, "X-Apple-Session-Token"}, {"trust", 204}})},
      {"AcceptedBy409WithToken", R"({"code_answer":"409-token"})",
       after_password({{"push", 202}, {"code", 409, "X-Apple-Session-Token"}, {"trust", 204}})},
      {"AcceptedBy409", R"({"code_answer":"409"})",
       after_password({{"push", 202}, {"code", 409, R"("valid":true)"}, {"trust", 204}})},
      {"AcceptedBy412", R"({"code_answer":"412"})",
       after_password({{"push", 202}, {"code", 412, R"("valid":true)"}, {"repair"}, {"trust", 204}})},
      {"OptionsAsPage", "{}", after_password({{"page", 200, "boot_args"}, {"page", 200, "!trustedPhoneNumber"}})},
      {"OptionsAmongOtherClasses", R"({"options":"decorated"})",
       after_password({{"page", 200, "react_args boot_args extra"}})},
      {"OptionsOfABridge", R"({"options":"bridge"})", after_password({{"page", 200, R"("bridgeInitiateData":{)"}})},
      {"OptionsInTheSingular", R"({"options":"singular"})", after_password({{"options", 200, "!trustedPhoneNumbers"}})},
      {"OptionsNested", R"({"options":"nested"})",
       after_password({{"options", 200, R"({"phoneNumberVerification":{"trustedPhoneNumbers")"}})},
      {"OptionsBy409", R"({"options":"409"})", after_password({{"options", 409, "trustedPhoneNumbers"}})},
      {"OptionsBy204", R"({"options":"204"})", after_password({{"options", 204, "!trustedPhoneNumber"}})},
      {"PhonesWithThePassword", R"({"phones_at_complete":true})", {{"password", 409, "trustedPhoneNumbers"}}},
      {"ContextLost", "{}",
       after_password({{"push", 202},
                       {R"(control expire {"what":"sign_ins"})"},
                       {"code", 401},
                       {"trust", 401},
                       {"options", 401}})},
      {"ContextOfTenMinutes", "{}", after_password({{"wait 590"}, {"push", 202}, {"wait 20"}, {"code", 401}})},
      {"NothingToTrust", "{}", after_password({{"trust", 412}})},
      {"TrustAgainOnALiveSession", "{}",
       signed_in_and({{"wait 600000"}, {"trust", 204, "X-Apple-TwoSV-Trust-Token"}, {"password with trust", 200}})},
      {"TrustBy200", R"({"trust_status":200})",
       after_password({{"push", 202}, {"code", 204}, {"trust", 200, "X-Apple-TwoSV-Trust-Token"}})},
      {"TrustOfThreeDays", R"({"trust_days":3})",
       signed_in_and({{"wait 259100"}, {"password with trust", 200}, {"wait 200"}, {"password with trust", 409}})},
  };
  for (const auto status : {"403", "404", "409", "412"}) {
    all.push_back({fmt::format("TrustRefusedBy{}", status), fmt::format(R"({{"trust_status":{}}})", status),
                   after_password({{"push", 202},
                                   {"code", 204},
                                   {"trust", std::stoi(status), "!X-Apple-TwoSV-Trust-Token"},
                                   {"login", 200, R"("hsaTrustedBrowser":true)"}})});
  }
  return all;
}

class CodeSituations : public DemoTest, public testing::WithParamInterface<Situation> {};

/// Finds what starts with enough zero bits.
std::string work_for(std::string_view challenge, std::int64_t bits) {
  for (int counter = 0;; ++counter) {
    std::string proof = fmt::format("1:{}:20260101000000:{}::{}", bits, challenge, counter);
    if (proves_work(proof, challenge, bits)) return proof;
  }
}

class Trust : public DemoTest {};
class Pauses : public DemoTest {};
class Codes : public DemoTest {};

}  // namespace

TEST_P(CodeSituations, ArePlayed) {
  auto& visitor = start();
  visitor.control("quirks", GetParam().quirks);
  Script{visitor, *service, clock}.play(GetParam().steps);
}

INSTANTIATE_TEST_SUITE_P(All, CodeSituations, testing::ValuesIn(situations()),
                         [](const auto& info) { return info.param.name; });

TEST_F(Codes, MayBeTypedInAnotherConnectionThatHasTheContext) {
  auto& first = start();
  first.give_password("demo@example.com", "demo-Password-1");
  first.push();
  Visitor second{*service};
  EXPECT_EQ(second.give_code(service->shown_code()).status, 401);
  second.kept = first.kept;
  EXPECT_EQ(second.give_code(service->shown_code()).status, 204);
  EXPECT_EQ(second.call("GET", "/appleauth/auth/2sv/trust").status, 204);
}

TEST_F(Codes, AreCountedWithTheCallThatAskedForThem) {
  auto& visitor = start();
  visitor.give_password("demo@example.com", "demo-Password-1");
  clock.advance(std::chrono::seconds{7});
  visitor.push();
  const auto counters = visitor.control("counters");
  EXPECT_EQ(counters["codes"].size(), 1U);
  EXPECT_EQ(counters["codes"].at(0)["asked_by"].text(), "PUT /appleauth/auth/verify/trusteddevice/securitycode");
  const auto time = [&](std::size_t i) { return counters["times"].at(i).integer().value_or(0); };
  EXPECT_EQ(counters["times"].size(), counters["order"].size());
  EXPECT_EQ(time(2) - time(1), 7000);
}

TEST(Work, IsProvenByZeroBitsAboutTheRightChallenge) {
  const std::string proof = work_for("abc", 9);
  const auto digest = sha1(as_bytes(proof));
  EXPECT_EQ(digest[0], std::byte{0});
  EXPECT_LT(std::to_integer<int>(digest[1]), 128);
  EXPECT_FALSE(proves_work(proof, "abd", 9));
  EXPECT_FALSE(proves_work("1:9:20260101000000:abc::x", "abc", 160));
  EXPECT_FALSE(proves_work("", "", 0));
}

TEST_F(Trust, OfBeforeStaysGoodUntilToldOtherwise) {
  auto& visitor = start_signed_in();
  const std::string old = visitor.kept_value("X-Apple-TwoSV-Trust-Token");
  EXPECT_EQ(visitor.call("GET", "/appleauth/auth/2sv/trust").status, 204);
  const std::string renewed = visitor.kept_value("X-Apple-TwoSV-Trust-Token");
  EXPECT_NE(renewed, old);
  const auto try_with = [&](const std::string& token) {
    return visitor.give_password("demo@example.com", "demo-Password-1", "[\"" + token + "\"]").status;
  };
  EXPECT_EQ(try_with(old), 200);
  visitor.control("expire", R"({"what":"older trust"})");
  EXPECT_EQ(try_with(old), 409);
  EXPECT_EQ(try_with(renewed), 200);
}

TEST_F(Pauses, AreNotedWhenNotKept) {
  auto& visitor = start();
  visitor.control(
      "faults", R"({"match":"/signin/init","action":"status","status":429,"headers":{"Retry-After":"120"},"times":1})");
  const auto refused = visitor.give_password("demo@example.com", "demo-Password-1");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers.get("Retry-After"), "120");
  EXPECT_EQ(visitor.control("counters")["early"].size(), 0U);
  clock.advance(std::chrono::seconds{119});
  visitor.call("POST", "/setup/ws/1/validate", "null");
  const auto counters = visitor.control("counters");
  ASSERT_EQ(counters["early"].size(), 1U);
  EXPECT_EQ(counters["early"].at(0).text(), "POST /setup/ws/1/validate");
  clock.advance(std::chrono::seconds{2});
  visitor.call("POST", "/setup/ws/1/validate", "null");
  EXPECT_EQ(visitor.control("counters")["early"].size(), 1U);
}

TEST_F(Pauses, OfASetupCallLastAsLongAsTheSettingsSayWithoutRetryAfter) {
  auto& visitor = start_signed_in();
  visitor.control("settings", R"({"pause_s":60})");
  visitor.control("faults", R"({"match":"accountLogin","action":"status","status":503,"times":1})");
  EXPECT_EQ(visitor.log_in().status, 503);
  clock.advance(std::chrono::seconds{59});
  EXPECT_EQ(visitor.log_in().status, 200);
  clock.advance(std::chrono::seconds{2});
  EXPECT_EQ(visitor.log_in().status, 200);
  EXPECT_EQ(visitor.control("counters")["early"].size(), 1U);
}
