// SPDX-License-Identifier: MIT
#include "identity.h"

#include <utility>

#include <fmt/format.h>

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/text.h"

#include "identity_answers.h"
#include "second_factor.h"

namespace icloudphotos::demo {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kPrefix = "/appleauth/auth";
constexpr std::string_view kWidgetKey = "d39ba9916b7251055b22c7f910e2ea796ee65e98b2ddecea8f5dde8d9d1a815d";
constexpr std::string_view kHome = "https://www.icloud.com", kHomeChina = "https://www.icloud.com.cn";
constexpr auto kChallengeLife = 5min;
constexpr auto kSessionTokenLife = 24h * 30;
constexpr int kLockedAfter = 5;
constexpr std::size_t kMaxSignIns = 1000;

Bytes bytes_of(std::string_view text) {
  const auto bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

Bytes decoded(JsonView value) { return bytes_of(base64_decode(value.text().value_or("")).value_or("")); }

/// Accounts nobody has get a salt as well, always the same, so that init does not tell who has one.
SrpAccount invented_account(std::string_view name, const SrpAccount& like) {
  const auto digest = sha256(as_bytes("nobody|" + std::string{name}));
  SrpAccount account = like;
  account.salt.assign(digest.begin(), digest.begin() + 16);
  account.verifier = BigNumber{digest};
  return account;
}

/// The options and all about telephones are served to anything: icloudpd asks with the agent of its HTTP library and with
/// no origin, and lives.
bool is_lenient(const net::ServerRequest& request) {
  return (request.method == "GET" && request.path == kPrefix) ||
         std::string_view{request.path}.substr(kPrefix.size()).starts_with("/verify/phone");
}

SrpAccount account_of(const Credentials& credentials) {
  const auto digest = sha256(as_bytes("salt|" + credentials.account));
  Bytes salt{digest.begin(), digest.begin() + 16};
  const bool older = credentials.protocol == SrpProtocol::S2k;
  // Some clients drop zeros at the beginning: one kind of account shows it, the other lets them in.
  salt.front() = older ? std::byte{0xa1} : std::byte{0};
  return make_srp_account(credentials.password, std::move(salt), older ? 20064 : 20136, credentials.protocol);
}

}  // namespace

Identity::Identity(Credentials credentials, Tokens& tokens, CodeDesk& codes, const Clock& clock)
    : tokens_{tokens}, codes_{codes}, clock_{clock} {
  const Lock lock{mutex_};
  credentials_ = std::move(credentials);
  srp_ = account_of(credentials_);
}

void Identity::set_password(const std::string& password) {
  const Lock lock{mutex_};
  credentials_.password = password;
  srp_ = account_of(credentials_);
}

void Identity::forget_sign_ins() {
  const Lock lock{mutex_};
  challenges_.clear();
  sign_ins_.clear();
}

Identity::Counts Identity::counts() const {
  const Lock lock{mutex_};
  return counts_;
}

std::string Identity::session_token(std::string_view claim) {
  return tokens_.make(TokenKind::Session, claim, clock_.now() + kSessionTokenLife);
}

bool Identity::has_trust(JsonView tokens) const {
  bool found = false;
  tokens.each([&](JsonView token) {
    found = found || tokens_.read(TokenKind::Trust, token.text().value_or(""), clock_.now()).has_value();
  });
  return found;
}

void Identity::stamp(const Call& call, SignIn& sign_in, net::ServerResponse& response) {
  // Reading the options and asking for an SMS leave it as it is: icloudpd goes on with the one before, and lives.
  const bool stays = call.path.empty() || call.path == "/verify/phone";
  if (sign_in.scnt.empty() || !stays) sign_in.scnt = base64_encode(random_bytes(48));
  response.headers.add("scnt", sign_in.scnt);
  if (!sign_in.id.empty()) response.headers.add("X-Apple-ID-Session-Id", sign_in.id);
  response.headers.add("X-Apple-Auth-Attributes", base64_encode(random_bytes(24)));
  response.headers.add("X-Apple-I-Request-ID", random_uuid());
  const auto cookie = [&](const std::string& pair, const std::string& scope) {
    response.headers.add("Set-Cookie", pair + scope + "; HttpOnly");
  };
  cookie("dslang=US-EN", call.origin.apple_cookie_scope());
  cookie("site=USA", call.origin.apple_cookie_scope());
  if (!sign_in.id.empty()) cookie("aasp=" + sign_in.id, call.origin.identity_cookie_scope());
  cookie("acn01=" + base64_encode(random_bytes(15)), call.origin.apple_cookie_scope());
}

net::ServerResponse Identity::answer(const net::ServerRequest& request, const Origin& origin, const Quirks& quirks) {
  const auto agent = request.headers.get("User-Agent").value_or("");
  if (quirks.demand_browser && !agent.starts_with("Mozilla/5.0 (") && !is_lenient(request)) return unavailable();
  const auto body = JsonDocument::parse(request.body.empty() ? "null" : request.body);
  if (!body) return identity_error(400, "-20000", "The request is no JSON.");
  return route({request, origin, quirks, body->root(), std::string_view{request.path}.substr(kPrefix.size())});
}

net::ServerResponse Identity::route(const Call& call) {
  const std::string& method = call.request.method;
  if (call.path == "/authorize/signin" && method == "GET") return authorize(call);
  if (call.request.headers.get("X-Apple-Widget-Key") != kWidgetKey)
    return identity_error(401, "-20002", "Unknown widget key.");
  if (call.path == "/federate" && method == "POST") {
    // Who signs in at a company's page has no password here. How Apple words it is not known.
    return json_answer(
        200, JsonWriter{}.object().member("federated", call.quirks.account == AccountKind::Federated).end().take());
  }
  if (call.path == "/signin/init" && method == "POST") return init(call);
  if (call.path == "/signin/complete" && method == "POST") return complete(call);
  if (call.path == "/signin") return unavailable();  // switched off since late 2024
  return go_on(call);
}

net::ServerResponse Identity::authorize(const Call& call) {
  net::ServerResponse response;
  response.headers.add("Content-Type", "text/html;charset=UTF-8");
  response.body = "<!DOCTYPE html><html><head><title>Sign in</title></head><body></body></html>";
  const Lock lock{mutex_};
  SignIn nobody;
  stamp(call, nobody, response);
  return response;
}

net::ServerResponse Identity::init(const Call& call) {
  const auto name = call.body["accountName"].text();
  const Bytes client_public = decoded(call.body["a"]);
  const Lock lock{mutex_};
  const std::string_view wanted = name_of(credentials_.protocol);
  bool offered = false;
  call.body["protocols"].each([&](JsonView protocol) { offered = offered || protocol.text() == wanted; });
  if (!name || client_public.empty() || !offered) return identity_error(400, "-20000", "A field is missing.");
  const auto sign_in = std::make_shared<SignIn>();
  const SrpAccount account = *name == credentials_.account ? srp_ : invented_account(*name, srp_);
  sign_in->srp = SrpChallenge::begin(account, BigNumber{client_public}, BigNumber{random_bytes(32)});
  if (!sign_in->srp) return identity_error(400, "-20000", "The public value is not acceptable.");
  sign_in->account = *name;
  sign_in->challenge = fmt::format("d-{}:DMO", random_uuid());
  sign_in->began = clock_.now();
  sign_in->began_with = call.request.headers.get("scnt").value_or("");
  if (challenges_.size() > kMaxSignIns) challenges_.clear();
  challenges_[sign_in->challenge] = sign_in;
  auto response = json_answer(200, JsonWriter{}
                                       .object()
                                       .member("iteration", static_cast<std::int64_t>(account.iterations))
                                       .member("salt", base64_encode(account.salt))
                                       .member("protocol", name_of(account.protocol))
                                       .member("version", 1)
                                       .member("b", base64_encode(sign_in->srp->server_public().bytes()))
                                       .member("c", sign_in->challenge)
                                       .end()
                                       .take());
  response.headers.set("Content-Type", "text/html;charset=UTF-8");  // as recorded, though it is JSON
  if (call.quirks.hashcash_bits > 0) {
    sign_in->work = hex_encode(random_bytes(16));
    response.headers.add("X-Apple-HC-Bits", std::to_string(call.quirks.hashcash_bits));
    response.headers.add("X-Apple-HC-Challenge", sign_in->work);
  }
  stamp(call, *sign_in, response);
  return response;
}

net::ServerResponse Identity::complete(const Call& call) {
  const Lock lock{mutex_};
  const auto found = challenges_.find(std::string{call.body["c"].text().value_or("")});
  if (found == challenges_.end()) return identity_error(400, "-20000", "The challenge is unknown or was used.");
  const std::shared_ptr<SignIn> sign_in = found->second;
  // icloudpd sends none here, or with a saved session the one it began with, and lives.
  if (const auto scnt = call.request.headers.get("scnt"); scnt && scnt != sign_in->scnt && scnt != sign_in->began_with)
    return context_lost();
  challenges_.erase(found);
  if (clock_.now() - sign_in->began > kChallengeLife)
    return identity_error(400, "-20000", "The challenge has expired.");
  ++counts_.attempts;
  const auto proof = call.request.headers.get("X-Apple-HC").value_or("");
  if (!sign_in->work.empty() && !proves_work(proof, sign_in->work, call.quirks.hashcash_bits))
    return json_answer(403, "{}");
  if (call.quirks.account == AccountKind::Locked || counts_.wrong_in_a_row >= kLockedAfter) return account_locked();
  const std::string name{call.body["accountName"].text().value_or("")};
  const bool is_right = call.quirks.account != AccountKind::Federated && name == sign_in->account &&
                        name == credentials_.account &&
                        sign_in->srp->accepts(name, {decoded(call.body["m1"]), decoded(call.body["m2"])});
  if (!is_right) return refuse_password(call, *sign_in);
  counts_.wrong_in_a_row = 0;
  sign_in->id = base64_encode(random_bytes(36));
  if (sign_ins_.size() > kMaxSignIns) sign_ins_.clear();
  sign_ins_[sign_in->id] = sign_in;
  return after_password(call, *sign_in);
}

net::ServerResponse Identity::refuse_password(const Call& call, SignIn& sign_in) {
  const bool is_known = sign_in.account == credentials_.account;
  if (is_known && ++counts_.wrong_in_a_row >= kLockedAfter) return account_locked();
  auto response = wrong_password(call.quirks.password_refusal);
  stamp(call, sign_in, response);
  return response;
}

net::ServerResponse Identity::after_password(const Call& call, SignIn& sign_in) {
  const AccountKind account = call.quirks.account;
  net::ServerResponse response = json_answer(409, challenge_json(call.quirks, codes_.state(call.quirks)));
  std::string_view claim = "password";
  sign_in.stage = Stage::NeedsCode;
  if (account == AccountKind::NoTwoFactor || account == AccountKind::NeedsRepair) {
    response = json_answer(412, R"({"authType":"sa"})");
    response.headers.add("X-Apple-Repair-Session-Token", base64_encode(random_bytes(30)));
    sign_in.stage = Stage::NeedsRepair;
  } else if (account == AccountKind::AppPassword) {
    response = json_answer(200, R"({"authType":"sa"})");
  } else if (has_trust(call.body["trustTokens"])) {
    response = json_answer(200, R"({"authType":"hsa2"})");
    sign_in.stage = Stage::Verified;
    claim = "verified";
  } else if (account == AccountKind::SecurityKey) {
    response = json_answer(409, ask_for_key(sign_in));
  }
  if (response.status == 409) {
    response.headers.add("Location", "/auth");
    response.headers.add("X-Apple-TwoSV-Trust-Eligible", "true");
  }
  // Neither opens a session: one has to be repaired first, the other is for mail programs.
  if (account != AccountKind::NeedsRepair && account != AccountKind::AppPassword)
    response.headers.add("X-Apple-Session-Token", session_token(claim));
  response.headers.add("X-Apple-ID-Account-Country", "USA");
  stamp(call, sign_in, response);
  return response;
}

net::ServerResponse Identity::go_on(const Call& call) {
  const Lock lock{mutex_};
  const auto found = sign_ins_.find(std::string{call.request.headers.get("X-Apple-ID-Session-Id").value_or("")});
  if (found == sign_ins_.end() || call.request.headers.get("scnt") != found->second->scnt) return context_lost();
  const std::shared_ptr<SignIn> held = found->second;
  SignIn& sign_in = *held;
  const auto age = clock_.now() - sign_in.began;
  if (sign_in.stage != Stage::Verified && age > std::chrono::seconds{call.quirks.sign_in_life_s}) {
    sign_ins_.erase(found);
    return context_lost();
  }
  const std::string& method = call.request.method;
  if (call.path == "/repair/complete" && method == "POST") return repair(call, sign_in);
  if (call.path.empty() && method == "GET") return options(call, sign_in);
  const auto asked_from = call.request.headers.get("Origin");
  const bool is_page = asked_from == kHome || asked_from == kHomeChina || (!asked_from && is_lenient(call.request));
  if (call.quirks.demand_origin && !is_page && (call.path.starts_with("/verify") || call.path == "/2sv/trust")) {
    auto response = json_answer(409, R"({"hasError":true,"securityCode":{"valid":false}})");
    stamp(call, sign_in, response);
    return response;
  }
  const auto phone = static_cast<CodeTarget>(call.body["phoneNumber"]["id"].integer().value_or(kNoPhone));
  if (call.path == "/verify/trusteddevice/securitycode")
    return method == "PUT" ? send_code(call, sign_in, kDevices) : check_code(call, sign_in, kDevices);
  if (call.path == "/verify/phone" && method == "PUT") return send_code(call, sign_in, phone);
  if (call.path == "/verify/phone/securitycode" && method == "POST") return check_code(call, sign_in, phone);
  if (call.path == "/verify/security/key" && method == "POST") return security_key(call, sign_in);
  if (call.path == "/2sv/trust" && method == "GET") return trust(call, sign_in);
  return json_answer(call.path == "/verify/trusteddevice" ? 405 : 404, "{}");
}

}  // namespace icloudphotos::demo
