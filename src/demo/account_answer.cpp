// SPDX-License-Identifier: MIT
#include "account_answer.h"

#include "icloudphotos/base/json.h"

namespace icloudphotos::demo {
namespace {

bool has_photos(AccountKind account) { return account != AccountKind::NoPhotos && account != AccountKind::Managed; }

void write_facts(JsonWriter& out, const std::string& account, Standing standing, const Quirks& quirks) {
  out.key("dsInfo").object();
  out.member("dsid", kDsid).member("appleId", account).member("primaryEmail", account);
  out.member("fullName", "Ann Example").member("firstName", "Ann").member("lastName", "Example");
  out.member("countryCode", "USA").member("languageCode", "en-us").member("locale", "en-us_US");
  if (standing != Standing::NoTwoFactor) {
    out.member("hsaVersion", quirks.account == AccountKind::TwoStep ? 1 : 2).member("hsaEnabled", true);
  }
  out.member("hasICloudQualifyingDevice", quirks.account != AccountKind::PhoneOnly);
  out.member("isWebAccessAllowed", quirks.account != AccountKind::WebAccessOff);
  out.member("locked", quirks.account == AccountKind::Locked);
  out.member("iCDPEnabled", quirks.account == AccountKind::AdvancedProtection).member("ICDRSCapableDeviceCount", 0);
  out.member("isManagedAppleID", quirks.account == AccountKind::Managed || quirks.account == AccountKind::Federated);
  out.member("statusCode", 2).member("pcsDeleted", false);
  out.key("appleIdEntries").array().object();
  out.member("isPrimary", true).member("type", "EMAIL").member("value", account);
  out.end().end().end();
}

void write_services(JsonWriter& out, const Origin& origin, const Quirks& quirks) {
  const auto service = [&](std::string_view name, std::string_view host, bool needs_pcs) {
    out.key(name).object();
    if (needs_pcs) out.member("pcsRequired", true);
    out.member("url", origin.web_service_url(host)).member("status", "active").end();
  };
  out.key("webservices").object();
  service("ckdatabasews", "ckdatabasews", true);
  service("photos", "photosws", true);
  service("photosupload", "uploadphotosws", true);
  service("uploadimagews", "uploadimagews", false);
  service("sharedlibrary", "sharedlibrary", false);
  if (quirks.shared_streams) service("sharedstreams", "sharedstreams", false);
  service("push", "pushws", false);
  service("account", "setup", false);
  service("drivews", "drivews", true);
  out.key("schoolwork").object().end();
  out.end();
}

}  // namespace

std::string account_json(const std::string& account, Standing standing, const Origin& origin, const Quirks& quirks) {
  JsonWriter out;
  out.object();
  write_facts(out, account, standing, quirks);
  out.member("hasMinimumDeviceForPhotosWeb", quirks.account != AccountKind::NoPhotos);
  out.member("iCDPEnabled", quirks.account == AccountKind::AdvancedProtection).member("pcsEnabled", true);
  if (standing != Standing::NoTwoFactor) {
    out.member("hsaTrustedBrowser", standing != Standing::Untrusted);
    out.member("hsaChallengeRequired", standing == Standing::Untrusted);
  }
  if (standing == Standing::TermsPending) out.member("termsUpdateNeeded", true);
  out.member("isExtendedLogin", true).member("pcsServiceIdentitiesIncluded", false).member("version", 2);
  if (quirks.account != AccountKind::NoWebservices) write_services(out, origin, quirks);
  out.key("configBag").object().key("urls").object();
  out.member("accountLogin", origin.setup_url() + "/setup/ws/1/accountLogin").end().end();
  out.key("apps").object();
  if (has_photos(quirks.account)) out.key("photos").object().end();
  out.key("iclouddrive").object().end().end();
  out.key("requestInfo").object().member("country", "US").member("timeZone", "EST").member("region", "NC").end();
  return out.end().take();
}

}  // namespace icloudphotos::demo
