// SPDX-License-Identifier: MIT
#include "ui/control_messages.h"

#include <array>
#include <string_view>
#include <utility>

namespace icloudphotos::ui {
namespace {

using Kind = auth::Answer::Kind;
constexpr std::array<std::pair<std::string_view, Kind>, 4> kAnswers{
    {{"code", Kind::Code}, {"sms", Kind::SendSms}, {"call", Kind::Call}, {"devices", Kind::SendToDevices}}};

// Those that a call can end in.
constexpr std::array kErrorKinds{ErrorKind::NotFound,  ErrorKind::NeedsSignIn, ErrorKind::Refused,
                                 ErrorKind::Throttled, ErrorKind::Offline,     ErrorKind::Protocol,
                                 ErrorKind::Storage,   ErrorKind::Usage,       ErrorKind::Cancelled,
                                 ErrorKind::Rejected,  ErrorKind::StaleToken,  ErrorKind::Incomplete};

std::optional<std::string> optional_text(JsonView value) {
  const auto text = value.text();
  return text ? std::optional<std::string>{*text} : std::nullopt;
}

}  // namespace

std::string write_challenge(const auth::Challenge& challenge) {
  JsonWriter out;
  out.object().member("ask", "code").member("account", challenge.account);
  out.member("code_sent_to_devices", challenge.code_sent_to_devices).member("has_devices", challenge.has_devices);
  if (challenge.last_refusal) out.member("last_refusal", *challenge.last_refusal);
  if (challenge.sent_to_phone) out.member("sent_to_phone", *challenge.sent_to_phone);
  out.key("phones").array();
  for (const auto& phone : challenge.phones)
    out.object().member("id", phone.id).member("number", phone.number).member("voice", phone.voice).end();
  return out.end().end().take();
}

auth::Challenge read_challenge(JsonView message) {
  auth::Challenge challenge;
  challenge.account = message["account"].text().value_or("");
  challenge.code_sent_to_devices = message["code_sent_to_devices"].boolean().value_or(false);
  challenge.has_devices = message["has_devices"].boolean().value_or(false);
  challenge.last_refusal = optional_text(message["last_refusal"]);
  challenge.sent_to_phone = optional_text(message["sent_to_phone"]);
  message["phones"].each([&](JsonView phone) {
    challenge.phones.push_back({static_cast<int>(phone["id"].integer().value_or(0)),
                                std::string{phone["number"].text().value_or("")},
                                phone["voice"].boolean().value_or(false)});
  });
  return challenge;
}

std::string write_answer(const auth::Answer& answer) {
  JsonWriter out;
  out.object();
  for (const auto& [name, kind] : kAnswers)
    if (kind == answer.kind) out.member("kind", name);
  if (answer.kind == Kind::Code) out.member("code", answer.code.reveal());
  return out.member("phone", answer.phone_id).end().take();
}

Result<auth::Answer> read_answer(JsonView message) {
  for (const auto& [name, kind] : kAnswers) {
    if (message["kind"].text() != name) continue;
    return auth::Answer{kind, Secret{std::string{message["code"].text().value_or("")}},
                        static_cast<int>(message["phone"].integer().value_or(0))};
  }
  return Error{ErrorKind::Protocol, "an answer that makes no sense"};
}

std::string write_error(const Error& error) {
  return JsonWriter{}.object().member("error", name_of(error.kind())).member("sentence", error.message()).end().take();
}

Error read_error(JsonView message) {
  auto kind = ErrorKind::Protocol;
  for (const auto each : kErrorKinds)
    if (message["error"].text() == name_of(each)) kind = each;
  return Error{kind, std::string{message["sentence"].text().value_or("an answer that makes no sense")}};
}

}  // namespace icloudphotos::ui
