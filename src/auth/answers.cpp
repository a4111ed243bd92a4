// SPDX-License-Identifier: MIT
#include "auth/answers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::auth {
namespace {

constexpr std::size_t kLongestSentence = 300;
// What is kept goes to disk, so it is bounded.
constexpr std::size_t kMostServices = 100;
constexpr std::size_t kLongestService = 1000;

std::string text_of(JsonView value) {
  if (const auto text = value.text()) return std::string{*text};
  if (const auto number = value.integer()) return std::to_string(*number);
  return {};
}

/// For people: it ends on terminals and in logs.
std::string sentence_of(JsonView value) {
  return printable(cut_at_code_point(value.text().value_or(""), kLongestSentence));
}

bool says(JsonView view, std::string_view member) { return view[member].boolean().value_or(false); }

bool has_errors(JsonView root) {
  return says(root, "hasError") || says(root, "has_error") ||
         root["service_errors"].size() + root["serviceErrors"].size() > 0;
}

/// `securityCode` wherever the answer keeps it.
JsonView security_code(JsonView root) {
  for (const auto& place : {root["securityCode"], root["phoneNumberVerification"]["securityCode"]}) {
    if (place.is_object()) return place;
  }
  return {};
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.size() <= 32 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

int true_status(const net::Response& response) {
  if (response.status != 200) return response.status;
  int hidden = 0;
  if (const auto text = response.headers.get("X-Apple-I-Rscd"))
    std::from_chars(text->data(), text->data() + text->size(), hidden);
  return hidden >= 400 && hidden < 600 ? hidden : response.status;
}

bool is_throttle(int status) { return status == 429 || status >= 500; }

std::optional<ServiceError> service_error(const net::Response& response) {
  ServiceError error;
  if (const auto document = JsonDocument::parse(response.body)) {
    const auto root = document->root();
    for (const auto* name : {"service_errors", "serviceErrors"}) {
      const auto first = root[name].at(0);
      if (!first.exists()) continue;
      error = {printable(text_of(first["code"])), sentence_of(first["message"])};
      if (error.message.empty()) error.message = sentence_of(first["title"]);
      return error;
    }
    for (const auto* name : {"serverErrorCode", "errorCode"}) {
      if (error.code.empty()) error.code = printable(text_of(root[name]));
    }
    for (const auto* name : {"errorMessage", "errorReason", "reason", "error"}) {
      if (error.message.empty()) error.message = sentence_of(root[name]);
    }
    if (says(root, "hasError") || says(root, "has_error")) return error;
  }
  if (const auto code = response.headers.get("X-Apple-I-Ercd"); code && !code->empty() && code != "0")
    error.code = printable(*code);
  if (error.code.empty() && error.message.empty()) return std::nullopt;
  return error;
}

std::string with_apples_words(std::string_view ours, const net::Response& response) {
  const auto apple = service_error(response);
  if (!apple || (apple->message.empty() && apple->code.empty())) return std::string{ours};
  return fmt::format("{} (Apple says: {})", ours, apple->message.empty() ? apple->code : apple->message);
}

Result<InitAnswer> decode_init(std::string_view body) {
  // Its content type says HTML; it is JSON all the same.
  const auto document = TRY(JsonDocument::parse(body));
  const auto root = document.root();
  const auto salt = base64_decode(root["salt"].text().value_or(""));
  const auto b = base64_decode(root["b"].text().value_or(""));
  const auto iterations = root["iteration"].integer();
  if (!salt || salt->empty() || !b || b->empty() || !iterations || !root["c"].exists()) {
    return Error{ErrorKind::Protocol, "the sign-in server's challenge is not complete"};
  }
  return InitAnswer{{std::string{root["protocol"].text().value_or("")}, *salt, *iterations, *b}, root["c"].dump()};
}

bool codes_exhausted(const net::Response& response) {
  const auto error = service_error(response);
  if (true_status(response) == 423 || (error && error->code == "-22982")) return true;
  const auto document = JsonDocument::parse(response.body);
  if (!document) return false;
  const auto state = security_code(document->root());
  for (const auto* limit :
       {"securityCodeLocked", "tooManyCodesSent", "tooManyCodesValidated", "securityCodeCooldown"}) {
    if (says(state, limit)) return true;
  }
  return false;
}

bool code_was_sent(const net::Response& response, SentTo target) {
  const auto error = service_error(response);
  if (error && error->code == "-28248") return false;  // not to this number, whatever the status
  const int status = true_status(response);
  return !codes_exhausted(response) && (status / 100 == 2 || (target == SentTo::Phone && status == 409));
}

CodeVerdict judge_code(const net::Response& response) {
  const int status = true_status(response);
  const auto error = service_error(response);
  const auto code = error ? error->code : std::string{};
  if (code == "-22982" || status == 423) return CodeVerdict::Locked;
  if (code == "-21669") return CodeVerdict::Wrong;
  if (is_throttle(status)) return CodeVerdict::Throttled;

  const auto document = JsonDocument::parse(response.body);
  const auto root = document ? document->root() : JsonView{};
  const auto state = security_code(root);
  const bool locked = says(state, "securityCodeLocked") || says(state, "tooManyCodesValidated");
  if (status >= 200 && status < 300 && !has_errors(root)) return CodeVerdict::Accepted;
  // Since the middle of 2026 a right code may be answered 409; either sign of it will do, and the account login settles
  // it.
  if (status == 409 || status == 412) {
    const bool taken = says(state, "valid") || response.headers.get("X-Apple-Session-Token").has_value();
    if (taken) return status == 412 ? CodeVerdict::AcceptedButRepair : CodeVerdict::Accepted;
  }
  if (locked) return CodeVerdict::Locked;
  if (status == 401 || status == 403 || status == 404) return CodeVerdict::ContextLost;
  const bool refused = status == 400 || status == 409 || status == 412 || has_errors(root);
  return refused ? CodeVerdict::Wrong : CodeVerdict::Unclear;
}

bool lacks_session(const net::Response& response) {
  const auto error = service_error(response);
  return error && error->message.find("Missing apple_id") != std::string::npos;
}

Result<Account> decode_account(std::string_view body) {
  const auto document = TRY(JsonDocument::parse(body));
  const auto root = document.root();
  if (!root.is_object()) return Error{ErrorKind::Protocol, "an account's description is not a JSON object"};
  Account account;
  const auto info = root["dsInfo"];
  if (const auto dsid = text_of(info["dsid"]); is_digits(dsid)) account.dsid = dsid;
  root["webservices"].each_member([&](std::string_view name, JsonView service) {
    auto url = service["url"].text().value_or("");
    while (url.ends_with('/')) url.remove_suffix(1);
    const bool fits = account.webservices.size() < kMostServices && name.size() + url.size() < kLongestService;
    const bool active = service["status"].text().value_or("active") == "active";
    if (!url.empty() && active && fits) account.webservices.emplace(name, url);
  });
  if (const auto photos = account.webservices.find("ckdatabasews"); photos != account.webservices.end()) {
    account.photos_url = photos->second;
  }
  if (!info.exists()) account.other_domain = sentence_of(root["domainToUse"]);
  account.terms_pending = says(root, "termsUpdateNeeded");
  account.web_access = info["isWebAccessAllowed"].boolean().value_or(true);
  account.data_protected = says(root, "iCDPEnabled") || says(info, "iCDPEnabled");
  account.managed = says(info, "isManagedAppleID");
  account.locked = says(info, "locked");
  // Accounts without a second factor have none of these members.
  const auto version = info["hsaVersion"].integer().value_or(0);
  const bool challenged = says(root, "hsaChallengeRequired") || !says(root, "hsaTrustedBrowser");
  account.second_factor_wanted = challenged && version >= 1;
  account.two_step = account.second_factor_wanted && version == 1;
  return account;
}

}  // namespace icloudphotos::auth
