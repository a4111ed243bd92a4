// SPDX-License-Identifier: MIT
#include "protection.h"

#include "icloudphotos/base/json.h"

namespace icloudphotos::demo {
namespace {

using namespace std::chrono_literals;

constexpr auto kConsentLife = 24h;

}  // namespace

bool Protection::has_consent() const { return clock_.now() < consent_ends_; }

void Protection::wait_once(const Quirks& quirks) {
  if (quirks.pcs_refusals >= 0 && waits_++ >= quirks.pcs_refusals) consent_ends_ = clock_.now() + kConsentLife;
}

net::ServerResponse Protection::web_access_state(const Quirks& quirks) {
  const Lock lock{mutex_};
  if (is_asking_ && !has_consent()) wait_once(quirks);
  JsonWriter out;
  out.object().member("dsid", kDsid).member("isWebAccessAllowed", quirks.account != AccountKind::WebAccessOff);
  if (quirks.account == AccountKind::AdvancedProtection) {
    out.member("isICDRSDisabled", true).member("isDeviceConsentedForPCS", has_consent());
    out.member("deviceConsentForPCSExpiry",
               has_consent() ? std::int64_t{consent_ends_.time_since_epoch().count()} : std::int64_t{0});
  }
  return json_answer(200, out.end().take());
}

net::ServerResponse Protection::ask_consent(const Quirks& quirks) {
  const Lock lock{mutex_};
  if (quirks.account == AccountKind::AdvancedProtection && quirks.device_reachable && !has_consent()) {
    is_asking_ = true;
    ++asked_;
  }
  return json_answer(
      200, JsonWriter{}.object().member("isDeviceConsentNotificationSent", quirks.device_reachable).end().take());
}

net::ServerResponse Protection::refuse(std::string_view message) const {
  return json_answer(200, JsonWriter{}
                              .object()
                              .member("isICDRSDisabled", true)
                              .member("isDeviceConsentedForPCS", false)
                              .member("status", "failure")
                              .member("message", message)
                              .end()
                              .take());
}

net::ServerResponse Protection::request_keys(const net::ServerRequest& request, const Origin& origin,
                                             const Quirks& quirks) {
  const Lock lock{mutex_};
  const bool is_protected = quirks.account == AccountKind::AdvancedProtection;
  if (is_protected && !has_consent()) wait_once(quirks);
  if (is_protected && !has_consent()) {
    if (is_asking_) return refuse("Cookies not available yet on server.");
    is_asking_ = quirks.device_reachable;
    asked_ += quirks.device_reachable ? 1 : 0;
    return refuse("Requested a new device arming to upload cookies.");
  }
  if (is_protected && is_uploading_) {
    is_uploading_ = false;
    return refuse("Requested the device to upload cookies.");
  }
  const bool has_them = is_protected && cookies_.has_keys(request);
  auto response = json_answer(200, JsonWriter{}
                                       .object()
                                       .member("isWebAccessAllowed", true)
                                       .member("isDeviceConsentedForPCS", true)
                                       .member("status", "success")
                                       .member("message", has_them ? "Cookies already present." : "Cookies attached.")
                                       .end()
                                       .take());
  if (!has_them) cookies_.add_keys(response, origin);
  return response;
}

void Protection::approve() {
  const Lock lock{mutex_};
  consent_ends_ = clock_.now() + kConsentLife;
  is_asking_ = false;
  is_uploading_ = true;
}

void Protection::forget_consent() {
  const Lock lock{mutex_};
  consent_ends_ = {};
  is_asking_ = false;
  waits_ = 0;
  is_uploading_ = false;
}

int Protection::asked() const {
  const Lock lock{mutex_};
  return asked_;
}

}  // namespace icloudphotos::demo
