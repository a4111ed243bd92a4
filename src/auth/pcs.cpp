// SPDX-License-Identifier: MIT
#include "auth/pcs.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/log.h"

#include "auth/answers.h"

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;

constexpr Log log{"auth"};
constexpr auto kBetweenLooks = 10s;
constexpr auto kLongest = 5min;
constexpr std::array kCookies{"X-APPLE-WEBAUTH-PCS-Photos", "X-APPLE-WEBAUTH-PCS-Sharing"};
constexpr const char* kTap =
    "Your iCloud data is protected by Advanced Data Protection: unlock your iPhone, iPad or Mac, and tap Allow when it "
    "asks whether your iCloud data may be accessed on the web.";

Error web_access_off() {
  return Error{
      ErrorKind::Refused,
      "\"Access iCloud Data on the Web\" is off for this account; turn it on under Settings, your name, iCloud, "
      "on an Apple device, then sign in again"};
}

Error not_allowed() {
  return Error{
      ErrorKind::NeedsSignIn,
      "your photos are protected by Advanced Data Protection, and no device has allowed access to them; unlock "
      "your iPhone, iPad or Mac, sign in again, and tap Allow there"};
}

bool mentions(const net::Response& response, std::string_view words) {
  return response.body.find(words) != std::string::npos;
}

}  // namespace

bool lacks_keys(const net::Response& response) {
  if (response.status == 423) return true;
  if (response.status < 400) return false;
  return mentions(response, "Missing PCS cookies") || mentions(response, "Cannot find PCS auth info");
}

bool denies_access(const net::Response& response) {
  if (response.status != 403 && response.status != 400) return false;
  const auto document = JsonDocument::parse(response.body);
  return document && document->root()["serverErrorCode"].text() == "ACCESS_DENIED";
}

bool Pcs::has_keys() const {
  return memory_.read([&](const SavedSession& session) {
    const auto cookies = session.cookies.header_for(session.photos_url() + "/", clock_.now());
    return std::all_of(kCookies.begin(), kCookies.end(), [&](const std::string& name) {
      return cookies.reveal().find(name + "=") != std::string_view::npos;
    });
  });
}

Result<void> Pcs::check(const net::Response& response) {
  if (mentions(response, "Missing X-APPLE-WEBAUTH-TOKEN")) {
    return Error{
        ErrorKind::Refused,
        "iCloud does not lend the keys of your photos; see that \"Access iCloud Data on the Web\" is on "
        "(Settings, your name, iCloud) and that www.icloud.com has no new terms to accept, then sign in again"};
  }
  if (is_throttle(response.status)) return pauses_.begin(Service::Setup, response);
  if (response.status != 200)
    return Error{ErrorKind::Throttled,
                 with_apples_words("iCloud does not say who may see the photos; try again in some "
                                   "minutes",
                                   response)};
  return {};
}

Result<Pcs::Access> Pcs::access(std::stop_token stop) {
  const auto response = TRY(calls_.web_access_state(stop));
  TRY(check(response));
  const auto document = TRY(JsonDocument::parse(response.body));
  const auto says = [&](std::string_view member, bool otherwise) {
    return document[member].boolean().value_or(otherwise);
  };
  return Access{says("isWebAccessAllowed", true), says("isICDRSDisabled", false),
                says("isDeviceConsentedForPCS", false)};
}

bool Pcs::was_asked(const CodeSource& person) const {
  const auto asked = memory_.read([](const SavedSession& session) { return session.approval_asked_at; });
  const auto now = clock_.now();
  if (!asked || *asked > now) return false;
  // Whoever is here may ask anew once the question has gone from the devices.
  return !person.can_ask() || now < *asked + kLongest;
}

Result<void> Pcs::obtain(CodeSource& person, std::stop_token stop) {
  TRY(pauses_.check(Service::Setup));
  const auto access = TRY(this->access(stop));
  if (!access.on_the_web) return web_access_off();
  if (!access.is_protected) return Error{ErrorKind::Rejected, "the data of this account needs no keys"};
  if (access.is_approved) return fetch(Calls::Asked::ByItself, stop);
  const bool asked = was_asked(person);
  if (asked && !person.can_ask()) return not_allowed();
  if (!asked) TRY(ask_devices(stop));
  person.tell(kTap);
  return fetch(asked ? Calls::Asked::ByItself : Calls::Asked::ByPerson, stop);
}

Result<void> Pcs::ask_devices(std::stop_token stop) {
  // Before it is sent: whoever is killed meanwhile must not ask twice.
  TRY(memory_.change([&](SavedSession& session) { session.approval_asked_at = clock_.now(); }));
  log.info("asking the account's devices to allow access to protected data");
  const auto response = TRY(calls_.ask_for_approval(stop));
  TRY(check(response));
  const auto document = TRY(JsonDocument::parse(response.body));
  if (!document["isDeviceConsentNotificationSent"].boolean().value_or(true)) {
    return Error{ErrorKind::NeedsSignIn,
                 "none of your Apple devices could be asked to allow access to your protected photos; unlock one, see "
                 "that it is online, and sign in again"};
  }
  return {};
}

Result<void> Pcs::fetch(Calls::Asked asked, std::stop_token stop) {
  // Those at hand have run out, or nobody would have come here; they must not be taken for new ones.
  TRY(memory_.change([](SavedSession& session) {
    for (const auto* cookie : kCookies) session.cookies.remove(cookie);
  }));
  const auto until = clock_.monotonic() + kLongest;
  for (;;) {
    if (TRY(try_fetch(asked, stop))) break;
    asked = Calls::Asked::ByItself;
    if (clock_.monotonic() + kBetweenLooks > until) return not_allowed();
    if (!clock_.sleep_for(kBetweenLooks, stop)) return Error{ErrorKind::Cancelled, "interrupted"};
  }
  const auto saved = memory_.change([](SavedSession& session) { session.approval_asked_at.reset(); });
  if (!saved) log.warn("that access was allowed cannot be kept reason={}", saved.error().message());
  return {};
}

Result<bool> Pcs::try_fetch(Calls::Asked asked, std::stop_token stop) {
  const auto response = TRY(calls_.request_keys(asked, stop));
  TRY(check(response));
  // The texts change; the cookies are what counts.
  return has_keys();
}

}  // namespace icloudphotos::auth
