// SPDX-License-Identifier: MIT
// The part of the identity service that comes after the password: codes, keys and trust.
#include <utility>

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

#include "identity.h"
#include "identity_answers.h"
#include "second_factor.h"

namespace icloudphotos::demo {

using namespace std::chrono_literals;

net::ServerResponse Identity::repair(const Call& call, SignIn& sign_in) {
  if (call.quirks.account == AccountKind::NeedsRepair) {
    auto response = json_answer(412, R"({"authType":"sa"})");
    stamp(call, sign_in, response);
    return response;
  }
  if (sign_in.stage == Stage::NeedsRepair) sign_in.stage = Stage::Verified;
  net::ServerResponse response;
  response.headers.add("Content-Type", "application/json;charset=UTF-8");
  response.headers.add("X-Apple-Session-Token",
                       session_token(sign_in.stage == Stage::Verified ? "verified" : "password"));
  stamp(call, sign_in, response);
  return response;
}

net::ServerResponse Identity::options(const Call& call, SignIn& sign_in) {
  const bool wants_json = call.request.headers.get("Accept").value_or("*/*").starts_with("application/json");
  const OptionsDetail detail = sign_in.has_read_options ? OptionsDetail::Reduced : OptionsDetail::Full;
  sign_in.has_read_options = true;
  const CodeState state = codes_.state(call.quirks);
  net::ServerResponse response;
  if (call.quirks.account == AccountKind::SecurityKey) {
    response = json_answer(200, ask_for_key(sign_in));
  } else if (wants_json) {
    response = json_answer(200, options_json(call.quirks, detail, state));
  } else {
    response.headers.add("Content-Type", "text/html;charset=UTF-8");
    response.body = options_page(call.quirks, detail, state);
  }
  if (call.quirks.options == OptionsShape::Status409) response.status = 409;
  if (call.quirks.options == OptionsShape::Status204) {
    response = {};
    response.status = 204;
  }
  stamp(call, sign_in, response);
  return response;
}

std::optional<net::ServerResponse> Identity::refuse_to_send(const Call& call, CodeTarget target) const {
  const Quirks& quirks = call.quirks;
  if (target != kDevices && (!is_phone(target) || target == quirks.refused_phone))
    return identity_error(412, "-28248", "Codes cannot be sent to this number now.");
  if (target == kDevices && quirks.account == AccountKind::PhoneOnly)
    return identity_error(412, "-28248", "There is no trusted device.");
  if (quirks.account == AccountKind::SecurityKey)
    return identity_error(412, "-28248", "This account uses security keys.");
  if (quirks.account == AccountKind::TwoStep)
    return identity_error(412, "-28248", "This account uses two-step verification.");
  if (target != kDevices && quirks.demand_non_fteu && !call.body["phoneNumber"]["nonFTEU"].exists())
    return json_answer(412, "{}");
  return std::nullopt;
}

net::ServerResponse Identity::send_code(const Call& call, SignIn& sign_in, CodeTarget target) {
  const bool is_call = call.body["mode"].text() == "voice";
  const CodeMode mode = target == kDevices ? CodeMode::Push : is_call ? CodeMode::Voice : CodeMode::Sms;
  const Quirks& quirks = call.quirks;
  const int usual = target == kDevices ? 202 : 200;
  net::ServerResponse response;
  if (auto refusal = refuse_to_send(call, target)) {
    response = std::move(*refusal);
  } else if (codes_.send({target, mode, call.request.method + " " + call.request.path}, quirks) ==
             CodeDesk::Sending::Sent) {
    response = json_answer(quirks.send_status == 0 ? usual : static_cast<int>(quirks.send_status),
                           code_state_json(quirks, target, mode, CodeState{}));
  } else {
    response = json_answer(quirks.limit_answer == LimitAnswer::Flags ? usual : 423,
                           code_state_json(quirks, target, mode, codes_.state(quirks)));
  }
  stamp(call, sign_in, response);
  return response;
}

net::ServerResponse Identity::check_code(const Call& call, SignIn& sign_in, CodeTarget target) {
  const auto code = call.body["securityCode"]["code"].text();
  const Quirks& quirks = call.quirks;
  net::ServerResponse response = wrong_code(quirks.code_refusal);
  switch (code ? codes_.check(target, *code, quirks) : CodeDesk::Verdict::Wrong) {
    case CodeDesk::Verdict::Right:
      return accept_second_factor(call, sign_in);
    case CodeDesk::Verdict::Wrong:
      break;
    case CodeDesk::Verdict::Locked:
      response = quirks.limit_answer == LimitAnswer::Usual
                     ? too_many_wrong_codes()
                     : json_answer(quirks.limit_answer == LimitAnswer::Flags ? 409 : 423,
                                   code_state_json(quirks, target, CodeMode::Sms, codes_.state(quirks)));
      break;
  }
  stamp(call, sign_in, response);
  return response;
}

net::ServerResponse Identity::accept_second_factor(const Call& call, SignIn& sign_in) {
  sign_in.stage = Stage::Verified;
  codes_.forgive();
  net::ServerResponse response;
  bool has_token = true;
  switch (call.quirks.code_answer) {
    case CodeAnswer::Status204:  // of a device's code; a telephone's gets 200 (authentication.md 3.4)
      if (call.path == "/verify/phone/securitycode") {
        response = json_answer(200, R"({"securityCode":{"valid":true}})");
      } else {
        response.status = 204;
      }
      break;
    case CodeAnswer::Status200:
      response = json_answer(200, R"({"securityCode":{"valid":true}})");
      break;
    case CodeAnswer::Status409WithToken:
      response = json_answer(409, R"({"securityCode":{"valid":true}})");
      response.headers.add("X-Apple-Edp", "true");
      break;
    case CodeAnswer::Status409Valid:
      response = json_answer(409, R"({"securityCode":{"valid":true}})");
      has_token = false;
      break;
    case CodeAnswer::Status412:
      response = json_answer(412, R"({"securityCode":{"valid":true}})");
      response.headers.add("X-Apple-Repair-Session-Token", base64_encode(random_bytes(30)));
      break;
  }
  if (has_token) {
    response.headers.add("X-Apple-Session-Token", session_token("verified"));
    response.headers.add("X-Apple-OAuth-Grant-Code", hex_encode(random_bytes(16)));
  }
  stamp(call, sign_in, response);
  return response;
}

std::string Identity::ask_for_key(SignIn& sign_in) {
  if (sign_in.key_challenge.empty()) sign_in.key_challenge = make_key_challenge();
  return keys_.options_json(sign_in.account, sign_in.key_challenge);
}

net::ServerResponse Identity::security_key(const Call& call, SignIn& sign_in) {
  const std::string challenge = std::exchange(sign_in.key_challenge, {});  // for once, right or wrong
  if (call.quirks.account == AccountKind::SecurityKey && !challenge.empty() && keys_.accepts(call.body, challenge))
    return accept_second_factor(call, sign_in);
  auto response = wrong_key();
  stamp(call, sign_in, response);
  return response;
}

net::ServerResponse Identity::trust(const Call& call, SignIn& sign_in) {
  const Quirks& quirks = call.quirks;
  net::ServerResponse response;
  if (quirks.account == AccountKind::TwoStep) {
    response = json_answer(404, "{}");
  } else if (sign_in.stage != Stage::Verified) {
    response = identity_error(412, "-20000", "There is nothing to trust yet.");
  } else if (quirks.trust_status != 200 && quirks.trust_status != 204) {
    response = json_answer(static_cast<int>(quirks.trust_status), R"({"hasError":true})");
  } else {
    const auto life = 24h * quirks.trust_days;
    response.status = static_cast<int>(quirks.trust_status);
    response.headers.add("X-Apple-TwoSV-Trust-Token", tokens_.make(TokenKind::Trust, "browser", clock_.now() + life));
    response.headers.add("X-Apple-Session-Token", session_token("verified"));
    response.headers.add("X-Apple-OAuth-Grant-Code", hex_encode(random_bytes(16)));
    response.headers.add("X-Apple-ID-Account-Country", "USA");
    response.headers.add("Set-Cookie", fmt::format("DES{}={}; Max-Age={}{}; HttpOnly", hex_encode(random_bytes(12)),
                                                   base64_encode(random_bytes(45)), std::chrono::seconds{life}.count(),
                                                   call.origin.identity_cookie_scope()));
  }
  stamp(call, sign_in, response);
  return response;
}

}  // namespace icloudphotos::demo
