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

void write_security_code(JsonWriter& out, const CodeState& state) {
  out.key("securityCode").object().member("length", 6).member("tooManyCodesSent", state.too_many_sent);
  out.member("tooManyCodesValidated", state.too_many_wrong).member("securityCodeLocked", state.is_locked());
  out.member("securityCodeCooldown", state.cooling_down).end();
}

/// The members of `phoneNumberVerification`.
void write_verification(JsonWriter& out, const Quirks& quirks, OptionsDetail detail, const CodeState& state) {
  write_phones(out, quirks, detail);
  write_security_code(out, state);
  out.member("authenticationType", "hsa2").member("hsa2Account", true).member("restrictedAccount", false);
  out.member("managedAccount", quirks.account == AccountKind::Managed)
      .member("supportsRecovery", true)
      .member("autoVerified", false);
  out.member("noTrustedDevices", quirks.account == AccountKind::PhoneOnly).member("hideSendSMSCodeOption", false);
}

}  // namespace

bool is_phone(CodeTarget target) {
  for (const Phone& phone : kPhones) {
    if (phone.id == target) return true;
  }
  return false;
}

std::string options_json(const Quirks& quirks, OptionsDetail detail, const CodeState& state) {
  JsonWriter out;
  out.object();
  const bool nested = quirks.options == OptionsShape::Nested || quirks.options == OptionsShape::Bridge;
  if (nested) out.key("phoneNumberVerification").object();
  write_verification(out, quirks, detail, state);
  if (nested) out.end();
  return out.end().take();
}

std::string options_page(const Quirks& quirks, OptionsDetail detail, const CodeState& state) {
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
  write_verification(out, quirks, detail, state);
  out.end();
  if (bridge) out.end();
  out.end().end().key("additional").object().member("canRoute2sv", true).end().end();
  // A decoy: the page holds other JSON. icloudpd knows the script that counts by exactly this class.
  const bool is_decorated = quirks.options == OptionsShape::Decorated;
  return std::string{
             R"(<!DOCTYPE html><html><head><script type="application/json" class="locale_args">{"direct":{}})"} +
         R"(</script><script type="application/json" )" +
         (is_decorated ? R"(id="x" class="react_args boot_args extra">)" : R"(class="boot_args">)") + out.take() +
         "</script></head><body></body></html>";
}

std::string challenge_json(const Quirks& quirks, const CodeState& state) {
  JsonWriter out;
  out.object().member("authType", quirks.account == AccountKind::TwoStep ? "hsa" : "hsa2");
  if (quirks.phones_at_complete) write_verification(out, quirks, OptionsDetail::Full, state);
  return out.end().take();
}

std::string code_state_json(const Quirks& quirks, CodeTarget target, CodeMode mode, const CodeState& state) {
  JsonWriter out;
  out.object().member("trustedDeviceCount", quirks.account == AccountKind::PhoneOnly ? 0 : 2);
  out.member("otherTrustedDeviceClass", "iPhone").member("type", "verification");
  write_phones(out, quirks, OptionsDetail::Full);
  for (const Phone& phone : kPhones) {
    if (phone.id != target) continue;
    out.member("mode", name_of(mode)).key("phoneNumber");
    write_phone(out, phone);
  }
  write_security_code(out, state);
  out.key("phoneNumberVerification").object();
  write_verification(out, quirks, OptionsDetail::Full, state);
  return out.end().end().take();
}

}  // namespace icloudphotos::demo
