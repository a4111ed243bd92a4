// SPDX-License-Identifier: MIT
#include "gate.h"

#include "icloudphotos/base/json.h"

namespace icloudphotos::demo {
namespace {

net::ServerResponse session_over(std::string_view reason, int error) {
  return json_answer(421, JsonWriter{}.object().member("reason", reason).member("error", error).end().take());
}

net::ServerResponse access_denied() {
  return failure_answer({403, "ACCESS_DENIED", "private db access disabled for this account"});
}

net::ServerResponse without_keys(KeysRefusal refusal) {
  switch (refusal) {
    case KeysRefusal::Status423:
      return json_answer(423, R"({"errorReason":"Missing PCS cookies from the request","errorCode":423})");
    case KeysRefusal::Status400:
      return failure_answer({400, "BAD_REQUEST", "Cannot find PCS auth info from request"});
    case KeysRefusal::AccessDenied:
      return access_denied();
  }
  return access_denied();
}

std::optional<net::ServerResponse> refuse_all(PhotosRefusal refusal) {
  switch (refusal) {
    case PhotosRefusal::None:
      return std::nullopt;
    case PhotosRefusal::BadRequest: {  // says nothing, as libraries do that are not ready for the web
      net::ServerResponse response;
      response.status = 400;
      response.headers.add("Content-Type", "text/plain");
      response.body = "Bad Request (400)";
      return response;
    }
    case PhotosRefusal::ZoneNotFound:
      return failure_answer({404, "ZONE_NOT_FOUND", "Zone does not exist"});
    case PhotosRefusal::AuthenticationFailed:
      return failure_answer({401, "AUTHENTICATION_FAILED", "no auth method found"});
    case PhotosRefusal::Status401:
      return failure_answer({401, "AUTHENTICATION_REQUIRED", "request needs authorization"});
    case PhotosRefusal::Status421:
      return session_over("Invalid global session", 2);
  }
  return std::nullopt;
}

}  // namespace

std::optional<net::ServerResponse> refuse_photos(const net::ServerRequest& request, const WebCookies& cookies,
                                                 const Quirks& quirks) {
  if (cookie_of(request, "X-APPLE-WEBAUTH-TOKEN").empty())
    return session_over("Missing X-APPLE-WEBAUTH-TOKEN cookie", 1);
  // With web access off no session is good enough, however fresh.
  if (!cookies.has_live_token(request) || quirks.account == AccountKind::WebAccessOff)
    return session_over("Invalid global session", 2);
  if (quirks.account == AccountKind::AdvancedProtection && !cookies.has_keys(request))
    return without_keys(quirks.keys_refusal);
  if (quirks.private_db_disabled) return access_denied();
  if (quirks.account == AccountKind::NoPhotos || quirks.account == AccountKind::Managed)
    return refuse_all(PhotosRefusal::ZoneNotFound);
  return refuse_all(quirks.photos_refusal);
}

net::ServerResponse not_signed_in(std::string_view why, const Quirks& quirks) {
  return json_answer(static_cast<int>(quirks.signed_out_status), JsonWriter{}
                                                                     .object()
                                                                     .member("success", false)
                                                                     .key("requestInfo")
                                                                     .array()
                                                                     .object()
                                                                     .member("country", "US")
                                                                     .end()
                                                                     .end()
                                                                     .member("error", why)
                                                                     .end()
                                                                     .take());
}

}  // namespace icloudphotos::demo
