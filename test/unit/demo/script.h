// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "visitor.h"

namespace icloudphotos::demo {

/// One thing a visitor does, and what the answer must be: its status (0: any), and a part of its headers or body; with
/// `!` before, a part it must not have.
struct Step {
  std::string what;
  int status = 200;
  std::string says = {};
};

/// Plays steps, which are written as:
///   password | wrong password | password of NAME | password with trust
///   push | sms N | call N | code | wrong code | first code | settings code
///   options | page | repair | trust | login | validate | zones | indexing | logout | keys | state | consent
///   cn login | cn zones | POST /PATH BODY (or GET, PUT) | control CALL JSON | wait SECONDS
class Script {
 public:
  Script(Visitor& visitor, Service& service, FakeClock& clock) : visitor_{visitor}, service_{service}, clock_{clock} {}

  void play(const std::vector<Step>& steps) {
    for (const Step& step : steps) {
      SCOPED_TRACE(step.what);
      const net::Response response = perform(step.what);
      EXPECT_TRUE(step.status == 0 || step.status == response.status)
          << response.status << " " << response.body.substr(0, 500);
      const bool must = !step.says.starts_with('!');
      const std::string part = must ? step.says : step.says.substr(1), text = text_of(response);
      EXPECT_EQ(text.find(part) != std::string::npos, must) << step.says << "\n" << text;
      if (::testing::Test::HasFailure()) return;
    }
  }

 private:
  static std::string text_of(const net::Response& response) {
    std::string text;
    for (const auto name : {"X-Apple-I-Rscd", "X-Apple-I-Ercd", "X-Apple-Session-Token", "X-Apple-TwoSV-Trust-Token",
                            "X-Apple-Repair-Session-Token", "Retry-After", "Set-Cookie"}) {
      for (const auto value : response.headers.all(name)) text += std::string{name} + ": " + std::string{value} + "\n";
    }
    return text + response.body;
  }
  net::Response send_to_phone(const std::string& mode, const std::string& id) {
    target_ = id;
    return visitor_.call("PUT", "/appleauth/auth/verify/phone",
                         fmt::format(R"({{"phoneNumber":{{"id":{}}},"mode":"{}"}})", id, mode));
  }
  net::Response give(const std::string& code) {
    if (target_.empty()) return visitor_.give_code(code);
    return visitor_.call(
        "POST", "/appleauth/auth/verify/phone/securitycode",
        fmt::format(R"({{"phoneNumber":{{"id":{}}},"securityCode":{{"code":"{}"}},"mode":"sms"}})", target_, code));
  }
  std::string unlike(std::string code) {
    if (code.empty()) return "000000";
    code.back() = code.back() == '9' ? '0' : static_cast<char>(code.back() + 1);
    return code;
  }
  net::Response perform(const std::string& what) {
    const auto rest = [&](std::string_view word) { return what.substr(word.size()); };
    if (what.starts_with("control ")) {
      const auto words = rest("control ");
      const auto space = words.find(" {");
      auto done = service_.control(words.substr(0, space), space == std::string::npos ? "" : words.substr(space + 1));
      return done ? net::Response{200, {}, *done} : net::Response{400, {}, done.error().message()};
    }
    if (what.starts_with("wait "))
      return clock_.advance(std::chrono::seconds{std::stoi(rest("wait "))}), net::Response{200, {}, {}};
    if (what.starts_with("POST ") || what.starts_with("PUT ") || what.starts_with("GET ")) return send(what);
    if (what.starts_with("sms ")) return send_to_phone("sms", rest("sms "));
    if (what.starts_with("call ")) return send_to_phone("voice", rest("call "));
    if (what == "password") return visitor_.give_password(kAccount, kPassword);
    if (what == "wrong password") return visitor_.give_password(kAccount, "not it");
    if (what.starts_with("password of ")) return visitor_.give_password(rest("password of "), kPassword);
    if (what == "password with trust")
      return visitor_.give_password(kAccount, kPassword,
                                    "[\"" + visitor_.kept_value("X-Apple-TwoSV-Trust-Token") + "\"]");
    if (what == "push") return target_.clear(), visitor_.push();
    if (what == "code") return give(service_.shown_code());
    if (what == "wrong code") return give(unlike(service_.shown_code()));
    if (what == "first code") return give(std::string{*visitor_.control("code")["sent"].at(0)["code"].text()});
    if (what == "settings code") {
      target_.clear();
      return give(std::string{*visitor_.control("code/generate")["code"].text()});
    }
    return ask(what);
  }
  net::Response ask(const std::string& what) {
    const std::string identity = "/appleauth/auth", setup = "/setup/ws/1/",
                      photos = "/database/1/com.apple.photos.cloud/production/private/";
    if (what == "options") return visitor_.call("GET", identity);
    if (what == "page") return visitor_.call("GET", identity, {}, {{"Accept", "text/html"}});
    if (what == "repair") return visitor_.call("POST", identity + "/repair/complete", "{}");
    if (what == "trust") return visitor_.call("GET", identity + "/2sv/trust");
    if (what == "login") return visitor_.log_in();
    if (what == "cn login") return visitor_.log_in("/cn");
    if (what == "validate") return visitor_.call("POST", setup + "validate", "null");
    if (what == "keys")
      return visitor_.call("POST", setup + "requestPCS", R"({"appName":"photos","derivedFromUserAction":true})");
    if (what == "state") return visitor_.call("POST", setup + "requestWebAccessState");
    if (what == "consent") return visitor_.call("POST", setup + "enableDeviceConsentForPCS");
    if (what == "logout")
      return visitor_.call("POST", setup + "logout", R"({"trustBrowser":false,"allBrowsers":false})");
    if (what == "zones") return visitor_.call("POST", photos + "zones/list", "{}");
    if (what == "cn zones") return visitor_.call("POST", "/cn" + photos + "zones/list", "{}");
    if (what == "indexing")
      return visitor_.call("POST", photos + "records/query",
                           R"({"query":{"recordType":"CheckIndexingState"},"zoneID":{"zoneName":"PrimarySync"}})");
    ADD_FAILURE() << "no such step: " << what;
    return {};
  }
  net::Response send(const std::string& line) {
    const auto first = line.find(' '), second = line.find(' ', first + 1);
    std::string path = line.substr(first + 1, second == std::string::npos ? second : second - first - 1), body;
    if (second != std::string::npos) body = line.substr(second + 1);
    if (const auto at = body.find("CODE"); at != std::string::npos) body.replace(at, 4, service_.shown_code());
    return visitor_.call(line.substr(0, first), path, body);
  }

  static constexpr const char* kAccount = "demo@example.com";
  static constexpr const char* kPassword = "demo-Password-1";
  Visitor& visitor_;
  Service& service_;
  FakeClock& clock_;
  std::string target_;  ///< the telephone the last code was sent to; empty: the devices
};

/// Those of a sign-in with a code pushed to the devices.
inline std::vector<Step> signed_in_and(std::vector<Step> more) {
  std::vector<Step> steps{{"password", 409}, {"push", 202}, {"code", 204}, {"trust", 204}, {"login"}};
  for (Step& step : more) steps.push_back(std::move(step));
  return steps;
}

}  // namespace icloudphotos::demo
