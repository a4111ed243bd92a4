// SPDX-License-Identifier: MIT
// A web page in front of a real session and the simulated service, in one process, for web_test.py and web_browser.mjs.
// It says where the page is, then answers each line it reads by one line, until its input ends.
#include <condition_variable>
#include <iostream>
#include <string>
#include <thread>

#include <fmt/format.h>

#include "icloudphotos/auth/session.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/demo/service.h"
#include "icloudphotos/net/http.h"
#include "icloudphotos/ui/web_page.h"

#include "temp_dir.h"

namespace icloudphotos {
namespace {

/// A tenth of the time is enough for a device that is simulated.
class HurriedClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return clock_.now(); }
  [[nodiscard]] Monotonic monotonic() const override { return clock_.monotonic(); }
  bool sleep_for(std::chrono::milliseconds duration, std::stop_token stop) override {
    return clock_.sleep_for(duration / 10, std::move(stop));
  }

 private:
  SystemClock clock_;
};

/// What the page was told, handed on when nobody holds it: the page in between can be looked at for as long as a browser takes.
class HeldPassword final : public auth::PasswordSource {
 public:
  explicit HeldPassword(auth::PasswordSource& page) : page_{page} {}

  void hold(bool held) {
    const Lock lock{mutex_};
    held_ = held;
    changed_.notify_all();
  }
  Result<Secret> password(const std::string& account, std::stop_token stop) override {
    auto given = page_.password(account, stop);
    Lock lock{mutex_};
    changed_.wait(lock, stop, [this]() REQUIRES(mutex_) { return !held_; });
    return given;
  }

 private:
  auth::PasswordSource& page_;
  Mutex mutex_;
  std::condition_variable_any changed_;
  bool held_ GUARDED_BY(mutex_) = false;
};

class Host {
 public:
  static Result<std::unique_ptr<Host>> start() {
    auto host = std::make_unique<Host>();
    host->service_ = TRY(demo::Service::start({}));
    host->http_ = TRY(net::make_curl_http({}));
    auth::SessionOptions options;
    options.account = "demo@example.com";
    options.state_dir = host->directory_.path();
    options.endpoints.identity_url = host->service_->identity_url();
    options.endpoints.setup_url = host->service_->setup_url();
    host->session_ = TRY(auth::Session::open(*host->http_, host->clock_, options));
    ui::WebPage::Options page;
    page.account = options.account;
    page.status = [session = host->session_.get()] { return session->status(); };
    page.sign_in = [self = host.get()] { self->want_sign_in(); };
    host->page_ = TRY(ui::WebPage::start(std::move(page)));
    host->password_ = std::make_unique<HeldPassword>(*host->page_);
    host->signer_ = std::jthread{[self = host.get()](std::stop_token stop) { self->sign_in(stop); }};
    return host;
  }

  std::string answer(const std::string& line) {
    const auto blank = std::min(line.find(' '), line.size());
    const auto word = line.substr(0, blank);
    const auto rest = line.substr(std::min(blank + 1, line.size()));
    if (word == "link") return page_->link();
    if (word == "code") return service_->shown_code();
    if (word == "sign-in") return want_sign_in(), "begun";
    if (word == "sign-out") return said(session_->sign_out({}));
    if (word == "hold") return password_->hold(true), "held";
    if (word == "go") return password_->hold(false), "gone";
    if (word == "status") return session_->status().signed_in ? "signed in" : "signed out";
    if (word == "control") {
      const auto json = std::min(rest.find(' '), rest.size());
      auto result = service_->control(rest.substr(0, json), rest.substr(json));
      return result ? *result : result.error().message();
    }
    return "what?";
  }

 private:
  static std::string said(const Result<void>& result) { return result ? "done" : result.error().message(); }

  void want_sign_in() {
    const Lock lock{mutex_};
    wanted_ = true;
    changed_.notify_all();
  }
  void sign_in(std::stop_token stop) {
    for (;;) {
      {
        Lock lock{mutex_};
        if (!changed_.wait(lock, stop, [this]() REQUIRES(mutex_) { return wanted_; })) return;
        wanted_ = false;
      }
      page_->ended(session_->sign_in(*password_, *page_, stop));
    }
  }

  const TempDir directory_;
  HurriedClock clock_;
  std::unique_ptr<demo::Service> service_;
  std::unique_ptr<net::Http> http_;
  std::unique_ptr<auth::Session> session_;
  std::unique_ptr<ui::WebPage> page_;
  std::unique_ptr<HeldPassword> password_;
  Mutex mutex_;
  std::condition_variable_any changed_;
  bool wanted_ GUARDED_BY(mutex_) = false;
  std::jthread signer_;  ///< Last: it uses the rest.
};

int run() {
  auto host = Host::start();
  if (!host) {
    std::cerr << host.error().message() << std::endl;
    return 1;
  }
  std::cout << (*host)->answer("link") << std::endl;
  for (std::string line; std::getline(std::cin, line);) std::cout << (*host)->answer(line) << std::endl;
  return 0;
}

}  // namespace
}  // namespace icloudphotos

int main() { return icloudphotos::run(); }
