// SPDX-License-Identifier: MIT
#include "icloudphotos/ui/notifier.h"

#include <array>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <set>
#include <thread>
#include <utility>

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "icloudphotos/base/command.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/base/mutex.h"

#include "desktop_notification.h"
#include "news_words.h"
#include "told_file.h"

namespace icloudphotos::ui {
namespace {

using namespace std::chrono_literals;

constexpr Log log{"ui"};
constexpr auto kCommandPatience = 30s;
constexpr std::array<std::chrono::milliseconds, 5> kPauses{1min, 5min, 30min, 2h, 6h};

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "this computer";
}

/// What time may mend.
bool may_pass(ErrorKind kind) { return kind == ErrorKind::Offline || kind == ErrorKind::Throttled; }

}  // namespace

/// Tells what is in a queue, one after the other.
class Notifier::Work {
 public:
  Work(NotifierOptions options, Clock& clock) : options_{std::move(options)}, clock_{clock}, told_{options_.state_dir} {
    thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
  }

  void tell(News news) {
    std::stop_source before;
    {
      const Lock lock{mutex_};
      if (!heard_.insert(identity_of(news)).second) return;
      std::swap(before, latest_);
      queue_.push_back({std::move(news), latest_.get_token()});
      more_.notify_all();
    }
    before.request_stop();
  }
  void settled() {
    std::stop_source before;
    {
      const Lock lock{mutex_};
      heard_.clear();
      std::swap(before, latest_);
      queue_.clear();
      queue_.push_back({std::nullopt, {}});
      more_.notify_all();
    }
    before.request_stop();
  }

 private:
  struct Item {
    std::optional<News> news;  ///< Nothing: it is settled.
    std::stop_token over;      ///< Other news came, or it was settled: no use in going on trying.
  };

  void run(const std::stop_token& stop) {
    // Signals are another thread's; a connection or a pipe that was closed must not end the program.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    while (const auto item = next(stop)) {
      if (item->news) {
        tell_now(*item->news, stop, item->over);
      } else {
        told_.forget();
      }
    }
    // What was settled at the very end must not silence the next time.
    if (is_settled()) told_.forget();
  }

  bool is_settled() {
    const Lock lock{mutex_};
    return !queue_.empty() && !queue_.front().news;
  }

  std::optional<Item> next(const std::stop_token& stop) {
    Lock lock{mutex_};
    more_.wait(lock, stop, [this]() REQUIRES(mutex_) { return !queue_.empty(); });
    if (stop.stop_requested()) return std::nullopt;
    std::optional<Item> item{std::move(queue_.front())};
    queue_.pop_front();
    return item;
  }

  void tell_now(const News& news, const std::stop_token& stop, const std::stop_token& over) {
    const auto identity = identity_of(news);
    const auto by = [&](const std::string& way, auto tells) {
      if (!stop.stop_requested() && !told_.has(identity, way) && tells()) told_.add(identity, way);
    };
    if (options_.desktop) by("desktop", [&] { return on_desktop(news, stop); });
    if (options_.command) by("command", [&] { return by_command(news, stop); });
    if (options_.mail) by("mail", [&] { return by_mail(news, stop, over); });
  }

  // Each says whether to take it for told.

  bool on_desktop(const News& news, const std::stop_token& stop) const {
    using Urgency = DesktopNotification::Urgency;
    const auto urgency = news.kind == News::Kind::SignInNeeded ? Urgency::Critical : Urgency::Normal;
    const auto shown = show_on_desktop({headline(news), short_text(news), urgency}, stop);
    if (shown || shown.error().kind() == ErrorKind::Cancelled) return shown.has_value();
    if (shown.error().kind() == ErrorKind::NotFound) {
      log.debug("no desktop notification reason={}", shown.error().message());
    } else {
      log.warn("no desktop notification reason={}", shown.error().message());
    }
    return false;
  }

  /// One that failed may have told somebody all the same.
  bool by_command(const News& news, const std::stop_token& stop) const {
    const auto ran = run_command({*options_.command, environment_of(news), kCommandPatience}, stop);
    if (ran) return true;
    if (ran.error().kind() == ErrorKind::Cancelled) return false;
    log.error("the command of --notify failed: {}", ran.error().message());
    return true;
  }

  bool by_mail(const News& news, const std::stop_token& stop, const std::stop_token& over) {
    std::stop_source either;
    const std::stop_callback stopped{stop, [&] { either.request_stop(); }};
    const std::stop_callback settled{over, [&] { either.request_stop(); }};
    for (std::size_t tries = 0;; ++tries) {
      const auto sent = send(news, stop);
      if (sent) {
        log.info("a mail was sent event={}", event_of(news.kind));
        return true;
      }
      if (sent.error().kind() == ErrorKind::Cancelled) return false;
      const bool again = may_pass(sent.error().kind()) && tries < kPauses.size();
      log.error("the mail could not be sent{}: {}", again ? ", trying again later" : "", sent.error().message());
      // What was refused would be again, and servers lock out whoever goes on logging in wrongly.
      if (!again) return !may_pass(sent.error().kind());
      if (!clock_.sleep_for(kPauses.at(tries), either.get_token())) return false;
    }
  }

  [[nodiscard]] Result<void> send(const News& news, const std::stop_token& stop) const {
    const auto& mail = *options_.mail;
    auto server = mail.server;
    if (mail.password == nullptr) {
      server.username.clear();
    } else if (!server.username.empty()) {
      server.password = TRY(mail.password->password(server.username, stop));
    }
    return net::send_mail(server, mail_of(news, mail, host_name()), stop);
  }

  const NotifierOptions options_;
  Clock& clock_;
  ToldFile told_;  ///< The thread's own.
  Mutex mutex_;    ///< the queue; never held while calling out
  std::condition_variable_any more_;
  std::set<std::string> heard_ GUARDED_BY(mutex_);  ///< Since it was settled.
  std::deque<Item> queue_ GUARDED_BY(mutex_);
  std::stop_source latest_ GUARDED_BY(mutex_);  ///< Of the last news.
  std::jthread thread_;                         ///< last: joined before the rest goes
};

Notifier::Notifier(NotifierOptions options, Clock& clock) : work_{std::make_unique<Work>(std::move(options), clock)} {}
Notifier::~Notifier() = default;

void Notifier::tell(News news) { work_->tell(std::move(news)); }
void Notifier::settled() { work_->settled(); }

}  // namespace icloudphotos::ui
