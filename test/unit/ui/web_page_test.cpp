// SPDX-License-Identifier: MIT
#include "icloudphotos/ui/web_page.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "icloudphotos/base/mutex.h"

#include "web_visitor.h"

namespace icloudphotos::ui {
namespace {

using auth::Answer;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }
bool is(std::string_view answer, int status) { return answer.starts_with("HTTP/1.1 " + std::to_string(status)); }

class TheWebPage : public testing::Test {
 protected:
  TheWebPage() {
    WebPage::Options options;
    options.account = "ann@example.com";
    options.status = [this] {
      const Lock lock{mutex};
      return status;
    };
    options.sign_in = [this] { ++sign_ins; };
    page = std::move(WebPage::start(std::move(options))).value();
    link = page->link();
    visitor.emplace(link);
  }
  ~TheWebPage() override {
    stop.request_stop();
    asking = {};
  }

  void let_in() { EXPECT_TRUE(is(visitor->open(link), 303)); }
  template <class Change>
  void set_status(Change change) {
    const Lock lock{mutex};
    status = {};
    change(status);
  }
  void be_signed_in() {
    set_status([](auto& now) { now.signed_in = true; });
  }
  void be_asking() {
    set_status([](auto& now) { now.asking = true; });
  }
  void ask_password() {
    asking = std::jthread{[this] { password = page->password("ann@example.com", stop.get_token()); }};
  }
  void ask_code(const auth::Challenge& challenge) {
    asking = std::jthread{[this, challenge] { answer = page->ask(challenge, stop.get_token()); }};
  }
  static auth::Challenge challenge() {
    auth::Challenge challenge;
    challenge.code_sent_to_devices = true;
    challenge.phones = {{5, "+1 (•••) •••-••81", false}, {9, "+49 •••22", true}};
    return challenge;
  }

