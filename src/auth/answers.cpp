// SPDX-License-Identifier: MIT
#include "auth/answers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::auth {
namespace {

std::string text_of(JsonView value) {
  if (const auto text = value.text()) return std::string{*text};
  if (const auto number = value.integer()) return std::to_string(*number);
  return {};
}

/// The JSON inside the page's `<script class="… boot_args …">`. One pass, no backtracking.
std::optional<std::string_view> boot_args(std::string_view page) {
  constexpr std::string_view kOpen = "<script";
  constexpr std::string_view kClose = "</script>";
  for (std::size_t at = page.find(kOpen); at != std::string_view::npos; at = page.find(kOpen, at + 1)) {
    const auto tag_end = page.find('>', at);
    if (tag_end == std::string_view::npos) return std::nullopt;
    const auto tag = page.substr(at, tag_end - at);
    const auto end = page.find(kClose, tag_end);
    if (end == std::string_view::npos) return std::nullopt;
    const auto name = tag.find("class=");
    if (name == std::string_view::npos || name + 7 > tag.size()) continue;
    auto classes = tag.substr(name + 6);
    const char quote = classes.front();
    classes = quote == '"' || quote == '\'' ? classes.substr(1, classes.find(quote, 1) - 1) : classes.substr(0, classes.find(' '));
    const auto words = split(classes, ' ');
    if (std::find(words.begin(), words.end(), "boot_args") != words.end()) return page.substr(tag_end + 1, end - tag_end - 1);
  }
  return std::nullopt;
}

FactorOptions::Phone phone_of(JsonView view) {
  FactorOptions::Phone phone;
  phone.phone.id = static_cast<int>(view["id"].integer().value_or(0));
  phone.phone.number = text_of(view["numberWithDialCode"]);
  if (phone.phone.number.empty()) phone.phone.number = text_of(view["obfuscatedNumber"]);
  phone.phone.voice = view["pushMode"].text() == "voice";
  if (view["nonFTEU"].exists()) phone.non_fteu = view["nonFTEU"].boolean();
  return phone;
}

/// Takes the phones from the first place that has any.
void read_phones(JsonView root, std::vector<FactorOptions::Phone>& phones) {
  const auto two_sv = root["direct"]["twoSV"];
  const std::array places{two_sv["phoneNumberVerification"], two_sv["bridgeInitiateData"]["phoneNumberVerification"],
                          root["phoneNumberVerification"], root};
  for (const auto& place : places) {
    place["trustedPhoneNumbers"].each([&](JsonView each) { phones.push_back(phone_of(each)); });
    if (!phones.empty()) return;
  }
  for (const auto& place : places) {
    if (const auto single = place["trustedPhoneNumber"]; single.is_object()) return phones.push_back(phone_of(single));
  }
}

bool no_devices(JsonView root) {
  const auto direct = root["direct"]["hasTrustedDevices"].boolean();
  if (direct) return !*direct;
  return root["noTrustedDevices"].boolean().value_or(false) ||
         root["phoneNumberVerification"]["noTrustedDevices"].boolean().value_or(false);
}

/// `securityCode` wherever the answer keeps it.
JsonView security_code(JsonView root) {
  for (const auto& place : {root["securityCode"], root["phoneNumberVerification"]["securityCode"]}) {
    if (place.is_object()) return place;
  }
  return {};
}

bool says(JsonView view, std::string_view member) { return view[member].boolean().value_or(false); }

}  // namespace

int true_status(const net::Response& response) {
  if (response.status != 200) return response.status;
  int hidden = 0;
  if (const auto text = response.headers.get("X-Apple-I-Rscd")) std::from_chars(text->data(), text->data() + text->size(), hidden);
  return hidden >= 400 && hidden < 600 ? hidden : response.status;
}

