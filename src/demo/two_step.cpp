// SPDX-License-Identifier: MIT
#include "two_step.h"

#include "icloudphotos/base/text.h"

namespace icloudphotos::demo {
namespace {

constexpr CodeTarget kPhone = 1;
constexpr std::string_view kNoSuch = R"({"success":false,"errorTitle":"No such device","errorCode":-21668})";

/// Clients spell the name both ways.
bool is_our_phone(JsonView device, const Quirks& quirks) {
  const auto id = device["deviceId"].exists() ? device["deviceId"].integer() : device["deviceID"].integer();
  return quirks.account == AccountKind::TwoStep && id == kPhone;
}

}  // namespace

net::ServerResponse TwoStep::list_devices(const Quirks& quirks) const {
  if (quirks.account != AccountKind::TwoStep) return json_answer(200, R"({"devices":[]})");
  return json_answer(200,
                     R"({"devices":[{"deviceType":"SMS","areaCode":"","phoneNumber":"*******00","deviceId":"1"}]})");
}

net::ServerResponse TwoStep::send_code(JsonView device, const Quirks& quirks) {
  if (!is_our_phone(device, quirks)) return json_answer(200, std::string{kNoSuch});
  const auto sent = codes_.send({kPhone, CodeMode::Sms, "POST /setup/ws/1/sendVerificationCode"}, quirks);
  return json_answer(200, sent == CodeDesk::Sending::Sent
                              ? R"({"success":true})"
                              : R"({"success":false,"errorTitle":"Too many codes were sent","errorCode":-21667})");
}

net::ServerResponse TwoStep::check_code(JsonView answer, const Origin& origin, const Quirks& quirks) {
  if (!is_our_phone(answer, quirks)) return json_answer(200, std::string{kNoSuch});
  const JsonView given = answer["verificationCode"];
  const std::string code = given.text() ? std::string{*given.text()} : given.dump();  // a number or a string
  if (codes_.check(kPhone, code, quirks) != CodeDesk::Verdict::Right) {
    return json_answer(200, R"({"success":false,"errorTitle":"Incorrect Verification Code",)"
                            R"("errorMessage":"Please try again.","errorCode":-21669})");
  }
  codes_.forgive();
  auto response = json_answer(200, R"({"success":true})");
  if (answer["trustBrowser"].boolean().value_or(false))
    response.headers.add("Set-Cookie", cookies_.trust(origin, quirks));
  return response;
}

}  // namespace icloudphotos::demo
