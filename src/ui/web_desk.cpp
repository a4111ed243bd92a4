// SPDX-License-Identifier: MIT
#include "ui/web_desk.h"

#include <utility>

#include <fmt/format.h>

namespace icloudphotos::ui {
namespace {

using Kind = WebScene::Kind;
using Way = auth::Answer::Kind;

WebScene working(std::string_view at) {
  WebScene scene;
  scene.kind = Kind::Working;
  scene.text = at;
  return scene;
}

std::optional<Secret> six_digits(const Secret& typed) {
  std::string digits;
  bool is_other = false;
  for (const char c : typed.reveal()) {
    if (c >= '0' && c <= '9') {
      digits += c;
    } else {
      is_other |= c != ' ' && c != '-';
    }
  }
  Secret code{digits};
  wipe(digits.data(), digits.size());
  if (is_other || code.reveal().size() != 6) return std::nullopt;
  return code;
}

std::optional<auth::Answer> read_wish(std::string_view how, const auth::Challenge& challenge) {
  if (how == "devices:0" && challenge.has_devices) return auth::Answer{Way::SendToDevices, {}, 0};
  for (const auto& phone : challenge.phones) {
    if (how == fmt::format("sms:{}", phone.id)) return auth::Answer{Way::SendSms, {}, phone.id};
    if (how == fmt::format("call:{}", phone.id)) return auth::Answer{Way::Call, {}, phone.id};
  }
  return std::nullopt;
}

}  // namespace

WebDesk::WebDesk(std::string account) : account_{std::move(account)} { scene_.account = account_; }

Result<auth::Answer> WebDesk::ask(WebScene question, std::stop_token stop) {
  const Error stopped{ErrorKind::Cancelled, "interrupted"};
  Lock lock{mutex_};
  if (!changed_.wait(lock, stop, [this]() REQUIRES(mutex_) { return !is_asked_; })) return stopped;
  is_asked_ = true;
  answer_.reset();
  question.question = ++questions_;
  set(std::move(question));
  const bool answered = changed_.wait(lock, stop, [this]() REQUIRES(mutex_) { return answer_.has_value(); });
  is_asked_ = false;
  changed_.notify_all();
  if (answered) return *std::exchange(answer_, std::nullopt);
  // Answered elsewhere, or no sign-in any more; the session's status tells which.
  set({});
  return stopped;
}

void WebDesk::show(WebScene scene) {
  const Lock lock{mutex_};
  if (!is_asked_ || answer_) set(std::move(scene));
}

WebScene WebDesk::scene() const {
  const Lock lock{mutex_};
  return scene_;
}

void WebDesk::give_password(std::uint64_t question, Secret password) {
  const Lock lock{mutex_};
  if (!is_open(Kind::Password, question)) return;
  if (password.empty()) {
    scene_.complaint = "please type the password";
    return;
  }
  take({Way::Code, std::move(password), 0}, "Checking the password…");
}

void WebDesk::give_code(std::uint64_t question, const Secret& typed) {
  auto code = six_digits(typed);
  const Lock lock{mutex_};
  if (!is_open(Kind::Code, question)) return;
  if (!code) {
    scene_.complaint = "please type the six digits";
    return;
  }
  take({Way::Code, std::move(*code), 0}, "Checking the code…");
}

void WebDesk::give_wish(std::uint64_t question, std::string_view how) {
  const Lock lock{mutex_};
  if (!is_open(Kind::Code, question)) return;
  auto wish = read_wish(how, scene_.challenge);
  if (!wish) return;
  const bool by_voice = wish->kind == Way::Call;
  take(std::move(*wish), by_voice ? "Asking Apple to call…" : "Asking Apple for a code…");
}

bool WebDesk::begin_sign_in() {
  const Lock lock{mutex_};
  if (scene_.kind != Kind::Start && scene_.kind != Kind::Ended) return false;
  set(working("Beginning to sign in…"));
  return true;
}

bool WebDesk::is_open(Kind kind, std::uint64_t question) const {
  return is_asked_ && !answer_ && scene_.kind == kind && scene_.question == question;
}

void WebDesk::take(auth::Answer answer, std::string_view next) {
  answer_ = std::move(answer);
  set(working(next));
  changed_.notify_all();
}

void WebDesk::set(WebScene scene) {
  scene_ = std::move(scene);
  if (scene_.account.empty()) scene_.account = account_;
}

}  // namespace icloudphotos::ui