  Mutex mutex;
  auth::SessionStatus status;
  std::atomic<int> sign_ins = 0;
  std::unique_ptr<WebPage> page;
  std::string link;
  std::optional<WebVisitor> visitor;
  std::stop_source stop;
  Result<Secret> password = Error{ErrorKind::NotFound, "not asked"};
  Result<Answer> answer = Error{ErrorKind::NotFound, "not asked"};
  std::jthread asking;
};

TEST_F(TheWebPage, ListensToThisMachineOnly) {
  EXPECT_TRUE(link.starts_with("http://127.0.0.1:"));
  WebPage::Options taken;
  taken.port = visitor->port();
  EXPECT_EQ(WebPage::start(taken).error().kind(), ErrorKind::Usage);
}

TEST_F(TheWebPage, LetsInTheFirstBrowserThatComesWithTheLinkAndNoOther) {
  EXPECT_FALSE(page->can_ask());
  const auto first = visitor->open(link);
  EXPECT_TRUE(is(first, 303));
  EXPECT_TRUE(contains(first, "Location: /\r\n"));
  EXPECT_TRUE(contains(first, "; Path=/; HttpOnly; SameSite=Strict\r\n"));
  EXPECT_TRUE(is(visitor->get(), 200));
  EXPECT_TRUE(page->can_ask());
  WebVisitor second{link};
  const auto refused = second.open(link);
  EXPECT_TRUE(is(refused, 403));
  EXPECT_TRUE(contains(refused, "A link lets in one browser, once"));
  EXPECT_FALSE(contains(refused, "Set-Cookie"));
  EXPECT_TRUE(is(second.get(), 403));
  EXPECT_TRUE(is(visitor->open(link), 303)) << "who was let in may open the link again";
}

TEST_F(TheWebPage, CanBeWaitedForUntilSomebodyIsThere) {
  std::jthread opening{[this] { let_in(); }};
  EXPECT_TRUE(page->wait_for_visitor({}));
  EXPECT_TRUE(page->can_ask());
}

TEST_F(TheWebPage, WaitsForNobodyOnceStopped) {
  stop.request_stop();
  EXPECT_FALSE(page->wait_for_visitor(stop.get_token()));
}

TEST_F(TheWebPage, HeedsTheNewestLinkOnlyAndKeepsThoseWhoAreIn) {
  const auto next = page->link();
  EXPECT_TRUE(is(visitor->open(link), 403));
  EXPECT_TRUE(is(visitor->open(next), 303));
  WebVisitor second{link};
  EXPECT_TRUE(is(second.open(page->link()), 303));
  EXPECT_TRUE(is(second.get(), 200));
  EXPECT_TRUE(is(visitor->get(), 200));
}

TEST_F(TheWebPage, TellsNothingToABrowserThatGuesses) {
  EXPECT_TRUE(is(visitor->get("/?token="), 403));
  EXPECT_TRUE(is(visitor->get("/?token=guess"), 403));
  RawHttp looks_only{visitor->port()};
  looks_only.send(visitor->head("HEAD", link.substr(link.find('/', 7))) + "\r\n");
  EXPECT_TRUE(is(looks_only.read_answer(false), 403)) << "looking at a link does not use it up";
  const auto name = "icloudphotos_" + std::to_string(visitor->port());
  EXPECT_TRUE(is(visitor->send(visitor->head("GET", "/") + "Cookie: " + name + "=\r\n\r\n"), 403));
  EXPECT_TRUE(is(visitor->send(visitor->head("GET", "/") + "Cookie: " + name + "=guess\r\n\r\n"), 403));
  const auto page_shown = visitor->get();
  EXPECT_FALSE(contains(page_shown, "ann@example.com"));
  let_in();
}

TEST_F(TheWebPage, AnswersUnderItsOwnAddressOnly) {
  let_in();
  const auto port = std::to_string(visitor->port());
  for (const auto& host : {std::string{"evil.example"}, "evil.example:" + port, std::string{"127.0.0.1"},
                           "127.0.0.1:1" + port, "127.0.0.1:" + port + ".evil.example", "0.0.0.0:" + port}) {
    const auto refused =
        visitor->send("GET / HTTP/1.1\r\nHost: " + host + "\r\nCookie: " + visitor->cookie() + "\r\n\r\n");
    EXPECT_TRUE(is(refused, 403)) << host;
    EXPECT_FALSE(contains(refused, "ann@example.com")) << host;
  }
  EXPECT_TRUE(is(visitor->send("GET / HTTP/1.1\r\nCookie: " + visitor->cookie() + "\r\n\r\n"), 403));
  EXPECT_TRUE(is(visitor->send(visitor->head("GET", "/") + "Host: evil.example\r\n\r\n"), 403));
  EXPECT_TRUE(
      is(visitor->send("GET / HTTP/1.1\r\nHost: localhost:" + port + "\r\nCookie: " + visitor->cookie() + "\r\n\r\n"),
         200));
}

TEST_F(TheWebPage, TakesFormsOfItsOwnPagesOnly) {
  let_in();
  const std::string end = "Content-Length: 0\r\n\r\n";
  const auto other = "http://127.0.0.1:" + std::to_string(visitor->port() + 1);
  const auto name = "http://localhost:" + std::to_string(visitor->port());
  for (const auto& origin : {std::string{"https://evil.example"}, std::string{"null"}, std::string{}, other, name,
                             "http://" + visitor->host() + "/", "https://" + visitor->host()}) {
    EXPECT_TRUE(is(visitor->send(visitor->head("POST", "/sign-in") + "Origin: " + origin + "\r\n" + end), 403))
        << origin;
  }
  EXPECT_TRUE(is(visitor->send(visitor->head("POST", "/sign-in") + end), 403)) << "no origin";
  EXPECT_EQ(sign_ins, 0);
  EXPECT_TRUE(is(visitor->post("/sign-in", ""), 303));
  EXPECT_EQ(sign_ins, 1);
}

TEST_F(TheWebPage, RefusesFormsWithoutTheCookieAndLongOnes) {
  EXPECT_TRUE(is(visitor->post("/sign-in", ""), 403));
  let_in();
  EXPECT_TRUE(is(visitor->post("/sign-in", std::string(4097, 'x')), 413));
  EXPECT_EQ(sign_ins, 0);
  EXPECT_TRUE(is(visitor->post("/sign-in", std::string(4096, 'x')), 303));
}

TEST_F(TheWebPage, HasNoOtherPagesAndDoesNothingOnGet) {
  let_in();
  for (const auto* path : {"/sign-in", "/password", "/code", "/send"}) {
    const auto refused = visitor->get(path);
    EXPECT_TRUE(is(refused, 405)) << path;
    EXPECT_TRUE(contains(refused, "Allow: POST\r\n")) << path;
  }
  for (const auto* path :
       {"/../etc/passwd", "/%2e%2e/etc/passwd", "/style.css/..", "/index.html", "//", "/a%0d%0aX-Injected:%201"}) {
    const auto refused = visitor->get(path);
    EXPECT_TRUE(is(refused, 404)) << path << refused;
    EXPECT_FALSE(contains(refused, "X-Injected")) << path;
  }
  EXPECT_TRUE(is(visitor->post("/", ""), 405));
  EXPECT_EQ(sign_ins, 0);
}

TEST_F(TheWebPage, ForbidsScriptsFramesAndForeignThingsOnEveryAnswer) {
  const auto refused = visitor->get();
  let_in();
  for (const auto& shown : {refused, visitor->get(), visitor->get("/style.css"), visitor->get("/icon.svg"),
                            visitor->get("/none"), visitor->post("/sign-in", "")}) {
    EXPECT_TRUE(contains(shown, "Content-Security-Policy: default-src 'none'; ")) << shown;
    EXPECT_TRUE(contains(shown, "frame-ancestors 'none'")) << shown;
    EXPECT_TRUE(contains(shown, "Cache-Control: no-store\r\n")) << shown;
    EXPECT_TRUE(contains(shown, "X-Content-Type-Options: nosniff\r\n")) << shown;
    EXPECT_TRUE(contains(shown, "Referrer-Policy: same-origin\r\n")) << shown;
    EXPECT_FALSE(contains(shown, "<script")) << shown;
  }
}

TEST_F(TheWebPage, HandsOverThePasswordAsItWasTyped) {
  let_in();
  ask_password();
  const auto form = visitor->until("type=\"password\"");
  EXPECT_TRUE(contains(form, "value=\"ann@example.com\""));
  EXPECT_TRUE(
      is(visitor->post("/password", "question=" + WebVisitor::question_in(form) + "&password=p%C3%A4ss+w%2Brd%26%25"),
         303));
  asking.join();
  ASSERT_TRUE(password);
  EXPECT_EQ(password->reveal(), "päss w+rd&%");
  EXPECT_TRUE(contains(visitor->get(), "Checking the password"));
}

TEST_F(TheWebPage, AsksAgainForAnEmptyPasswordAndForLessThanSixDigits) {
  let_in();
  ask_password();
  auto form = visitor->until("type=\"password\"");
  visitor->post("/password", "question=" + WebVisitor::question_in(form) + "&password=");
  EXPECT_TRUE(contains(visitor->get(), "Please type the password."));
  visitor->post("/password", "question=" + WebVisitor::question_in(form) + "&password=x");
  asking.join();
  ask_code(challenge());
  form = visitor->until("name=\"code\"");
  for (const auto* code : {"12345", "1234567", "", "12345x"}) {
    visitor->post("/code", "question=" + WebVisitor::question_in(form) + "&code=" + code);
    EXPECT_TRUE(contains(visitor->get(), "Please type the six digits.")) << code;
  }
  visitor->post("/code", "question=" + WebVisitor::question_in(form) + "&code=+012-345+");
  asking.join();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->kind, Answer::Kind::Code);
  EXPECT_EQ(answer->code.reveal(), "012345");
}

