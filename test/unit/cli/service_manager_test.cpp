// SPDX-License-Identifier: MIT
#include "icloudphotos/cli/service_manager.h"

#include <array>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <future>
#include <string>

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/mutex.h"

#include "fake_clock.h"
#include "temp_dir.h"

namespace icloudphotos::cli {
namespace {

using namespace std::chrono_literals;

/// Sleeps until told that the time is over, or stopped.
class HeldClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return base_.now(); }
  [[nodiscard]] Monotonic monotonic() const override { return base_.monotonic(); }
  bool sleep_for(std::chrono::milliseconds duration, std::stop_token stop) override {
    Lock lock{mutex_};
    const auto number = passed_;
    const bool passed = changed_.wait(lock, stop, [&]() REQUIRES(mutex_) { return passed_ != number; });
    if (passed) base_.advance(duration);
    return passed;
  }
  void pass() {
    const Lock lock{mutex_};
    ++passed_;
    changed_.notify_all();
  }

 private:
  FakeClock base_;
  Mutex mutex_;
  std::condition_variable_any changed_;
  int passed_ GUARDED_BY(mutex_) = 0;
};

/// Who started the service.
class Manager {
 public:
  explicit Manager(const std::string& name) : socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)} {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), length), 0);
  }
  std::string hears() {
    pollfd wait{socket_.get(), POLLIN, 0};
    if (::poll(&wait, 1, 60'000) != 1) return "nothing for a minute";
    return take();
  }
  bool hears_more() {
    pollfd wait{socket_.get(), POLLIN, 0};
    return ::poll(&wait, 1, 0) == 1;
  }

 private:
  std::string take() {
    std::array<char, 4096> text{};
    const auto got = ::recv(socket_.get(), text.data(), text.size(), 0);
    return {text.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
  }
  Fd socket_;
};

const auto kAlive = [] {};

TEST(ServiceManager, HearsHowTheServiceIsGettingOn) {
  const TempDir folder;
  const auto path = (folder / "notify").string();
  Manager manager{path};
  HeldClock clock;
  const auto service = ServiceManager::start({path, 0us}, clock, kAlive);
  EXPECT_EQ(manager.hears(), "EXTEND_TIMEOUT_USEC=30000000");
  service->status("Reading Personal Library\nREADY=1");
  EXPECT_EQ(manager.hears(), "STATUS=Reading Personal Library\\x0aREADY=1") << "a name cannot add lines";
  service->status("Reading Personal Library\nREADY=1");
  service->ready();
  EXPECT_EQ(manager.hears(), "READY=1\nMAINPID=" + std::to_string(::getpid()));
  service->stopping();
  EXPECT_EQ(manager.hears(), "STOPPING=1");
  EXPECT_FALSE(manager.hears_more());
}

TEST(ServiceManager, GivesMoreTimeWhileTheServiceStartsAndNotAfterwards) {
  const std::string name = "@icloudphotos-test-" + std::to_string(::getpid());
  Manager manager{name};
  HeldClock clock;
  const auto service = ServiceManager::start({name, 0us}, clock, kAlive);
  EXPECT_EQ(manager.hears(), "EXTEND_TIMEOUT_USEC=30000000");
  while (!manager.hears_more()) clock.pass();
  EXPECT_EQ(manager.hears(), "EXTEND_TIMEOUT_USEC=30000000");
  service->ready();
  std::string heard;
  while (heard.rfind("READY=1", 0) != 0) heard = manager.hears();
  clock.pass();
  service->stopping();
  EXPECT_EQ(manager.hears(), "STOPPING=1");
}

TEST(ServiceManager, HasSignsOfLifeOnlyWhileTheServiceIsAlive) {
  const TempDir folder;
  const auto path = (folder / "notify").string();
  Manager manager{path};
  HeldClock clock;
  std::promise<void> asked, alive;
  const auto service = ServiceManager::start({path, 10s}, clock, [&, is_first = true]() mutable {
    if (!std::exchange(is_first, false)) return;
    asked.set_value();
    alive.get_future().wait();
  });
  EXPECT_EQ(manager.hears(), "EXTEND_TIMEOUT_USEC=30000000");
  service->ready();
  EXPECT_EQ(manager.hears().rfind("READY=1", 0), 0u);
  asked.get_future().wait();
  EXPECT_FALSE(manager.hears_more());
  alive.set_value();
  EXPECT_EQ(manager.hears(), "WATCHDOG=1");
  while (!manager.hears_more()) clock.pass();
  EXPECT_EQ(manager.hears(), "WATCHDOG=1");
}

TEST(ServiceManager, ThatDoesNotListenIsNoTrouble) {
  FakeClock clock;
  const auto nobody = ServiceManager::start({}, clock, kAlive);
  HeldClock held;
  const auto gone = ServiceManager::start({"/nowhere/at/all", 0us}, held, kAlive);
  for (const auto* service : {&nobody, &gone}) {
    (*service)->status("x");
    (*service)->ready();
    (*service)->stopping();
  }
}

TEST(ServicePlace, IsTakenOutOfTheEnvironment) {
  ::setenv("NOTIFY_SOCKET", "/run/systemd/notify", 1);
  ::setenv("WATCHDOG_USEC", "30000000", 1);
  ::unsetenv("WATCHDOG_PID");
  const auto place = take_service_place();
  EXPECT_EQ(place.socket, "/run/systemd/notify");
  EXPECT_EQ(place.watchdog, 30s);
  for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) EXPECT_EQ(::getenv(name), nullptr);
  EXPECT_EQ(take_service_place().socket, "");
}

TEST(ServicePlace, IsNobodysWithAnotherProcessesWatchdogOrNoAddress) {
  ::setenv("NOTIFY_SOCKET", "@notify", 1);
  ::setenv("WATCHDOG_USEC", "30000000", 1);
  ::setenv("WATCHDOG_PID", "1", 1);
  EXPECT_EQ(take_service_place().watchdog, 0us);
  ::setenv("NOTIFY_SOCKET", "relative", 1);
  ::setenv("WATCHDOG_USEC", "x", 1);
  EXPECT_EQ(take_service_place().socket, "");
}

}  // namespace
}  // namespace icloudphotos::cli
