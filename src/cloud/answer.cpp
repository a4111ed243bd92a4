// SPDX-License-Identifier: MIT
// The envelopes and the catalogue of protocol/photos.md 18.
#include "cloud/answer.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::cloud {
namespace {

/// What the service says about its refusal.
struct Complaint {
  int status = 200;
  std::string code;
  std::string reason;

  [[nodiscard]] bool is(std::initializer_list<std::string_view> codes) const {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
  }
  [[nodiscard]] bool mentions(std::string_view words) const {
    return ascii_lower(reason).find(words) != std::string::npos || ascii_lower(code).find(words) != std::string::npos;
  }
  /// "Bad Request (400)" and the like say no more than the status.
  [[nodiscard]] bool has_reason() const { return !reason.empty() && !mentions("bad request"); }
  [[nodiscard]] std::string in_words() const {
    const auto said = code.empty() || code == reason ? reason : reason.empty() ? code : code + ", " + reason;
    const auto cut = printable(cut_at_code_point(said, 200));
    if (cut.empty()) return fmt::format("HTTP status {}", status);
    return status == 200 ? cut : fmt::format("HTTP status {}, {}", status, cut);
  }
};

std::string text_or_number(JsonView value) {
  if (const auto text = value.text()) return std::string{*text};
  if (const auto number = value.integer()) return std::to_string(*number);
  return {};
}

std::string first_text(JsonView element, std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    const auto text = element[name].text();
    if (text && !text->empty()) return std::string{*text};
  }
  return {};
}

bool is_complaint(JsonView element) {
  if (!element.is_object()) return false;
  const auto says = [&](std::string_view name) { return element[name].exists() && !element[name].is_null(); };
  if (says("serverErrorCode")) return true;
  if (const auto success = element["success"].boolean(); success && !*success) return true;
  const bool has_content = says("records") || says("zones") || says("batch") || says("recordType") || says("fields");
  return !has_content && (says("error") || says("errorReason") || says("errorCode"));
}

Complaint complaint_of(int status, JsonView element) {
  Complaint complaint{status, text_or_number(element["serverErrorCode"]),
                      first_text(element, {"reason", "errorReason", "errorMessage", "error"})};
  if (complaint.code.empty()) complaint.code = text_or_number(element["errorCode"]);
  return complaint;
}

Error error_of(const Complaint& it) {
  const auto error = [&](ErrorKind kind, std::string_view sentence) {
    return Error{kind, fmt::format("{} ({})", sentence, it.in_words())};
  };
  const auto status = it.status;

  if (it.is({"ZONE_NOT_FOUND"}) || it.mentions("zone does not exist"))
    return error(ErrorKind::NotFound, "iCloud has no such photo library; is iCloud Photos switched on?");
  if (it.is({"NOT_FOUND"})) return error(ErrorKind::NotFound, "iCloud has no such record");
  if (it.is({"ACCESS_DENIED", "PRIVATE_DB_DISABLED"}))
    return error(
        ErrorKind::Refused,
        "iCloud refuses access to the photos: allow \"Access iCloud Data on the Web\" in the settings of an Apple "
        "device, or, if it worked before, wait a few hours");
  if (status == 423 || it.mentions("pcs cookie"))
    return error(ErrorKind::NeedsSignIn, "the photos are protected; sign in again and approve it on an Apple device");
  if (status == 401 || status == 403 || status == 421 || status == 450 ||
      it.is({"AUTHENTICATION_FAILED", "AUTHENTICATION_REQUIRED"}) || it.mentions("invalid global session") ||
      it.mentions("x-apple-webauth"))
    return error(ErrorKind::NeedsSignIn, "the session has ended; sign in again");
  if (status == 429 || status == 503 ||
      it.is({"THROTTLED", "RETRY_LATER", "TRY_AGAIN_LATER", "CAS_OP_LOCK", "ZONE_BUSY", "REQUEST_RATE_LIMITED"}))
    return error(ErrorKind::Throttled, "iCloud asks to come back later");
  if (it.mentions("continuation") || it.mentions("sync token") || it.mentions("synctoken") ||
      it.mentions("token_expired"))
    return error(ErrorKind::StaleToken, "iCloud does not know the sync token any more");
  if (status >= 500 || it.is({"INTERNAL_ERROR", "SERVER_ERROR"}))
    return error(ErrorKind::Offline, "iCloud has a problem of its own");
  if (it.mentions("missing required field")) return error(ErrorKind::Protocol, "iCloud did not understand the request");
  if (status == 400 || it.is({"BAD_REQUEST"})) {
    return it.has_reason() ? error(ErrorKind::Rejected, "iCloud cannot answer this request")
                           : error(ErrorKind::Protocol,
                                   "iCloud refuses a request without saying why, as it does while a library is still "
                                   "being prepared for the "
                                   "web; see whether www.icloud.com shows your photos");
  }
  if (status == 409 || status == 410 || status == 412 || status == 413 ||
      it.is({"ATOMIC_ERROR", "CONFLICT", "EXISTS", "QUOTA_EXCEEDED", "VALIDATING_REFERENCE_ERROR"}))
    return error(ErrorKind::Rejected, "iCloud cannot answer this request");
  return error(ErrorKind::Protocol, "iCloud answered with an error that is not known");
}

}  // namespace

Result<JsonDocument> read_answer(int status, std::string_view body) {
  const bool is_happy = status >= 200 && status < 300;
  auto document = JsonDocument::parse(body);
  if (!document) {
    if (is_happy) return std::move(document).error().within("reading an answer of iCloud");
    return error_of({status, {}, {}});
  }
  if (!is_happy || is_complaint(document->root()))
    return error_of(complaint_of(is_happy ? 200 : status, document->root()));
  return document;
}

std::optional<Error> error_in(JsonView element) {
  if (!is_complaint(element)) return std::nullopt;
  return error_of(complaint_of(200, element));
}

bool is_transient(ErrorKind kind) {
  return kind == ErrorKind::Throttled || kind == ErrorKind::Offline || kind == ErrorKind::Protocol;
}

}  // namespace icloudphotos::cloud
