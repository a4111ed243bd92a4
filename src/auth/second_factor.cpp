// SPDX-License-Identifier: MIT
#include "auth/second_factor.h"

#include <algorithm>
#include <chrono>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;

constexpr Log log{"auth"};
constexpr int kCodeTries = 3;
constexpr int kMostQuestions = 30;  // an asker that is no person ends here
// The account pays for each code that is sent: the one at the start and three on wish.
constexpr int kMostSends = 4;
constexpr auto kBetweenSends = 30s;

Error exhausted(const net::Response& response) {
  return Error{ErrorKind::Refused,
               with_apples_words("too many codes were sent or typed; wait some hours, then try once", response)};
}

Error too_late() {
  return Error{ErrorKind::Refused,
               "Apple has dropped this sign-in, so no code counts any more; mount again to start a new one"};
}

/// Six digits, whatever stands between them.
std::optional<std::string> six_digits(std::string_view typed) {
  std::string digits;
  for (const char c : typed) {
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if (c != ' ' && c != '-') {
      return std::nullopt;
    }
  }
  if (digits.size() != 6) return std::nullopt;
  return digits;
}

void write_phone(JsonWriter& out, const FactorOptions::Phone& phone) {
  out.key("phoneNumber").object().member("id", phone.phone.id);
  if (phone.non_fteu) out.member("nonFTEU", *phone.non_fteu);
  out.end();
}

}  // namespace

SecondFactor::SecondFactor(Calls& calls, Clock& clock, Pauses& pauses, std::string account)
    : calls_{calls}, clock_{clock}, pauses_{pauses} {
  challenge_.account = std::move(account);
}

Result<FactorOptions> SecondFactor::options(const net::Response& completion, std::stop_token stop) {
  auto known = decode_options(completion);
  if (known.security_key) return known;
  const auto response = TRY(calls_.factor_options(stop));
  const int status = true_status(response);
  if (is_throttle(status)) return pauses_.begin(Service::Identity, response);
  if (status == 401 || status == 403) return too_late();
  auto options = decode_options(response);  // a 409 carries them as well
  if (options.phones.empty()) options.phones = std::move(known.phones);
  return options;
}

Result<void> SecondFactor::prove(const net::Response& completion, CodeSource& codes, std::stop_token stop) {
  const auto possible = TRY(options(completion, stop));
  if (possible.security_key) {
    return Error{ErrorKind::Refused,
                 "this Apple Account is protected by security keys, which this program cannot use yet; Apple sends no "
                 "codes for it"};
  }
  for (const auto& phone : possible.phones) challenge_.phones.push_back(phone.phone);
  challenge_.has_devices = possible.trusted_devices;
  // Devices show a code only when asked to. The person may still find one in a device's settings, or wish for a phone.
  if (possible.trusted_devices) TRY(send_if_fit({}, stop));

  for (int questions = 0; questions < kMostQuestions; ++questions) {
    const auto answer = TRY(codes.ask(challenge_, stop));
    challenge_.last_refusal.reset();
    if (answer.kind != Answer::Kind::Code) {
      TRY(wish(answer, possible, stop));
      continue;
    }
    if (TRY(try_code(answer.code, stop))) return {};
    if (wrong_ == kCodeTries) break;
  }
  return Error{ErrorKind::Refused, "three codes were not accepted; mount again to have a new one sent"};
}

Result<void> SecondFactor::wish(const Answer& answer, const FactorOptions& options, std::stop_token stop) {
  if (answer.kind == Answer::Kind::SendToDevices) return send_if_fit({}, stop);
  const auto phone = std::find_if(options.phones.begin(), options.phones.end(),
                                  [&](const auto& each) { return each.phone.id == answer.phone_id; });
  if (phone == options.phones.end()) {
    challenge_.last_refusal = "there is no such phone";
    return {};
  }
  return send_if_fit({*phone, answer.kind == Answer::Kind::Call}, stop);
}

Result<void> SecondFactor::send_if_fit(const Target& target, std::stop_token stop) {
  const auto now = clock_.monotonic();
  const std::pair key{target.phone ? target.phone->phone.id : -1, target.voice};
  if (const auto last = sent_at_.find(key); last != sent_at_.end() && now - last->second < kBetweenSends) {
    challenge_.last_refusal = "a code was sent there just now; wait half a minute before asking for another";
    return {};
  }
  if (sends_ == kMostSends) {
    challenge_.last_refusal = "enough codes were sent for one sign-in; use the last one, or try again in an hour";
    return {};
  }
  ++sends_;
  sent_at_[key] = now;
  return send(target, stop);
}

Result<void> SecondFactor::send(const Target& target, std::stop_token stop) {
  net::Response response;
  if (target.phone) {
    JsonWriter body;
    body.object();
    write_phone(body, *target.phone);
    body.member("mode", target.voice ? "voice" : "sms").end();
    response = TRY(calls_.phone(body.take(), stop));
  } else {
    response = TRY(calls_.push(stop));
  }
  const int status = true_status(response);
  const auto apple = service_error(response);
  const bool not_to_this_number = apple && apple->code == "-28248";  // whatever the status
  if (!not_to_this_number) {
    if (codes_exhausted(response)) return exhausted(response);
    if (is_throttle(status)) return pauses_.begin(Service::Identity, response);
    if (status == 401 || status == 403) return too_late();
  }
  // 409 with a body counts as sent.
  if (!not_to_this_number && (status / 100 == 2 || (target.phone && status == 409))) {
    sent_to_ = target;
    challenge_.code_sent_to_devices = !target.phone;
    challenge_.sent_to_phone.reset();
    if (target.phone) challenge_.sent_to_phone = target.phone->phone.number;
    return {};
  }
  log.warn("a code could not be sent status={}", status);
  challenge_.last_refusal =
      with_apples_words(target.phone ? "no code can be sent to this number now; choose another one, or a device"
                                     : "your devices could not be asked to show a code; get one there under Settings, "
                                       "your name, Sign-In & Security",
                        response);
  return {};
}

Result<bool> SecondFactor::try_code(const Secret& typed, std::stop_token stop) {
  auto code = six_digits(typed.reveal());
  if (!code) {
    challenge_.last_refusal = "a code has six digits";
    return false;
  }
  JsonWriter body;
  body.object();
  if (sent_to_.phone) write_phone(body, *sent_to_.phone);
  body.key("securityCode").object().member("code", *code).end();
  if (sent_to_.phone) body.member("mode", sent_to_.voice ? "voice" : "sms");
  body.end();
  wipe(code->data(), code->size());
  const auto response =
      TRY(sent_to_.phone ? calls_.phone_code(body.take(), stop) : calls_.device_code(body.take(), stop));
  switch (judge_code(response)) {
    case CodeVerdict::AcceptedButRepair:
      (void)TRY(calls_.repair(response, stop));
      return true;
    case CodeVerdict::Accepted:
      return true;
    case CodeVerdict::Locked:
      return exhausted(response);
    case CodeVerdict::ContextLost:
      return too_late();
    case CodeVerdict::Throttled:
      return pauses_.begin(Service::Identity, response);
    case CodeVerdict::Wrong:
    case CodeVerdict::Unclear:
      break;
  }
  ++wrong_;
  challenge_.last_refusal = with_apples_words("that code was not accepted", response);
  return false;
}

}  // namespace icloudphotos::auth
