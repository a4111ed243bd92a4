// SPDX-License-Identifier: MIT
#include "identity_answers.h"

#include <bit>

#include <fmt/format.h>

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::demo {
namespace {

net::ServerResponse code_error(int status, std::string_view code, std::string_view message) {
  JsonWriter out;
  out.object().key("service_errors").array().object().member("code", code);
  out.member("title", "Incorrect Verification Code").member("message", message).member("suppressDismissal", false);
  auto response = json_answer(status, out.end().end().member("hasError", true).end().take());
  response.headers.add("X-Apple-I-Ercd", std::string{code});
  return response;
}

/// A refusal that looks like success until its headers are read.
net::ServerResponse hidden(std::string_view status) {
  auto response = json_answer(200, "{}");
  response.headers.add("X-Apple-I-Rscd", std::string{status});
  return response;
}

}  // namespace

net::ServerResponse identity_error(int status, std::string_view code, std::string_view message) {
  JsonWriter out;
  out.object().key("serviceErrors").array().object().member("code", code);
  out.member("message", message).member("suppressDismissal", false);
  auto response = json_answer(status, out.end().end().end().take());
  response.headers.add("X-Apple-I-Ercd", std::string{code});
  return response;
}

net::ServerResponse context_lost() { return identity_error(401, "-20528", "Your session has ended. Sign in again."); }

net::ServerResponse unavailable() {
  net::ServerResponse response;
  response.status = 503;
  response.headers.add("Content-Type", "text/html");
  response.body = "Service Temporary Unavailable";
  return response;
}

net::ServerResponse account_locked() {
  return identity_error(403, "-20209", "This Apple Account has been locked for security reasons.");
}

net::ServerResponse wrong_password(PasswordRefusal refusal) {
  switch (refusal) {
    case PasswordRefusal::Status401:
      break;
    case PasswordRefusal::Code20283:
      return identity_error(401, "-20283", "Check the account information you entered and try again.");
    case PasswordRefusal::Status403:
      return json_answer(403, "{}");
    case PasswordRefusal::Hidden401:
      return hidden("401");
    case PasswordRefusal::Hidden403:
      return hidden("403");
  }
  return identity_error(401, "-20101", "Enter the email or phone number and password for your Apple Account.");
}

net::ServerResponse wrong_code(CodeRefusal refusal) {
  if (refusal == CodeRefusal::Status409) return json_answer(409, R"({"securityCode":{"valid":false}})");
  return code_error(refusal == CodeRefusal::Status200 ? 200 : 400, "-21669", "Incorrect verification code.");
}

net::ServerResponse too_many_wrong_codes() {
  return code_error(400, "-22982", "Too many verification codes have been entered. Try again later.");
}

bool proves_work(std::string_view proof, std::string_view challenge, std::int64_t bits) {
  const auto parts = split(proof, ':');
  if (parts.size() != 6 || parts[0] != "1" || parts[1] != std::to_string(bits) || parts[3] != challenge) return false;
  std::int64_t zeros = 0;
  for (const std::byte byte : sha1(as_bytes(proof))) {
    const int leading = std::countl_zero(std::to_integer<std::uint8_t>(byte));
    zeros += leading;
    if (leading < 8) break;
  }
  return zeros >= bits;
}

}  // namespace icloudphotos::demo