std::optional<ServiceError> service_error(const net::Response& response) {
  ServiceError error;
  if (const auto document = JsonDocument::parse(response.body)) {
    const auto root = document->root();
    for (const auto* name : {"service_errors", "serviceErrors"}) {
      const auto first = root[name].at(0);
      if (!first.exists()) continue;
      error = {text_of(first["code"]), text_of(first["message"])};
      if (error.message.empty()) error.message = text_of(first["title"]);
      return error;
    }
    for (const auto* name : {"serverErrorCode", "errorCode"}) {
      if (error.code.empty()) error.code = text_of(root[name]);
    }
    for (const auto* name : {"errorMessage", "errorReason", "reason", "error"}) {
      if (error.message.empty()) error.message = std::string{root[name].text().value_or("")};
    }
    if (says(root, "hasError") || says(root, "has_error")) return error;
  }
  if (const auto code = response.headers.get("X-Apple-I-Ercd"); code && !code->empty()) error.code = *code;
  if (error.code.empty() && error.message.empty()) return std::nullopt;
  return error;
}

Result<InitAnswer> decode_init(std::string_view body) {
  // Its content type says HTML; it is JSON all the same.
  const auto document = TRY(JsonDocument::parse(body));
  const auto root = document.root();
  const auto salt = base64_decode(root["salt"].text().value_or(""));
  const auto b = base64_decode(root["b"].text().value_or(""));
  const auto iterations = root["iteration"].integer();
  if (!salt || !b || !iterations || !root["c"].exists()) {
    return Error{ErrorKind::Protocol, "the sign-in server's challenge is not complete"};
  }
  return InitAnswer{{std::string{root["protocol"].text().value_or("")}, *salt, *iterations, *b}, root["c"].dump()};
}

FactorOptions decode_options(const net::Response& response) {
  FactorOptions options;
  std::string_view json = response.body;
  if (const auto inside = boot_args(json)) json = *inside;
  const auto document = JsonDocument::parse(json);
  if (!document) return options;
  const auto root = document->root();
  read_phones(root, options.phones);
  options.trusted_devices = !no_devices(root);
  options.security_key = root["fsaChallenge"].exists() || root["direct"]["twoSV"]["fsaChallenge"].exists();
  return options;
}

CodeVerdict judge_code(const net::Response& response) {
  const int status = true_status(response);
  const auto error = service_error(response);
  const auto code = error ? error->code : std::string{};
  if (code == "-22982" || status == 423) return CodeVerdict::Locked;
  if (code == "-21669") return CodeVerdict::Wrong;
  const auto document = JsonDocument::parse(response.body);
  const auto state = document ? security_code(document->root()) : JsonView{};
  if (says(state, "securityCodeLocked") || says(state, "tooManyCodesValidated")) return CodeVerdict::Locked;

  const bool has_errors = document && (says(document->root(), "hasError") || says(document->root(), "has_error") ||
                                       document->root()["service_errors"].size() + document->root()["serviceErrors"].size() > 0);
  if (status >= 200 && status < 300) return has_errors ? CodeVerdict::Wrong : CodeVerdict::Accepted;
  // Since the middle of 2026 a right code may be answered 409; either sign of it will do, and the account login settles it.
  if (status == 409 || status == 412) {
    const bool taken = says(state, "valid") || response.headers.get("X-Apple-Session-Token").has_value();
    if (!taken) return CodeVerdict::Wrong;
    return status == 412 ? CodeVerdict::AcceptedButRepair : CodeVerdict::Accepted;
  }
  if (status == 401 || status == 403 || status == 404) return CodeVerdict::ContextLost;
  if (status == 429 || status >= 500) return CodeVerdict::Throttled;
  return status == 400 ? CodeVerdict::Wrong : CodeVerdict::Unclear;
}

Result<Account> decode_account(std::string_view body) {
  const auto document = TRY(JsonDocument::parse(body));
  const auto root = document.root();
  Account account;
  account.dsid = text_of(root["dsInfo"]["dsid"]);
  const auto photos = root["webservices"]["ckdatabasews"];
  if (photos["status"].text().value_or("active") == "active") account.photos_url = text_of(photos["url"]);
  while (account.photos_url.ends_with('/')) account.photos_url.pop_back();
  account.other_domain = text_of(root["domainToUse"]);
  account.terms_pending = says(root, "termsUpdateNeeded");
  // Accounts without a second factor have none of these members.
  const bool challenged = says(root, "hsaChallengeRequired") || !says(root, "hsaTrustedBrowser");
  account.second_factor_wanted = challenged && root["dsInfo"]["hsaVersion"].integer().value_or(0) >= 1;
  return account;
}

}  // namespace icloudphotos::auth
