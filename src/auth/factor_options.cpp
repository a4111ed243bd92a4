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
constexpr std::size_t kMostKeys = 64;
constexpr std::size_t kLongestName = 64;

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

KeyChallenge key_of(JsonView view, JsonView names) {
  KeyChallenge key;
  key.challenge = view["challenge"].text().value_or("");
  key.relying_party = view["rpId"].text().value_or("apple.com");
  view["keyHandles"].each([&](JsonView handle) {
    auto bytes = base64_decode(handle.text().value_or(""));
    if (bytes && !bytes->empty() && key.handles.size() < kMostKeys) key.handles.push_back(std::move(*bytes));
  });
  names.each([&](JsonView name) {
    if (key.names.size() < kMostKeys)
      key.names.push_back(printable(cut_at_code_point(name.text().value_or(""), kLongestName)));
  });
  return key;
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
    for (const auto& place : {root, root["direct"]["twoSV"]}) {
      if (options.security_key || !place["fsaChallenge"].is_object()) continue;
      options.security_key = true;
      options.key = key_of(place["fsaChallenge"], place["keyNames"]);
    }
  }
  return options;
}

}  // namespace icloudphotos::auth