TEST_F(TheWebPage, OffersACodeByTextMessageCallAndDevices) {
  let_in();
  const auto wish = [&](const std::string& how) {
    ask_code(challenge());
    const auto form = visitor->until("name=\"code\"");
    EXPECT_TRUE(contains(form, "+1 (•••) •••-••81"));
    EXPECT_TRUE(contains(form, "value=\"" + how + "\"")) << form;
    visitor->post("/send", "question=" + WebVisitor::question_in(form) + "&how=none:1");
    visitor->post("/send", "question=" + WebVisitor::question_in(form) + "&how=sms:6");
    visitor->post("/send", "question=" + WebVisitor::question_in(form) + "&how=" + how);
    asking.join();
    return answer.value_or(Answer{});
  };
  const auto sms = wish("sms:5");
  EXPECT_EQ(sms.kind, Answer::Kind::SendSms);
  EXPECT_EQ(sms.phone_id, 5);
  const auto call = wish("call:9");
  EXPECT_EQ(call.kind, Answer::Kind::Call);
  EXPECT_EQ(call.phone_id, 9);
  EXPECT_EQ(wish("devices:0").kind, Answer::Kind::SendToDevices);
}

TEST_F(TheWebPage, SaysWhatWasRefusedAndWhereACodeWentWithoutBelievingItToBeHtml) {
  let_in();
  auto refused = challenge();
  refused.last_refusal = "no <script>alert('1')</script> & \"more\"";
  refused.sent_to_phone = "<b>+1</b>";
  ask_code(refused);
  const auto shown = visitor->until("name=\"code\"");
  EXPECT_TRUE(contains(
      shown, "role=\"alert\">Sorry: no &lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;more&quot;."));
  EXPECT_TRUE(contains(shown, "on its way to <b>&lt;b&gt;+1&lt;/b&gt;</b>"));
  EXPECT_FALSE(contains(shown, "<script"));
}

