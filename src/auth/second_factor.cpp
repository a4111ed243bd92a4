// SPDX-License-Identifier: MIT
#include "auth/second_factor.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <fmt/ranges.h>

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
// How long a person may look for the key after having been told.
constexpr int kLooksForKey = 30;
constexpr auto kBetweenLooks = 2s;

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

std::string assertion_json(const KeyChallenge& challenge, const KeyAssertion& signed_by_key) {
  const auto base64 = [](const std::string& bytes) { return base64_encode(as_bytes(bytes)); };
  JsonWriter body;
  body.object().member("challenge", challenge.challenge).member("clientData", base64(signed_by_key.client_data));
  body.member("signatureData", base64(signed_by_key.signature));
  body.member("authenticatorData", base64(signed_by_key.authenticator_data)).key("userHandle");
  if (signed_by_key.user_handle.empty()) {
    body.null();
  } else {
    body.value(base64(signed_by_key.user_handle));
  }
  body.member("credentialID", base64(signed_by_key.credential_id)).member("rpId", challenge.relying_party).end();
  return body.take();
}

}  // namespace

SecondFactor::SecondFactor(Calls& calls, Clock& clock, Pauses& pauses, Memory& memory, const SessionOptions& options)
    : calls_{calls}, clock_{clock}, pauses_{pauses}, memory_{memory}, keys_{options.security_keys} {
  challenge_.account = options.account;
}

HalfWay SecondFactor::half_way() const {
  return memory_.read([](const SavedSession& session) { return session.half_way.value_or(HalfWay{}); });
}

void SecondFactor::note(const std::function<void(HalfWay&)>& change) {
  const auto noted = memory_.change([&](SavedSession& session) {
    if (session.half_way) change(*session.half_way);
  });
  if (!noted) log.warn("how far the sign-in is cannot be kept reason={}", noted.error().message());
}

Error SecondFactor::exhausted(const net::Response& response) {
  (void)memory_.change([](SavedSession& session) { session.half_way.reset(); });
  return Error{ErrorKind::Refused,
               with_apples_words("too many codes were sent or typed; wait some hours, then try once", response)};
}

Result<std::optional<FactorOptions>> SecondFactor::options(const net::Response* completion, std::stop_token stop) {
  if (auto known = half_way().options) return known;
  auto told = completion ? decode_options(*completion) : FactorOptions{};
  if (told.security_key) return std::optional{std::move(told)};
  const auto response = TRY(calls_.factor_options(stop));
  const int status = true_status(response);
  if (is_throttle(status)) return pauses_.begin(Service::Identity, response);
  if (status == 401 || status == 403) return std::optional<FactorOptions>{};
  auto options = decode_options(response);  // a 409 carries them as well
  if (options.phones.empty()) options.phones = std::move(told.phones);
  // The challenge for a key is for once; a list of phones is not.
  if (!options.security_key) note([&](HalfWay& so_far) { so_far.options = options; });
  return std::optional{std::move(options)};
}

void SecondFactor::go_on_from(const HalfWay& so_far, const FactorOptions& possible) {
  if (!so_far.sent_to) return;
  const auto phone = std::find_if(possible.phones.begin(), possible.phones.end(),
                                  [&](const auto& each) { return each.phone.id == *so_far.sent_to; });
  if (phone == possible.phones.end()) {
    challenge_.code_sent_to_devices = *so_far.sent_to == HalfWay::kDevices;
    return;
  }
  sent_to_ = {*phone, so_far.by_voice};
  challenge_.sent_to_phone = phone->phone.number;
}

Result<SecondFactor::Proof> SecondFactor::prove(const net::Response* completion,
                                                std::optional<std::string> what_happened, CodeSource& codes,
                                                std::stop_token stop) {
  const auto possible = TRY(options(completion, stop));
  if (!possible) return Proof::ContextLost;
  if (possible->security_key) return use_key(*possible, codes, stop);
  // Apple tells the phones once only; whoever was killed over it has to begin again.
  if (!completion && possible->phones.empty() && !possible->trusted_devices) return Proof::ContextLost;
  for (const auto& phone : possible->phones) challenge_.phones.push_back(phone.phone);
  challenge_.has_devices = possible->trusted_devices;
  const auto so_far = half_way();
  go_on_from(so_far, *possible);
  // Devices show a code only when asked to. The person may still find one in a device's settings, or wish for a phone.
  if (possible->trusted_devices && !so_far.sent_to) {
    if (TRY(send_if_fit({}, stop)) == Step::ContextLost) return Proof::ContextLost;
  }
  if (what_happened && !challenge_.last_refusal) challenge_.last_refusal = std::move(what_happened);
  return ask(*possible, codes, stop);
}

Result<SecondFactor::Proof> SecondFactor::ask(const FactorOptions& possible, CodeSource& codes, std::stop_token stop) {
  for (int questions = 0; questions < kMostQuestions; ++questions) {
    if (half_way().wrong >= kCodeTries) break;
    const auto answer = TRY(codes.ask(challenge_, stop));
    challenge_.last_refusal.reset();
    const auto step =
        answer.kind == Answer::Kind::Code ? TRY(try_code(answer.code, stop)) : TRY(wish(answer, possible, stop));
    if (step == Step::Accepted) return Proof::Given;
    if (step == Step::ContextLost) return Proof::ContextLost;
  }
  TRY(memory_.change([](SavedSession& session) { session.half_way.reset(); }));
  return Error{ErrorKind::Refused, "three codes were not accepted; sign in again to have a new one sent"};
}

