// SPDX-License-Identifier: MIT
#include "icloudphotos/cli/service_manager.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <stop_token>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::cli {
namespace {

using namespace std::chrono_literals;

constexpr Log log{"cli"};
/// While we start, we ask again so often, for so long, and in all for no longer than that.
constexpr auto kAskAgain = 10s;
constexpr auto kMoreTime = 30s;
constexpr auto kLongestStart = 15min;

std::string take_variable(const char* name) {
  const char* value = std::getenv(name);
  std::string text = value ? value : "";
  ::unsetenv(name);
  return text;
}

std::int64_t number_in(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc{} && end == text.data() + text.size() ? std::max<std::int64_t>(number, 0) : 0;
}

class Silence final : public ServiceManager {
 public:
  void ready() override {}
  void stopping() override {}
  void status(std::string_view) override {}
};

class Notifier final : public ServiceManager {
 public:
  Notifier(const ServicePlace& place, Clock& clock, std::function<void()> is_alive)
      : watchdog_{std::chrono::floor<std::chrono::milliseconds>(place.watchdog)},
        clock_{clock},
        is_alive_{std::move(is_alive)},
        socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)} {
    address_.sun_family = AF_UNIX;
    if (place.socket.size() < sizeof address_.sun_path) {
      std::memcpy(address_.sun_path, place.socket.data(), place.socket.size());
      length_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + place.socket.size());
      if (address_.sun_path[0] == '@') address_.sun_path[0] = '\0';
    }
    thread_ = std::jthread{[this](std::stop_token stop) { run(stop); }};
  }

  void ready() override {
    // Who goes into the background is not whom the service manager started.
    send(fmt::format("READY=1\nMAINPID={}", ::getpid()));
    begin(State::Runs);
  }
  void stopping() override {
    send("STOPPING=1");
    begin(State::Stops);
  }
  void status(std::string_view text) override {
    const auto line = printable(text);
    {
      const Lock lock{mutex_};
      if (line == status_) return;
      status_ = line;
    }
    send("STATUS=" + line);
  }

 private:
  enum class State { Starts, Runs, Stops };

  void begin(State state) {
    std::stop_source nap;
    {
      const Lock lock{mutex_};
      state_ = state;
      nap = nap_;
    }
    nap.request_stop();
  }

  void run(const std::stop_token& stop) {
    const auto until = clock_.monotonic() + kLongestStart;
    while (!stop.stop_requested()) {
      std::stop_source nap;
      State state;
      {
        const Lock lock{mutex_};
        state = state_;
        nap_ = nap;
      }
      auto pause = std::chrono::milliseconds{kAskAgain};
      if (state == State::Starts && clock_.monotonic() < until) {
        send(fmt::format("EXTEND_TIMEOUT_USEC={}", std::chrono::microseconds{kMoreTime}.count()));
      } else if (state == State::Runs && watchdog_ > 0ms) {
        is_alive_();
        send("WATCHDOG=1");
        pause = std::max<std::chrono::milliseconds>(watchdog_ / 2, 1ms);
      } else {
        pause = 24h;  // until something changes
      }
      const std::stop_callback stopped{stop, [&] { nap.request_stop(); }};
      clock_.sleep_for(pause, nap.get_token());
    }
  }

  void send(const std::string& message) const {
    const auto sent = ::sendto(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL,
                               reinterpret_cast<const sockaddr*>(&address_), length_);
    if (sent < 0) log.debug("the service manager does not listen");
  }

  const std::chrono::milliseconds watchdog_;
  Clock& clock_;
  const std::function<void()> is_alive_;
  const Fd socket_;
  sockaddr_un address_{};
  socklen_t length_ = 0;

  Mutex mutex_;
  State state_ GUARDED_BY(mutex_) = State::Starts;
  std::string status_ GUARDED_BY(mutex_);
  std::stop_source nap_ GUARDED_BY(mutex_);  ///< Ends the present wait.
  std::jthread thread_;                      ///< last member: joined before the rest goes
};

}  // namespace

ServicePlace take_service_place() {
  ServicePlace place;
  place.socket = take_variable("NOTIFY_SOCKET");
  const auto process = take_variable("WATCHDOG_PID");
  const auto watchdog = number_in(take_variable("WATCHDOG_USEC"));
  const bool is_ours = process.empty() || number_in(process) == ::getpid();
  if (is_ours) place.watchdog = std::chrono::microseconds{watchdog};
  const bool is_address = place.socket.size() > 1 && (place.socket[0] == '/' || place.socket[0] == '@');
  return is_address ? place : ServicePlace{};
}

std::unique_ptr<ServiceManager> ServiceManager::start(ServicePlace place, Clock& clock,
                                                      std::function<void()> is_alive) {
  if (place.socket.empty()) return std::make_unique<Silence>();
  return std::make_unique<Notifier>(place, clock, std::move(is_alive));
}

}  // namespace icloudphotos::cli
