// SPDX-License-Identifier: MIT
#include "security_key.h"

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/ecdsa.h"

namespace icloudphotos::demo {
namespace {

constexpr std::string_view kRelyingParty = "apple.com";
constexpr std::string_view kOrigin = "https://apple.com";
constexpr std::size_t kPublicKeyBytes = 65;
constexpr std::size_t kShortestAuthenticatorData = 37;  // hash of the relying party, flags, counter
constexpr std::size_t kFlagsAt = 32;
constexpr unsigned char kUserPresent = 1;

/// Base64 of the standard kind, or nothing: what the page sends is not of the kind in URLs.
std::string bytes_in(JsonView value) {
  const auto text = value.text().value_or("");
  return text.find_first_of("-_") == text.npos ? base64_decode(text).value_or("") : "";
}

std::string digest_of(std::string_view text) {
  const auto digest = sha256(as_bytes(text));
  return std::string{as_text(digest)};
}

bool is_client_data(std::string_view json, std::string_view challenge) {
  const auto data = JsonDocument::parse(std::string{json});
  return data && (*data)["type"].text() == "webauthn.get" && (*data)["challenge"].text() == challenge &&
         (*data)["origin"].text() == kOrigin && !(*data)["crossOrigin"].boolean().value_or(false);
}

bool is_authenticator_data(std::string_view data) {
  return data.size() >= kShortestAuthenticatorData && data.starts_with(digest_of(kRelyingParty)) &&
         (static_cast<unsigned char>(data[kFlagsAt]) & kUserPresent) != 0;
}

}  // namespace

Result<void> KeyDesk::add(JsonView key) {
  const auto id = bytes_in(key["credential"]), public_key = bytes_in(key["public_key"]);
  if (id.empty() || public_key.size() != kPublicKeyBytes)
    return Error{ErrorKind::Usage, "a security key has a credential and a public_key of 65 bytes, both base64"};
  const Lock lock{mutex_};
  keys_[id] = {std::string{key["name"].text().value_or("Blue key")}, public_key};
  return {};
}

std::string KeyDesk::options_json(std::string_view account, std::string_view challenge) const {
  JsonWriter out;
  out.object().member("authType", "hsa2").member("accountName", account).member("cancelled", false);
  out.key("fsaChallenge").object().member("challenge", challenge).key("keyHandles").array();
  const Lock lock{mutex_};
  for (const auto& [id, key] : keys_) out.value(base64_encode(as_bytes(id), Base64::Url));
  if (keys_.empty()) out.value(base64_encode(as_bytes("a key nobody has"), Base64::Url));
  out.end().member("rpId", kRelyingParty).end().key("keyNames").array();
  for (const auto& [id, key] : keys_) out.value(key.name);
  if (keys_.empty()) out.value("Blue key");
  return out.end().member("passkeyAutofill", false).member("requirePrf", false).end().take();
}

bool KeyDesk::accepts(JsonView assertion, std::string_view challenge) const {
  const auto client_data = bytes_in(assertion["clientData"]), signature = bytes_in(assertion["signatureData"]);
  const auto data = bytes_in(assertion["authenticatorData"]);
  if (assertion["challenge"].text() != challenge || assertion["rpId"].text() != kRelyingParty) return false;
  if (!is_client_data(client_data, challenge) || !is_authenticator_data(data)) return false;
  const Lock lock{mutex_};
  const auto key = keys_.find(bytes_in(assertion["credentialID"]));
  return key != keys_.end() &&
         p256_verifies(as_bytes(key->second.public_key), as_bytes(data + digest_of(client_data)), as_bytes(signature));
}

std::string make_key_challenge() { return base64_encode(random_bytes(32), Base64::Url); }

net::ServerResponse wrong_key() {
  constexpr std::string_view kCode = "-21669";
  auto response = json_answer(400, JsonWriter{}
                                       .object()
                                       .key("service_errors")
                                       .array()
                                       .object()
                                       .member("code", kCode)
                                       .member("title", "Security Key Not Verified")
                                       .member("message", "Your security key could not be verified.")
                                       .member("suppressDismissal", false)
                                       .end()
                                       .end()
                                       .member("hasError", true)
                                       .end()
                                       .take());
  response.headers.add("X-Apple-I-Ercd", std::string{kCode});
  return response;
}

}  // namespace icloudphotos::demo