TEST_F(TheWebPage, TakesNoAnswerOfAnotherQuestionAndNoneTwice) {
  let_in();
  ask_code(challenge());
  const auto first = WebVisitor::question_in(visitor->until("name=\"code\""));
  visitor->post("/code", "question=" + first + "&code=111111");
  visitor->post("/code", "question=" + first + "&code=222222");
  asking.join();
  EXPECT_EQ(answer->code.reveal(), "111111");
  ask_code(challenge());
  const auto second = WebVisitor::question_in(visitor->until("name=\"code\""));
  EXPECT_NE(second, first);
  EXPECT_TRUE(is(visitor->post("/code", "question=" + first + "&code=111111"), 303)) << "a tab that was left open";
  EXPECT_TRUE(is(visitor->post("/code", "code=333333"), 303));
  EXPECT_TRUE(is(visitor->post("/password", "question=" + second + "&password=x"), 303)) << "another form";
  visitor->post("/code", "question=" + second + "&code=444444");
  asking.join();
  EXPECT_EQ(answer->code.reveal(), "444444");
}

TEST_F(TheWebPage, GoesBackToTheStartWhenAQuestionIsTakenBack) {
  let_in();
  ask_password();
  const auto question = WebVisitor::question_in(visitor->until("type=\"password\""));
  stop.request_stop();
  asking.join();
  EXPECT_EQ(password.error().kind(), ErrorKind::Cancelled);
  EXPECT_TRUE(contains(visitor->get(), "Signed out"));
  EXPECT_TRUE(is(visitor->post("/password", "question=" + question + "&password=late"), 303));
  EXPECT_TRUE(contains(visitor->get(), "Signed out"));
}

TEST_F(TheWebPage, AsksOneQuestionAfterTheOther) {
  let_in();
  ask_password();
  const auto first = WebVisitor::question_in(visitor->until("type=\"password\""));
  std::jthread second{[&] { answer = page->ask(challenge(), {}); }};
  EXPECT_TRUE(contains(visitor->get(), "type=\"password\""));
  visitor->post("/password", "question=" + first + "&password=x");
  const auto form = visitor->until("name=\"code\"");
  visitor->post("/code", "question=" + WebVisitor::question_in(form) + "&code=123456");
  second.join();
  asking.join();
  EXPECT_EQ(password->reveal(), "x");
  EXPECT_EQ(answer->code.reveal(), "123456");
}

