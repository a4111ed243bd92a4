// SPDX-License-Identifier: MIT
// What tests may see and do of signing in.
#include "control.h"

namespace icloudphotos::demo {
namespace {

std::int64_t milliseconds_of(TimePoint when) { return when.time_since_epoch().count(); }

/// The members that say which code was sent where.
void write_wish(JsonWriter& out, const SentCode& sent) {
  out.member("target", sent.wish.target).member("mode", name_of(sent.wish.mode));
  out.member("asked_by", sent.wish.asked_by).member("at", milliseconds_of(sent.at));
}

}  // namespace

std::string Control::counters() const {
  JsonWriter out;
  const auto identity = parts_.identity.counts();
  const auto codes = parts_.codes.sent();
  out.object().member("password_attempts", identity.attempts);
  out.member("wrong_passwords_in_a_row", identity.wrong_in_a_row);
  out.member("codes_sent", static_cast<std::int64_t>(codes.size())).member("codes_wrong", parts_.codes.wrong_in_all());
  out.member("approvals_asked", parts_.setup.protection().asked()).key("codes").array();
  for (const SentCode& sent : codes) {
    out.object();
    write_wish(out, sent);
    out.end();
  }
  out.end().key("requests").object();
  for (const auto& [operation, count] : parts_.journal.counts()) out.member(operation, count);
  const auto order = parts_.journal.order();
  out.end().member("content_bytes", parts_.journal.content_bytes()).key("order").array();
  for (const auto& entry : order) out.value(entry.operation);
  out.end().key("times").array();
  for (const auto& entry : order) out.value(milliseconds_of(entry.at));
  out.end().key("early").array();
  for (const std::string& operation : parts_.pauses.early()) out.value(operation);
  out.end().key("faults").array();
  for (const std::uint64_t struck : parts_.faults.struck()) out.value(struck);
  return out.end().end().take();
}

std::string Control::shown_code() const {
  JsonWriter out;
  out.object().member("code", parts_.codes.shown()).key("sent").array();
  for (const SentCode& sent : parts_.codes.sent()) {
    out.object().member("code", sent.code);
    write_wish(out, sent);
    out.end();
  }
  return out.end().end().take();
}

Result<void> Control::expire(JsonView body) {
  const auto what = body["what"].text().value_or("");
  if (what == "session") {
    parts_.tokens.expire_all(TokenKind::Web);
  } else if (what == "token") {
    parts_.tokens.expire_all(TokenKind::Session);
  } else if (what == "trust") {
    parts_.tokens.expire_all(TokenKind::Trust);
  } else if (what == "older trust") {
    parts_.tokens.expire_older(TokenKind::Trust);
  } else if (what == "pcs") {
    parts_.tokens.expire_all(TokenKind::Pcs);
  } else if (what == "consent") {
    parts_.tokens.expire_all(TokenKind::Pcs);
    parts_.setup.protection().forget_consent();
  } else if (what == "terms") {
    parts_.setup.renew_terms();
  } else if (what == "sign_ins") {
    parts_.identity.forget_sign_ins();
  } else if (what == "urls") {
    parts_.urls.expire_all();
  } else {
    return Error{ErrorKind::Usage,
                 "expire what: session, token, trust, older trust, pcs, consent, terms, sign_ins or urls"};
  }
  return {};
}

Result<void> Control::set_password(JsonView body) {
  const auto password = body["password"].text();
  if (!password) return Error{ErrorKind::Usage, "a password is missing"};
  parts_.identity.set_password(std::string{*password});
  parts_.tokens.set_password(std::string{*password});
  return {};
}

}  // namespace icloudphotos::demo
