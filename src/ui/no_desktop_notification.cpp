// SPDX-License-Identifier: MIT
#include "desktop_notification.h"

namespace icloudphotos::ui {

Result<void> show_on_desktop(const DesktopNotification&, std::stop_token) {
  return Error{ErrorKind::NotFound, "this program was built without support for desktop notifications"};
}

}  // namespace icloudphotos::ui
