// SPDX-License-Identifier: MIT
// On a bus of its own: whoever runs the tests is not notified.
#include "ui/desktop_notification.h"

#include <condition_variable>
#include <cstdio>
#include <fstream>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <systemd/sd-bus.h>

#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/ui/notifier.h"

#include "fake_clock.h"
#include "temp_dir.h"

namespace icloudphotos::ui {
namespace {

/// A dbus-daemon that listens at `runtime/bus` and starts nobody.
class PrivateBus {
 public:
  PrivateBus() {
    std::ofstream{directory_ / "bus.conf"}
        << R"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=)"
        << (directory_ / "bus").string() << R"(</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>)";
    const auto command = "exec dbus-daemon --nofork --nopidfile --print-pid --config-file='" +
                         (directory_ / "bus.conf").string() + "' 2>/dev/null";
    daemon_ = ::popen(command.c_str(), "re");
    if (daemon_ != nullptr && std::fscanf(daemon_, "%d", &pid_) != 1) pid_ = 0;  // listening when it has printed that
  }
  PrivateBus(const PrivateBus&) = delete;
  PrivateBus& operator=(const PrivateBus&) = delete;
  ~PrivateBus() {
    if (pid_ > 0) ::kill(pid_, SIGKILL);
    if (daemon_ != nullptr) ::pclose(daemon_);
  }
  [[nodiscard]] bool runs() const { return pid_ > 0; }
  [[nodiscard]] std::string runtime() const { return directory_.path().string(); }
  [[nodiscard]] std::string address() const { return "unix:path=" + (directory_ / "bus").string(); }

 private:
  TempDir directory_;
  FILE* daemon_ = nullptr;
  pid_t pid_ = 0;
};

struct Shown {
  std::string application, headline, text;
  int urgency = -1;
};

/// What shows notifications.
class Desktop {
 public:
  Desktop(const PrivateBus& bus, bool reads_markup) : reads_markup_{reads_markup} {
    sd_bus* raw = nullptr;
    sd_bus_new(&raw);
    bus_.reset(raw);
    sd_bus_set_address(raw, bus.address().c_str());
    sd_bus_set_bus_client(raw, 1);
    EXPECT_GE(sd_bus_start(raw), 0);
    EXPECT_GE(sd_bus_add_object(raw, nullptr, "/org/freedesktop/Notifications", on_call, this), 0);
    EXPECT_GE(sd_bus_request_name(raw, "org.freedesktop.Notifications", 0), 0);
    thread_ = std::jthread{[this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        if (sd_bus_process(bus_.get(), nullptr) == 0) sd_bus_wait(bus_.get(), 20'000);
      }
    }};
  }
  Shown next() {
    Lock lock{mutex_};
    came_.wait(lock, [this]() REQUIRES(mutex_) { return !shown_.empty(); });
    const auto first = shown_.front();
    shown_.erase(shown_.begin());
    return first;
  }

 private:
  static int on_call(sd_bus_message* call, void* self, sd_bus_error*) {
    auto& desktop = *static_cast<Desktop*>(self);
    if (sd_bus_message_is_method_call(call, "org.freedesktop.Notifications", "GetCapabilities") > 0)
      return desktop.reads_markup_ ? sd_bus_reply_method_return(call, "as", 2, "body", "body-markup")
                                   : sd_bus_reply_method_return(call, "as", 1, "body");
    if (sd_bus_message_is_method_call(call, "org.freedesktop.Notifications", "Notify") <= 0) return 0;
    const char *application = nullptr, *icon = nullptr, *headline = nullptr, *text = nullptr, *hint = nullptr;
    std::uint32_t replaces = 0;
    std::uint8_t urgency = 255;
    EXPECT_GE(sd_bus_message_read(call, "susss", &application, &replaces, &icon, &headline, &text), 0);
    EXPECT_GE(sd_bus_message_skip(call, "as"), 0);
    EXPECT_GE(sd_bus_message_enter_container(call, 'a', "{sv}"), 0);
    EXPECT_GE(sd_bus_message_enter_container(call, 'e', "sv"), 0);
    EXPECT_GE(sd_bus_message_read(call, "sv", &hint, "y", &urgency), 0);
    {
      const Lock lock{desktop.mutex_};
      desktop.shown_.push_back({application, headline, text, urgency});
      desktop.came_.notify_all();
    }
    return sd_bus_reply_method_return(call, "u", 1);
  }

