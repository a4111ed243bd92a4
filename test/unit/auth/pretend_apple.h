// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "icloudphotos/auth/session.h"
#include "icloudphotos/base/mutex.h"

#include "fake_clock.h"
#include "recorded.h"
#include "scripted_http.h"
#include "temp_dir.h"

namespace icloudphotos::auth {

inline const char* const kPassword = "correct horse battery";

/// A source with one password; counts how often it is asked.
struct FixedPassword final : PasswordSource {
  Result<Secret> password(const std::string&, std::stop_token) override {
    ++asked;
    if (text.empty()) return Error{ErrorKind::NeedsSignIn, "none here"};
    return Secret{text};
  }
  bool unchanged_since(TimePoint) const override { return unchanged; }
  void worked(const std::string& account, const Secret& password) override {
    kept.push_back(account + " " + std::string{password.reveal()});
  }
  std::vector<std::string> kept;
  std::string text = kPassword;
  bool unchanged = false;
  int asked = 0;
};

/// A person who answers what a test wrote, and notes the questions.
struct ScriptedPerson final : CodeSource {
  Result<Answer> ask(const Challenge& challenge, std::stop_token) override {
    questions.push_back(challenge);
    if (answers.empty()) return Error{ErrorKind::Cancelled, "the person has gone"};
    auto answer = std::move(answers.front());
    answers.pop_front();
    return answer;
  }
  bool can_ask() const override { return present; }
  void tell(const std::string& what_to_do) override { told.push_back(what_to_do); }
  std::vector<std::string> told;
  void types(std::string code) { answers.push_back({Answer::Kind::Code, Secret{std::move(code)}, 0}); }
  std::deque<Answer> answers;
  std::vector<Challenge> questions;
  bool present = true;
};

inline net::Response answer(int status, std::string body = {}, net::Headers headers = {}) {
  return {status, std::move(headers), std::move(body)};
}

/// What identity calls give with their answers.
inline net::Headers tokens(const std::string& session_token) {
  return {{"scnt", "scnt-of-" + session_token},
          {"X-Apple-ID-Session-Id", "id-of-" + session_token},
          {"X-Apple-Session-Token", session_token},
          {"X-Apple-ID-Account-Country", "USA"}};
}

/// A challenge that a client can answer; fewer iterations than Apple's spare the test's time.
inline net::Response init_answer() {
  constexpr const char* kB =
      "GOxir6VrkCFvBV5C8zcwzKkdOu9K9OegKM2rAXkBAsLCaXgVdD8AceU2pw5kqYZp7GPQAgcbdqKK8o++"
      "giTEq97iyEgq2xnmUwxawg0EPwlJ446oxb"
      "WlMQjA/4X81dslqVueVmxdHaDjUxqpf3TBvwNloLOnCfX/"
      "1GNIisc+T71qmO3i1GMJYMZdsOjsgBx930pHQdMG7qrDbgeqj+FS12Ai44aclx4ynCBV"
      "BBXykm7+uc1V5z+mlceji5deo8y2h4tc8kBIvLxiCGuxqHS6s8Hs+lu5hLtgPqPN+"
      "13Jq8O8k1hwI1r2VoJq2Mz7gfDBoqlGUK4pi2nLuuK99T4VEg"
      "==";
  return answer(200,
                std::string{R"({"iteration":1000,"salt":"obLD1OX2BxgpOktcbX6PkA==","protocol":"s2k","b":")"} + kB +
                    R"(","c":"d-1a2:MSA"})",
                {{"scnt", "scnt-of-init"}});
}

