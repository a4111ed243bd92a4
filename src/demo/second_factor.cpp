// SPDX-License-Identifier: MIT
#include "second_factor.h"

#include <fmt/format.h>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::demo {
namespace {

struct Phone {
  int id;
  std::string_view last_digits;
  std::string_view push_mode;
};
constexpr Phone kPhones[] = {{1, "00", "sms"}, {3, "42", "voice"}};

void write_phone(JsonWriter& out, const Phone& phone) {
  out.object()
      .member("id", phone.id)
      .member("numberWithDialCode", fmt::format("+1 (•••) •••-••{}", phone.last_digits))
      .member("obfuscatedNumber", fmt::format("(•••) •••-••{}", phone.last_digits))
      .member("lastTwoDigits", phone.last_digits)
      .member("pushMode", phone.push_mode)
      .member("nonFTEU", false)
      .end();
}

void write_phones(JsonWriter& out, const Quirks& quirks, OptionsDetail detail) {
  if (detail == OptionsDetail::Reduced) return;
  if (quirks.options != OptionsShape::Singular) {
    out.key("trustedPhoneNumbers").array();
    for (const Phone& phone : kPhones) write_phone(out, phone);
    out.end();
  }
  out.key("trustedPhoneNumber");
  write_phone(out, kPhones[0]);
}

void write_security_code(JsonWriter& out, bool locked) {
  out.key("securityCode").object().member("length", 6).member("tooManyCodesSent", locked);
  out.member("tooManyCodesValidated", false).member("securityCodeLocked", locked);
  out.member("securityCodeCooldown", false).end();
}

/// The members of `phoneNumberVerification`.
void write_verification(JsonWriter& out, const Quirks& quirks, OptionsDetail detail, bool locked) {
  write_phones(out, quirks, detail);
  write_security_code(out, locked);
  out.member("authenticationType", "hsa2").member("hsa2Account", true).member("restrictedAccount", false);
  out.member("managedAccount", false).member("supportsRecovery", true).member("autoVerified", false);
  out.member("noTrustedDevices", quirks.account == AccountKind::PhoneOnly).member("hideSendSMSCodeOption", false);
}

}  // namespace

bool is_phone(int id) {
  for (const Phone& phone : kPhones) {
    if (phone.id == id) return true;
  }
  return false;
}

std::string options_json(const Quirks& quirks, OptionsDetail detail, bool locked) {
  JsonWriter out;
  out.object();
  const bool nested = quirks.options == OptionsShape::Nested || quirks.options == OptionsShape::Bridge;
  if (nested) out.key("phoneNumberVerification").object();
  write_verification(out, quirks, detail, locked);
  if (nested) out.end();
  return out.end().take();
}

std::string options_page(const Quirks& quirks, OptionsDetail detail, bool locked) {
  const bool bridge = quirks.options == OptionsShape::Bridge;
  JsonWriter out;
  out.object().key("direct").object();
  out.member("authInitialRoute", bridge ? "auth/bridge/step" : "auth/verify/phone");
  out.member("authType", "hsa2").member("authUserType", "hsa2");
  out.member("hasTrustedDevices", quirks.account != AccountKind::PhoneOnly).key("twoSV").object();
  out.key("supportedPushModes").array().value("voice").value("sms").end();
  out.key("authFactors").array().value("robocall").value("sms").value("generatedcode").end();
  out.member("sourceAppId", 1159);
  if (bridge) {
    out.key("bridgeInitiateData").object().member("apnsTopic", "com.apple.idmsauthwidget");
    out.member("apnsEnvironment", "prod").member("webSocketUrl", "websocket.push.apple.com");
  }
  out.key("phoneNumberVerification").object();
  write_verification(out, quirks, detail, locked);
  out.end();
  if (bridge) out.end();
  out.end().end().key("additional").object().member("canRoute2sv", true).end().end();
  // Decoys: the page holds other JSON, and the script that counts does not begin with its class.
  return R"(<!DOCTYPE html><html><head><script type="application/json" class="locale_args">{"direct":{}}</script>)"
         R"(<script id="x" type="application/json" class="react_args boot_args extra">)" +
         out.take() + "</script></head><body></body></html>";
}

std::string code_state_json(const Quirks& quirks, bool locked) {
  JsonWriter out;
  out.object().member("trustedDeviceCount", quirks.account == AccountKind::PhoneOnly ? 0 : 2);
  out.member("otherTrustedDeviceClass", "iPhone").member("mode", "sms").member("type", "verification");
  write_phones(out, quirks, OptionsDetail::Full);
  write_security_code(out, locked);
  out.key("phoneNumberVerification").object();
  write_verification(out, quirks, OptionsDetail::Full, locked);
  return out.end().end().take();
}

net::ServerResponse wrong_code(std::string_view code, std::string_view message) {
  auto response = json_answer(400, JsonWriter{}
                                       .object()
                                       .key("service_errors")
                                       .array()
                                       .object()
                                       .member("code", code)
                                       .member("title", "Incorrect Verification Code")
                                       .member("message", message)
                                       .member("suppressDismissal", false)
                                       .end()
                                       .end()
                                       .member("hasError", true)
                                       .end()
                                       .take());
  response.headers.add("X-Apple-I-Ercd", std::string{code});
  return response;
}

}  // namespace icloudphotos::demo