TEST_F(TheWebPage, BeginsASignInOnceHoweverOftenTheButtonIsPressed) {
  let_in();
  set_status([](auto& now) { now.problem = "the saved sign-in has ended; sign in again"; });
  const auto start = visitor->get();
  EXPECT_TRUE(contains(start, "The saved sign-in has ended; sign in again."));
  EXPECT_TRUE(contains(start, "action=\"/sign-in\""));
  visitor->post("/sign-in", "");
  visitor->post("/sign-in", "");
  EXPECT_EQ(sign_ins, 1);
  const auto working = visitor->get();
  EXPECT_TRUE(contains(working, "http-equiv=\"refresh\""));
  EXPECT_FALSE(contains(working, "<form"));
  page->ended(Error{ErrorKind::Refused, "the password was not accepted (Apple says: <Wrong>.)"});
  const auto failed = visitor->get();
  EXPECT_TRUE(contains(failed, "The password was not accepted (Apple says: &lt;Wrong&gt;.)</p>"));
  visitor->post("/sign-in", "");
  EXPECT_EQ(sign_ins, 2);
}

TEST_F(TheWebPage, BeginsNoneWhileSignedInOrWhileSomebodyElseDoes) {
  let_in();
  be_signed_in();
  EXPECT_FALSE(contains(visitor->get(), "<form"));
  visitor->post("/sign-in", "");
  be_asking();
  EXPECT_TRUE(contains(visitor->get(), "A sign-in is under way"));
  visitor->post("/sign-in", "");
  EXPECT_EQ(sign_ins, 0);
}

TEST_F(TheWebPage, OffersNoSignInWhileAppleWantsToBeLeftAlone) {
  let_in();
  set_status([](auto& now) { now.paused_until = TimePoint{std::chrono::hours{500'000}}; });
  const auto shown = visitor->get();
  EXPECT_TRUE(contains(shown, "Apple wants to be left alone until"));
  EXPECT_FALSE(contains(shown, "<form"));
}

TEST_F(TheWebPage, SaysWhatToDoElsewhereUntilItIsDone) {
  let_in();
  be_asking();
  page->tell("tap Allow on your <iPhone>");
  const auto shown = visitor->get();
  EXPECT_TRUE(contains(shown, "Tap Allow on your &lt;iPhone&gt;."));
  EXPECT_TRUE(contains(shown, "http-equiv=\"refresh\""));
  set_status([](auto& now) {
    now.signed_in = true;
    now.trust_ends = TimePoint{std::chrono::sys_days{std::chrono::year{2027} / 2 / 14}};
  });
  page->ended({});
  const auto done = visitor->get();
  EXPECT_TRUE(contains(done, "You are signed in"));
  EXPECT_TRUE(contains(done, "February 2027"));
  set_status([](auto&) {});
  EXPECT_TRUE(contains(visitor->get(), "action=\"/sign-in\"")) << "a session that ended later";
}

TEST_F(TheWebPage, KeepsAQuestionWhateverIsToldMeanwhile) {
  let_in();
  ask_code(challenge());
  visitor->until("name=\"code\"");
  page->tell("touch the key");
  EXPECT_TRUE(contains(visitor->get(), "name=\"code\""));
}

TEST_F(TheWebPage, LeadsVisitorsOfAnotherSitesLinkOnByAPageOfItsOwn) {
  // Their browsers keep a strict cookie back over the whole redirect.
  const auto welcome =
      visitor->send(visitor->head("GET", link.substr(link.find('/', 7))) + "Sec-Fetch-Site: cross-site\r\n\r\n");
  EXPECT_TRUE(is(welcome, 200));
  EXPECT_TRUE(contains(welcome, "Set-Cookie: icloudphotos_"));
  EXPECT_TRUE(contains(welcome, "content=\"0;url=/\""));
}

TEST_F(TheWebPage, LeavesNoTokenInTheAddress) {
  let_in();
  const auto answer_to_old_link = visitor->get("/?token=old");
  EXPECT_TRUE(is(answer_to_old_link, 303));
  EXPECT_TRUE(contains(answer_to_old_link, "Location: /\r\n"));
}

}  // namespace
}  // namespace icloudphotos::ui
