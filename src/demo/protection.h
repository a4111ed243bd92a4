// SPDX-License-Identifier: MIT
#pragma once

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/mutex.h"

#include "answers.h"
#include "quirks.h"
#include "web_cookies.h"

namespace icloudphotos::demo {

/// Advanced Data Protection: a device of the owner lends the browser keys, once the owner approves on it
/// (authentication.md 6). For accounts without it the same calls say that there is nothing to do.
///
/// Threads   Any.
class Protection {
 public:
  Protection(const WebCookies& cookies, const Clock& clock) : cookies_{cookies}, clock_{clock} {}

  [[nodiscard]] net::ServerResponse web_access_state(const Quirks& quirks);
  /// enableDeviceConsentForPCS: the devices ask their owner.
  net::ServerResponse ask_consent(const Quirks& quirks);
  /// requestPCS, of somebody who is signed in.
  net::ServerResponse request_keys(const net::ServerRequest& request, const Origin& origin, const Quirks& quirks);

  /// The owner taps "Allow".
  void approve();
  /// The owner's consent has ended; the next keys need another.
  void forget_consent();
  /// How often the owner's devices asked.
  [[nodiscard]] int asked() const;

 private:
  [[nodiscard]] bool has_consent() const REQUIRES(mutex_);
  /// One more was told to wait; after so many the owner approves by themselves.
  void wait_once(const Quirks& quirks) REQUIRES(mutex_);
  net::ServerResponse refuse(std::string_view message) const;
  const WebCookies& cookies_;
  const Clock& clock_;
  mutable Mutex mutex_;
  bool is_asking_ GUARDED_BY(mutex_) = false;
  int asked_ GUARDED_BY(mutex_) = 0;
  std::int64_t waits_ GUARDED_BY(mutex_) = 0;  ///< answers since the last consent ended
  TimePoint consent_ends_ GUARDED_BY(mutex_);
  bool is_uploading_ GUARDED_BY(mutex_) = false;  ///< the device has been told yes and has sent nothing yet
};

}  // namespace icloudphotos::demo
