// SPDX-License-Identifier: MIT
// Finds the phones and devices in whatever shape Apple lists them.
#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/text.h"

#include "auth/answers.h"
#include "auth/boot_args.h"

namespace icloudphotos::auth {
namespace {

constexpr std::size_t kMostPhones = 64;

std::optional<FactorOptions::Phone> phone_of(JsonView view) {
  const auto id = view["id"].integer();
  if (!id || *id < 0 || *id > std::numeric_limits<int>::max()) return std::nullopt;
  FactorOptions::Phone phone;
  phone.phone.id = static_cast<int>(*id);
  for (const auto* name : {"numberWithDialCode", "obfuscatedNumber"}) {
    if (phone.phone.number.empty()) phone.phone.number = cut_at_code_point(view[name].text().value_or(""), 64);
  }
  phone.phone.voice = view["pushMode"].text() == "voice";
  phone.non_fteu = view["nonFTEU"].boolean();
  return phone;
}

/// Takes the phones from the first place that has any.
std::vector<FactorOptions::Phone> phones_of(JsonView root) {
  const auto two_sv = root["direct"]["twoSV"];
  const std::array places{two_sv["phoneNumberVerification"], two_sv["bridgeInitiateData"]["phoneNumberVerification"],
                          root["phoneNumberVerification"], root};
  std::vector<FactorOptions::Phone> phones;
  const auto take = [&](JsonView view) {
    if (auto phone = phone_of(view); phone && phones.size() < kMostPhones) phones.push_back(std::move(*phone));
  };
  for (const auto& place : places) {
    if (phones.empty()) place["trustedPhoneNumbers"].each(take);
  }
  for (const auto& place : places) {
    if (phones.empty()) take(place["trustedPhoneNumber"]);
  }
  return phones;
}

bool no_devices(JsonView root) {
  if (const auto direct = root["direct"]["hasTrustedDevices"].boolean()) return !*direct;
  for (const auto& place :
       {root, root["phoneNumberVerification"], root["direct"]["twoSV"]["phoneNumberVerification"]}) {
    if (place["noTrustedDevices"].boolean().value_or(false)) return true;
  }
  return false;
}

}  // namespace

FactorOptions decode_options(const net::Response& response) {
  FactorOptions options;
  auto texts = boot_args(response.body);
  if (texts.empty()) texts.push_back(response.body);
  for (const auto text : texts) {
    const auto document = JsonDocument::parse(text);
    if (!document) continue;
    const auto root = document->root();
    if (options.phones.empty()) options.phones = phones_of(root);
    if (no_devices(root)) options.trusted_devices = false;
    if (root["fsaChallenge"].is_object() || root["direct"]["twoSV"]["fsaChallenge"].is_object()) {
      options.security_key = true;
    }
  }
  return options;
}

}  // namespace icloudphotos::auth
