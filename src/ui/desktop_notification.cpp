// SPDX-License-Identifier: MIT
// https://specifications.freedesktop.org/notification-spec (1.2)
#include "desktop_notification.h"

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <systemd/sd-bus.h>

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::ui {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 5s;
constexpr std::chrono::microseconds kGlance = 50ms;  // between looks at `stop`
constexpr const char* kName = "org.freedesktop.Notifications";
constexpr const char* kPath = "/org/freedesktop/Notifications";

using Bus = Handle<sd_bus, sd_bus_close_unref>;
using Message = Handle<sd_bus_message, sd_bus_message_unref>;
using Slot = Handle<sd_bus_slot, sd_bus_slot_unref>;

Error failure(int code) {
  return Error{ErrorKind::Offline, fmt::format("the desktop cannot be reached: {}", system_message(-code))};
}

Error refusal(const sd_bus_error& error) {
  const std::string_view name = error.name;
  const bool nobody = name == SD_BUS_ERROR_SERVICE_UNKNOWN || name == SD_BUS_ERROR_NAME_HAS_NO_OWNER ||
                      name.starts_with("org.freedesktop.DBus.Error.Spawn.");
  return Error{nobody ? ErrorKind::NotFound : ErrorKind::Refused,
               fmt::format("the desktop shows no notification: {}",
                           printable(error.message != nullptr ? error.message : error.name))};
}

/// A call whose wait can be stopped.
class Call {
 public:
  Call(sd_bus* bus, const std::stop_token& stop) : bus_{bus}, stop_{stop} {}

  Result<Message> of(sd_bus_message* request) {
    sd_bus_slot* slot = nullptr;
    const auto patience = std::chrono::microseconds{kPatience}.count();
    const int sent = sd_bus_call_async(bus_, &slot, request, on_answer, this, static_cast<std::uint64_t>(patience));
    const Slot waiting{slot};
    if (sent < 0) return failure(sent);
    while (!answer_) {
      if (stop_.stop_requested()) return Error{ErrorKind::Cancelled, "interrupted"};
      const int done = sd_bus_process(bus_, nullptr);
      if (done < 0) return failure(done);
      if (done > 0 || answer_) continue;
      const int waited = sd_bus_wait(bus_, static_cast<std::uint64_t>(kGlance.count()));
      if (waited < 0 && waited != -EINTR) return failure(waited);
    }
    if (const auto* error = sd_bus_message_get_error(answer_.get())) return refusal(*error);
    return std::move(answer_);
  }

 private:
  static int on_answer(sd_bus_message* answer, void* self, sd_bus_error*) {
    static_cast<Call*>(self)->answer_.reset(sd_bus_message_ref(answer));
    return 0;
  }

  sd_bus* bus_;
  const std::stop_token& stop_;
  Message answer_;
};

Result<Message> request(sd_bus* bus, const char* method) {
  sd_bus_message* raw = nullptr;
  const int made = sd_bus_message_new_method_call(bus, &raw, kName, kPath, kName, method);
  Message message{raw};
  if (made < 0) return failure(made);
  return message;
}

/// Whether it would take `<` and `&` for markup.
Result<bool> reads_markup(sd_bus* bus, const std::stop_token& stop) {
  const auto question = TRY(request(bus, "GetCapabilities"));
  const auto answer = TRY(Call(bus, stop).of(question.get()));
  if (sd_bus_message_enter_container(answer.get(), SD_BUS_TYPE_ARRAY, "s") < 0) return true;
  const char* capability = nullptr;
  while (sd_bus_message_read(answer.get(), "s", &capability) > 0) {
    if (std::string_view{capability} == "body-markup") return true;
  }
  return false;
}

std::string without_markup(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

Result<void> show_on_desktop(const DesktopNotification& notification, std::stop_token stop) {
  // $DBUS_SESSION_BUS_ADDRESS, else $XDG_RUNTIME_DIR/bus.
  sd_bus* raw = nullptr;
  const int opened = sd_bus_open_user(&raw);
  const Bus bus{raw};
  if (opened < 0) return Error{ErrorKind::NotFound, "there is no desktop session here"};
  const bool markup = TRY(reads_markup(bus.get(), stop));
  const auto message = TRY(request(bus.get(), "Notify"));
  const auto text = markup ? without_markup(notification.text) : notification.text;
  const bool critical = notification.urgency == DesktopNotification::Urgency::Critical;
  // application, what it replaces, icon, headline, text, no actions, hints, how long: as the desktop likes.
  const int written =
      sd_bus_message_append(message.get(), "susssasa{sv}i", "mount.icloudphotos", std::uint32_t{0}, "dialog-password",
                            notification.headline.c_str(), text.c_str(), 0, 2, "urgency", "y", critical ? 2 : 1,
                            "category", "s", "network.error", std::int32_t{-1});
  if (written < 0) return failure(written);
  TRY(Call(bus.get(), stop).of(message.get()));
  return {};
}

}  // namespace icloudphotos::ui