Result<SecondFactor::Step> SecondFactor::wish(const Answer& answer, const FactorOptions& options,
                                              std::stop_token stop) {
  if (answer.kind == Answer::Kind::SendToDevices) return send_if_fit({}, stop);
  const auto phone = std::find_if(options.phones.begin(), options.phones.end(),
                                  [&](const auto& each) { return each.phone.id == answer.phone_id; });
  if (phone == options.phones.end()) {
    challenge_.last_refusal = "there is no such phone";
    return Step::AskAgain;
  }
  return send_if_fit({*phone, answer.kind == Answer::Kind::Call}, stop);
}

Result<SecondFactor::Step> SecondFactor::send_if_fit(const Target& target, std::stop_token stop) {
  const auto now = clock_.monotonic();
  const std::pair key{target.phone ? target.phone->phone.id : HalfWay::kDevices, target.voice};
  if (const auto last = sent_at_.find(key); last != sent_at_.end() && now - last->second < kBetweenSends) {
    challenge_.last_refusal = "a code was sent there just now; wait half a minute before asking for another";
    return Step::AskAgain;
  }
  if (half_way().sends >= kMostSends) {
    challenge_.last_refusal = "enough codes were sent for one sign-in; use the last one, or try again in an hour";
    return Step::AskAgain;
  }
  sent_at_[key] = now;
  note([](HalfWay& so_far) { ++so_far.sends; });
  return send(target, stop);
}

Result<SecondFactor::Step> SecondFactor::send(const Target& target, std::stop_token stop) {
  const auto response =
      TRY(target.phone ? calls_.phone(*target.phone, target.voice ? Calls::Voice::Yes : Calls::Voice::No, stop)
                       : calls_.push(stop));
  const int status = true_status(response);
  const auto apple = service_error(response);
  const bool not_to_this_number = apple && apple->code == "-28248";  // whatever the status
  if (!not_to_this_number) {
    if (codes_exhausted(response)) return exhausted(response);
    if (is_throttle(status)) return pauses_.begin(Service::Identity, response);
    if (status == 401 || status == 403) return Step::ContextLost;
  }
  if (code_was_sent(response, target.phone ? SentTo::Phone : SentTo::Devices)) {
    sent_to_ = target;
    challenge_.code_sent_to_devices = !target.phone;
    challenge_.sent_to_phone.reset();
    if (target.phone) challenge_.sent_to_phone = target.phone->phone.number;
    return Step::AskAgain;
  }
  log.warn("a code could not be sent status={}", status);
  challenge_.last_refusal =
      with_apples_words(target.phone ? "no code can be sent to this number now; choose another one, or a device"
                                     : "your devices could not be asked to show a code; get one there under Settings, "
                                       "your name, Sign-In & Security",
                        response);
  return Step::AskAgain;
}

Result<SecondFactor::Step> SecondFactor::try_code(const Secret& typed, std::stop_token stop) {
  auto code = six_digits(typed.reveal());
  if (!code) {
    challenge_.last_refusal = "a code has six digits";
    return Step::AskAgain;
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
  const auto step = TRY(judge(response, stop));
  if (step == Step::AskAgain) challenge_.last_refusal = with_apples_words("that code was not accepted", response);
  return step;
}

Result<SecondFactor::Step> SecondFactor::judge(const net::Response& response, std::stop_token stop) {
  switch (judge_code(response)) {
    case CodeVerdict::AcceptedButRepair:
      (void)TRY(calls_.repair(response, stop));
      return Step::Accepted;
    case CodeVerdict::Accepted:
      return Step::Accepted;
    case CodeVerdict::Locked:
      return exhausted(response);
    case CodeVerdict::ContextLost:
      return Step::ContextLost;
    case CodeVerdict::Throttled:
      return pauses_.begin(Service::Identity, response);
    case CodeVerdict::Wrong:
    case CodeVerdict::Unclear:
      break;
  }
  return Step::AskAgain;
}

Result<SecondFactor::Proof> SecondFactor::use_key(const FactorOptions& possible, CodeSource& codes,
                                                  std::stop_token stop) {
  if (!keys_) {
    return Error{ErrorKind::Refused,
                 "this Apple Account is protected by security keys, which this program was built without; Apple sends "
                 "no codes for it"};
  }
  if (possible.key.handles.empty() || possible.key.challenge.empty())
    return Error{ErrorKind::Protocol, "Apple wants a security key and does not say which"};
  codes.tell(
      fmt::format("This Apple Account is protected by security keys{}{}{}; plug one in, and touch it when it blinks.",
                  possible.key.names.empty() ? "" : " (", fmt::join(possible.key.names, ", "),
                  possible.key.names.empty() ? "" : ")"));
  const auto signed_by_key = TRY(touch(possible.key, stop));
  const auto response = TRY(calls_.key_signature(assertion_json(possible.key, signed_by_key), stop));
  const auto step = TRY(judge(response, stop));
  if (step == Step::Accepted) return Proof::Given;
  if (step == Step::ContextLost) return Proof::ContextLost;
  return Error{ErrorKind::Refused,
               with_apples_words("Apple did not accept the security key; try again with another one", response)};
}

Result<KeyAssertion> SecondFactor::touch(const KeyChallenge& challenge, std::stop_token stop) {
  for (int looks = 1;; ++looks) {
    auto signed_by_key = keys_->sign(challenge, stop);
    if (signed_by_key || signed_by_key.error().kind() != ErrorKind::NeedsSignIn || looks == kLooksForKey)
      return signed_by_key;
    if (!clock_.sleep_for(kBetweenLooks, stop)) return Error{ErrorKind::Cancelled, "interrupted"};
  }
}

}  // namespace icloudphotos::auth
