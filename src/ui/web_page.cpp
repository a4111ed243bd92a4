// SPDX-License-Identifier: MIT
#include "icloudphotos/ui/web_page.h"

#include <functional>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "icloudphotos/base/log.h"
#include "icloudphotos/net/http_server.h"

#include "ui/web_desk.h"
#include "ui/web_form.h"
#include "ui/web_guard.h"
#include "ui/web_pages.h"

namespace icloudphotos::ui {
namespace {

constexpr Log log{"web"};
using Kind = WebScene::Kind;
constexpr std::size_t kMaxBodyBytes = 4096;

constexpr const char* kOnlyOurs =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'";

net::ServerResponse respond(int status, std::string_view type, std::string_view body) {
  net::ServerResponse response;
  response.status = status;
  response.body = body;
  response.headers = {{"Content-Type", std::string{type}},
                      {"Content-Security-Policy", kOnlyOurs},
                      // Not no-referrer, with which browsers send forms as coming from nowhere.
                      {"Referrer-Policy", "same-origin"},
                      {"Cache-Control", "no-store"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Cross-Origin-Opener-Policy", "same-origin"},
                      {"Cross-Origin-Resource-Policy", "same-origin"}};
  return response;
}

net::ServerResponse page(int status, const std::string& html) {
  return respond(status, "text/html; charset=utf-8", html);
}

net::ServerResponse only(const char* methods) {
  auto response = page(405, web_notice("Not found", "There is no such page."));
  response.headers.add("Allow", methods);
  return response;
}

net::ServerResponse to_start() {
  auto response = respond(303, "text/plain", "");
  response.headers.add("Location", "/");
  return response;
}

}  // namespace

class WebPage::State {
 public:
  explicit State(Options options) : options_{std::move(options)}, desk_{options_.account} {}

  Result<void> listen() {
    net::ServerOptions server;
    server.port = options_.port;
    server.max_body_bytes = kMaxBodyBytes;
    server_ = TRY(net::HttpServer::start(server, [this](const net::ServerRequest& request) { return serve(request); }));
    guard_.set_port(server_->port());
    return {};
  }

  std::string link() { return fmt::format("http://127.0.0.1:{}/?token={}", server_->port(), guard_.new_token()); }
  WebGuard& guard() { return guard_; }
  WebDesk& desk() { return desk_; }

 private:
  net::ServerResponse serve(const net::ServerRequest& request) {
    if (const auto meant = guard_.check_address(request); !meant) {
      log.debug("refused reason=address");
      return page(403, web_notice("Not here", meant.error().message()));
    }
    const bool is_post = request.method == "POST";
    if (!is_post && request.method != "GET" && request.method != "HEAD") return only("GET, HEAD, POST");
    // They tell nothing, and those who are refused should be able to read why.
    if (request.path == "/style.css" && !is_post) return respond(200, "text/css; charset=utf-8", web_style());
    if (request.path == "/icon.svg" && !is_post) return respond(200, "image/svg+xml", web_icon());
    if (!guard_.knows(request)) return stranger(request);
    if (request.path == "/") return is_post ? only("GET, HEAD") : first_page(request);
    const auto form = forms_.find(request.path);
    if (form == forms_.end()) return page(404, web_notice("Not found", "There is no such page."));
    if (!is_post) return only("POST");
    form->second(request.body);
    // Whatever became of it, the first page tells; and reloading that repeats nothing.
    return to_start();
  }

  net::ServerResponse stranger(const net::ServerRequest& request) {
    const auto token = request.method == "GET" && request.path == "/" ? request.query("token") : std::nullopt;
    if (!token) {
      return page(403, web_notice("Not let in",
                                  "Open this page by the link that the program shows. A link lets in one browser."));
    }
    const auto cookie = guard_.let_in(*token);
    if (!cookie) {
      return page(403, web_notice("This link does not count",
                                  "A link lets in one browser, once, and only the newest one counts. Ask the program "
                                  "for a new link."));
    }
    log.info("a browser was let in");
    // Browsers that follow another site's link keep the cookie back until a page of ours leads on.
    const auto from = request.headers.get("Sec-Fetch-Site").value_or("none");
    auto response = from == "none" || from == "same-origin" ? to_start() : page(200, web_welcome());
    response.headers.add("Set-Cookie", *cookie);
    return response;
  }

  net::ServerResponse first_page(const net::ServerRequest& request) {
    if (request.target != "/") return to_start();  // no token stays in the address
    return page(200, web_page(desk_.scene(), status()));
  }

  [[nodiscard]] auth::SessionStatus status() const {
    return options_.status ? options_.status() : auth::SessionStatus{};
  }

  void on_sign_in() {
    const auto now = status();
    if (now.asking || now.signed_in || !desk_.begin_sign_in()) return;
    if (options_.sign_in) options_.sign_in();
  }

  using Form = std::function<void(const std::string& body)>;
  const std::map<std::string, Form, std::less<>> forms_{
      {"/password",
       [this](const auto& body) { desk_.give_password(form_number(body, "question"), form_field(body, "password")); }},
      {"/code", [this](const auto& body) { desk_.give_code(form_number(body, "question"), form_field(body, "code")); }},
      {"/send",
       [this](const auto& body) { desk_.give_wish(form_number(body, "question"), form_field(body, "how").reveal()); }},
      {"/sign-in", [this](const auto&) { on_sign_in(); }}};

  const Options options_;
  WebGuard guard_;
  WebDesk desk_;
  std::unique_ptr<net::HttpServer> server_;  ///< Last: its end waits for requests under way.
};

WebPage::WebPage(std::unique_ptr<State> state) : state_{std::move(state)} {}
WebPage::~WebPage() = default;

Result<std::unique_ptr<WebPage>> WebPage::start(Options options) {
  auto state = std::make_unique<State>(std::move(options));
  TRY(state->listen());
  return std::unique_ptr<WebPage>{new WebPage{std::move(state)}};
}

std::string WebPage::link() { return state_->link(); }

bool WebPage::wait_for_visitor(std::stop_token stop) { return state_->guard().wait_for_visitor(std::move(stop)); }

bool WebPage::can_ask() const { return state_->guard().has_visitors(); }

Result<Secret> WebPage::password(const std::string& account, std::stop_token stop) {
  WebScene scene;
  scene.kind = Kind::Password;
  scene.account = account;
  return TRY(state_->desk().ask(std::move(scene), stop)).code;
}

Result<auth::Answer> WebPage::ask(const auth::Challenge& challenge, std::stop_token stop) {
  WebScene scene;
  scene.kind = Kind::Code;
  scene.challenge = challenge;
  return state_->desk().ask(std::move(scene), stop);
}

void WebPage::tell(const std::string& what_to_do) {
  WebScene scene;
  scene.kind = Kind::Elsewhere;
  scene.text = what_to_do;
  state_->desk().show(std::move(scene));
}

void WebPage::ended(const Result<void>& result) {
  WebScene scene;
  // Who stopped it knows.
  scene.kind = !result && result.error().kind() == ErrorKind::Cancelled ? Kind::Start : Kind::Ended;
  if (!result) scene.failure = result.error();
  state_->desk().show(std::move(scene));
}

}  // namespace icloudphotos::ui