inline net::Response trusted_account() { return recorded("auth/account-login-200-trusted.json").response; }
inline net::Response untrusted_account() { return recorded("auth/account-login-200-untrusted.json").response; }
inline net::Response trust_answer() {
  auto response = answer(204, "", tokens("token-after-trust"));
  response.headers.add("X-Apple-TwoSV-Trust-Token", "the-trust-token");
  return response;
}
inline net::Response factor_options() {
  return answer(
      200,
      R"({"trustedPhoneNumbers":[{"id":3,"numberWithDialCode":"+1 (•••) •••-••81","pushMode":"sms","nonFTEU":true},)"
      R"({"id":7,"numberWithDialCode":"+49 ••• •••22","pushMode":"voice"}],"noTrustedDevices":false})");
}
inline const char* const kWrongCode =
    R"({"service_errors":[{"code":"-21669","title":"Incorrect","message":"Incorrect verification code."}],"hasError":true})";

/// A session in a directory of its own, on a clock of the days when the answers were recorded.
class SessionTest : public testing::Test {
 protected:
  SessionTest() {
    // One proof in 57 is thrown away and begun anew, which no script can know.
    http.otherwise([](const net::Request& request) -> Result<net::Response> {
      if (request.url.ends_with("/signin/init")) return init_answer();
      ADD_FAILURE() << "unexpected: " << request.method << " " << request.url;
      return Error{ErrorKind::Usage, "not in the script"};
    });
  }

  std::unique_ptr<Session> open() {
    SessionOptions options{" Ann@Example.COM ", directory.path(), endpoints, {}};
    options.unattended = unattended;
    options.security_keys = keys;
    options.patience = patience;
    options.on_event = [this](SessionEvent event, const SessionStatus& status) {
      const Lock lock{mutex};
      events.push_back(event);
      last_status = status;
    };
    auto session = Session::open(http, clock, std::move(options));
    if (!session) {
      ADD_FAILURE() << session.error().message();
      return nullptr;
    }
    return *std::move(session);
  }
  Result<void> sign_in() { return open()->sign_in(passwords, person, {}); }

  void expect_password(net::Response completion) {
    http.expect("POST", "/signin/init", init_answer()).expect("POST", "/signin/complete", std::move(completion));
  }
  void expect_question() {
    expect_password(answer(409, R"({"authType":"hsa2"})", tokens("token-after-password")));
    http.expect("GET", "/appleauth/auth", factor_options());
    http.expect("PUT", "/verify/trusteddevice/securitycode", answer(202, "{}"));
  }
  void expect_trust_and_login() {
    http.expect("GET", "/2sv/trust", trust_answer()).expect("POST", "/accountLogin", trusted_account());
  }
  /// Signs in with a code, so that cookies and tokens are saved.
  void be_signed_in() {
    expect_question();
    http.expect("POST", "/verify/trusteddevice/securitycode", answer(204, "", tokens("token-after-code")));
    expect_trust_and_login();
    person.types("012345");
    const auto done = sign_in();
    ASSERT_TRUE(done) << done.error().message();
    asked_before = http.requests().size();
    passwords.asked = 0;
  }
  /// The calls since `be_signed_in`, repeated inits left out.
  [[nodiscard]] std::vector<std::string> calls() const {
    std::vector<std::string> all;
    const auto every = http.calls();
    for (auto i = asked_before; i < every.size(); ++i) {
      const auto call = every[i];
      if (all.empty() || call != all.back() || !call.ends_with("init")) all.push_back(call);
    }
    return all;
  }
  [[nodiscard]] net::Request request_to(std::string_view path) const {
    for (const auto& request : http.requests()) {
      const auto url = net::parse_url(request.url);
      if (url && url->path.substr(0, url->path.find('?')).ends_with(path)) return request;
    }
    ADD_FAILURE() << "never asked: " << path;
    return {};
  }

  TempDir directory;
  FakeClock clock{TimePoint{std::chrono::seconds{1'702'842'212}}};  // 2023-12-17
  ScriptedHttp http;
  FixedPassword passwords;
  ScriptedPerson person;
  Endpoints endpoints;
  PasswordSource* unattended = nullptr;
  SecurityKeys* keys = nullptr;
  std::chrono::milliseconds patience{30'000};
  Mutex mutex;
  std::vector<SessionEvent> events;
  SessionStatus last_status;
  std::size_t asked_before = 0;
};

}  // namespace icloudphotos::auth
