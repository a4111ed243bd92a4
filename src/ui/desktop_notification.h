// SPDX-License-Identifier: MIT
#pragma once

#include <stop_token>
#include <string>

#include "icloudphotos/base/result.h"

namespace icloudphotos::ui {

/// What a desktop shows in a corner. UTF-8 without NUL; never taken for markup.
struct DesktopNotification {
  std::string headline;
  std::string text;
  enum class Urgency { Normal, Critical };
  Urgency urgency = Urgency::Normal;
};

/// Has the desktop of the session that we run in show it. Errors: NotFound: there is no desktop, or this program was
/// built without support for it. Offline: it does not answer. Refused. Cancelled.
[[nodiscard]] Result<void> show_on_desktop(const DesktopNotification& notification, std::stop_token stop);

}  // namespace icloudphotos::ui