  const bool reads_markup_;
  Handle<sd_bus, sd_bus_flush_close_unref> bus_;
  Mutex mutex_;
  std::condition_variable_any came_;
  std::vector<Shown> shown_ GUARDED_BY(mutex_);
  std::jthread thread_;
};

class ADesktopNotification : public testing::Test {
 protected:
  void SetUp() override {
    if (!bus.runs()) GTEST_SKIP() << "there is no dbus-daemon to test with";
    ::setenv("DBUS_SESSION_BUS_ADDRESS", bus.address().c_str(), 1);
    ::setenv("XDG_RUNTIME_DIR", "/nonexistent", 1);
  }
  void TearDown() override {
    ::unsetenv("DBUS_SESSION_BUS_ADDRESS");
    ::unsetenv("XDG_RUNTIME_DIR");
  }
  const DesktopNotification notification{"Headline & <b>", "Text & <b>\u00e4</b>",
                                         DesktopNotification::Urgency::Critical};
  PrivateBus bus;
};

TEST_F(ADesktopNotification, IsShown) {
  Desktop desktop{bus, false};
  const auto result = show_on_desktop(notification, {});
  ASSERT_TRUE(result) << result.error().message();
  const auto shown = desktop.next();
  EXPECT_EQ(shown.application, "mount.icloudphotos");
  EXPECT_EQ(shown.headline, notification.headline);
  EXPECT_EQ(shown.text, notification.text);
  EXPECT_EQ(shown.urgency, 2);
}

TEST_F(ADesktopNotification, IsNoMarkupWhereThatWouldBeRead) {
  Desktop desktop{bus, true};
  ASSERT_TRUE(show_on_desktop(notification, {}));
  EXPECT_EQ(desktop.next().text, "Text &amp; &lt;b&gt;\u00e4&lt;/b&gt;");
}

TEST_F(ADesktopNotification, FindsTheBusInTheRuntimeDirectory) {
  ::unsetenv("DBUS_SESSION_BUS_ADDRESS");
  ::setenv("XDG_RUNTIME_DIR", bus.runtime().c_str(), 1);
  Desktop desktop{bus, false};
  EXPECT_TRUE(show_on_desktop(notification, {}));
}

TEST_F(ADesktopNotification, IsNotShownWhereThereIsNoDesktop) {
  EXPECT_EQ(show_on_desktop(notification, {}).error().kind(), ErrorKind::NotFound) << "a bus with nobody on it";
  ::unsetenv("DBUS_SESSION_BUS_ADDRESS");
  EXPECT_EQ(show_on_desktop(notification, {}).error().kind(), ErrorKind::NotFound);
  ::unsetenv("XDG_RUNTIME_DIR");
  EXPECT_EQ(show_on_desktop(notification, {}).error().kind(), ErrorKind::NotFound);
}

TEST_F(ADesktopNotification, CanBeStopped) {
  const Desktop desktop{bus, false};
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(show_on_desktop(notification, stop.get_token()).error().kind(), ErrorKind::Cancelled);
}

TEST_F(ADesktopNotification, TellsNews) {
  Desktop desktop{bus, true};
  const TempDir directory;
  FakeClock clock;
  Notifier notifier{{directory.path(), true, std::nullopt, std::nullopt}, clock};
  const News news{News::Kind::SignInNeeded, "ann@example.com", "the session has ended; <sign in>\xff", "/photos",
                  "http://127.0.0.1:1/a"};
  notifier.tell(news);
  const auto shown = desktop.next();
  EXPECT_EQ(shown.headline, "iCloud Photos: ann@example.com has to sign in again");
  EXPECT_EQ(shown.text,
            "The session has ended; &lt;sign in&gt;?\nRun: icloudphotos signin\nOr open: http://127.0.0.1:1/a");
  notifier.tell(news);
  notifier.tell({News::Kind::TrustEnding, "ann@example.com", "trust ends in 2 days", "/photos", {}});
  EXPECT_EQ(desktop.next().headline, "iCloud Photos: ann@example.com will soon have to sign in");
}

}  // namespace
}  // namespace icloudphotos::ui
