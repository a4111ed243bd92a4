// SPDX-License-Identifier: MIT
#include "front_desk.h"

#include <chrono>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "icloudphotos/auth/password_source.h"
#include "icloudphotos/base/log.h"

namespace icloudphotos {
namespace {

constexpr Log log{"sign-in"};

/// What time, or a person who comes later, can mend.
bool may_pass(ErrorKind kind) {
  return kind == ErrorKind::NeedsSignIn || kind == ErrorKind::Refused || kind == ErrorKind::Throttled ||
         kind == ErrorKind::Offline;
}

std::optional<ui::NotifierOptions::MailOptions> mail_options(const cli::MountOptions& options,
                                                             auth::PasswordSource* password) {
  if (!options.smtp_host) return std::nullopt;
  net::MailServer server;
  server.host = *options.smtp_host;
  server.port = options.smtp_port;
  server.username = options.smtp_username;
  server.tls = !options.smtp_no_tls;
  server.ca_file = options.ca_file;
  const auto& from = options.notification_email_from;
  return ui::NotifierOptions::MailOptions{server, password, from.empty() ? options.notification_email : from,
                                          options.notification_email};
}

}  // namespace

FrontDesk::FrontDesk(Clock& clock, const Setting& setting)
    : clock_{clock}, setting_{setting}, passwords_{setting.options} {}

FrontDesk::~FrontDesk() {
  control_.reset();
  trust_ = {};
  std::jthread page_sign_in;
  {
    const Lock lock{mutex_};
    page_sign_in = std::move(page_sign_in_);
  }
}

Result<std::unique_ptr<FrontDesk>> FrontDesk::open(net::Http& http, Clock& clock, const Setting& setting) {
  std::unique_ptr<FrontDesk> desk{new FrontDesk{clock, setting}};
  TRY(desk->open_session(http));
  TRY(desk->open_page());
  TRY(desk->open_control());
  // Last, because what it finds out is told by all the others.
  desk->trust_ = std::jthread{[it = desk.get()](std::stop_token stop) { it->session_->keep_trusted(std::move(stop)); }};
  return desk;
}

Result<void> FrontDesk::open_session(net::Http& http) {
  const auto& options = setting_.options;
  if (!options.demo) {
    if (options.smtp_password_command) mail_password_ = auth::make_password_command(*options.smtp_password_command);
    notifier_ = std::make_unique<ui::Notifier>(
        ui::NotifierOptions{setting_.account.state, true, options.notify, mail_options(options, mail_password_.get())},
        clock_);
  }
  keys_ = auth::make_security_keys();
  auth::SessionOptions session;
  session.account = setting_.account.name;
  session.state_dir = setting_.account.state;
  session.endpoints = TRY(endpoints(options));
  session.unattended = &passwords_.unattended();
  session.security_keys = keys_.get();
  session.on_event = [this](auto event, const auto& status) { on_event(event, status); };
  session_ = TRY(auth::Session::open(http, clock_, std::move(session)));
  return {};
}

Result<void> FrontDesk::open_page() {
  const auto& options = setting_.options;
  const bool wanted = options.mfa_provider == cli::CodeProvider::WebPage ||
                      options.password_providers.back() == cli::PasswordProvider::WebPage;
  if (!wanted || options.demo) return {};
  page_ = TRY(ui::WebPage::start({options.web_port.value_or(0), setting_.account.name,
                                  [this] { return session_->status(); }, [this] { sign_in_by_page(); }}));
  return {};
}

Result<void> FrontDesk::open_control() {
  ui::ControlCalls calls;
  calls.sign_in = [this](auto& passwords, auto& codes, std::stop_token stop) {
    return sign_in(passwords, codes, stop);
  };
  calls.give_code = [this](Secret code, std::stop_token stop) -> Result<void> {
    const auto given = inbox_.give(code);
    if (given || given.error().kind() != ErrorKind::NotFound) return given;
    return sign_in_with_code(*session_, passwords_.unattended(), std::move(code), std::move(stop));
  };
  calls.sign_out = [this](std::stop_token stop) -> Result<std::filesystem::path> {
    TRY(session_->sign_out(std::move(stop)));
    setting_.leave();
    return setting_.account.cache;
  };
  calls.status = [this] { return status(); };
  calls.refresh = setting_.refresh;
  calls.examine = setting_.examine;
  control_ = TRY(ui::ControlServer::start({setting_.account.state, setting_.options.runtime_home}, std::move(calls)));
  return {};
}

Result<void> FrontDesk::sign_in(auth::PasswordSource& person, auth::CodeSource& codes, std::stop_token stop) {
  const auto passwords = passwords_.then(person);
  ui::FirstAnswer first{inbox_, codes};
  return session_->sign_in(*passwords, first, std::move(stop));
}

void FrontDesk::sign_in_by_page() {
  const Lock lock{mutex_};
  if (std::exchange(page_signs_in_, true)) return;
  page_sign_in_ = std::jthread{[this](std::stop_token stop) {
    page_->ended(sign_in(*page_, *page_, std::move(stop)));
    const Lock done{mutex_};
    page_signs_in_ = false;
  }};
}

Result<void> FrontDesk::admit(Shows shows, std::stop_token stop) {
  if (session_->is_known()) return {};
  const bool attended = setting_.codes.can_ask();
  const bool page_asks = page_ && (attended || shows == Shows::Nothing);
  Result<void> result;
  if (page_asks) {
    std::fprintf(stderr, "Sign in at %s\n", page_->link().c_str());
    if (!page_->wait_for_visitor(stop)) return Error{ErrorKind::Cancelled, "interrupted"};
    auto& passwords = setting_.options.password_providers.back() == cli::PasswordProvider::WebPage
                          ? static_cast<auth::PasswordSource&>(*page_)
                          : setting_.passwords;
    auto& codes = setting_.options.mfa_provider == cli::CodeProvider::WebPage ? static_cast<auth::CodeSource&>(*page_)
                                                                              : setting_.codes;
    result = sign_in(passwords, codes, stop);
    page_->ended(result);
  } else {
    result = sign_in(setting_.passwords, setting_.codes, stop);
  }
  if (result || attended) return result;
  if (shows == Shows::WhatIsKnown && may_pass(result.error().kind())) {
    log.error("showing what is known, until somebody signs in: {}", result.error().message());
    return {};
  }
  if (result.error().kind() != ErrorKind::NeedsSignIn) return result;
  return Error{ErrorKind::NeedsSignIn,
               result.error().message() + ": \"icloudphotos signin\" on a terminal, then mount"};
}

std::string FrontDesk::trust_ends(const auth::SessionStatus& status) const {
  const auto left = status.trust_ends.value_or(clock_.now()) - clock_.now();
  return fmt::format(
      "Apple's trust in this computer could not be renewed; in {} days or so somebody has to sign in again",
      std::chrono::round<std::chrono::days>(left).count());
}

void FrontDesk::on_event(auth::SessionEvent event, const auth::SessionStatus& status) {
  switch (event) {
    case auth::SessionEvent::Ready:
      if (notifier_) notifier_->settled();
      return setting_.on_ready();
    case auth::SessionEvent::NeedsPerson:
      return tell(ui::News::Kind::SignInNeeded, status.problem.value_or("the sign-in has ended"));
    case auth::SessionEvent::TrustEnding:
      return tell(ui::News::Kind::TrustEnding, trust_ends(status));
  }
}

void FrontDesk::tell(ui::News::Kind kind, std::string sentence) {
  if (!notifier_) return;
  notifier_->tell({kind, setting_.account.name, std::move(sentence), setting_.options.mount_point,
                   page_ ? page_->link() : std::string{}});
}

}  // namespace icloudphotos
