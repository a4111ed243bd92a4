// SPDX-License-Identifier: MIT
#include <future>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "icloudphotos/base/text.h"
#include "icloudphotos/net/http.h"

#include "raw_server.h"

using namespace icloudphotos;
using namespace icloudphotos::net;
using namespace std::chrono_literals;

namespace {

const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

std::unique_ptr<Http> make_http(HttpOptions options = {}) { return std::move(make_curl_http(options)).value(); }

/// Answers every request of every connection with the same bytes.
RawServer::Handler always(std::string answer) {
  return [answer = std::move(answer)](RawConnection& client) {
    while (!client.read_request().empty() && client.send(answer)) {
    }
  };
}

/// Answers one request with these bytes and cuts the connection.
RawServer::Handler once(std::string answer) {
  return [answer = std::move(answer)](RawConnection& client) {
    client.read_request();
    client.send(answer);
  };
}

Result<Response> get(Http& http, const std::string& url) { return http.send(Request{.url = url}, {}); }

ErrorKind kind_of(const Result<Response>& result) {
  EXPECT_FALSE(result.has_value());
  return result ? ErrorKind::NotFound : result.error().kind();
}

class TestSink final : public BodySink {
 public:
  bool begin(const ResponseHead& head) override {
    status = head.status;
    return wants_body;
  }
  bool write(std::span<const std::byte> bytes) override {
    body.append(as_text(bytes));
    return body.size() < enough;
  }
  int status = 0;
  std::string body;
  bool wants_body = true;
  std::size_t enough = SIZE_MAX;
};

std::string gzipped(std::string text) {
  std::string packed(text.size() / 100 + 1'000, '\0');
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string with_length(std::string_view status, std::string_view body) {
  return fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\n\r\n{}", status, body.size(), body);
}

}  // namespace

TEST(CurlHttp, GivesStatusHeadersAndBodyOfAnAnswer) {
  RawServer server{
      always("HTTP/1.1 421 Misdirected\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nContent-Length: 2\r\n\r\nno")};
  const auto http = make_http();
  const auto response = get(*http, server.url());
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 421);
  EXPECT_EQ(response->headers.all("Set-Cookie"), (std::vector<std::string_view>{"a=1", "b=2"}));
  EXPECT_EQ(response->body, "no");
}

TEST(CurlHttp, SendsMethodPathHeadersAndBodyAsTheyAre) {
  std::promise<std::string> seen;
  RawServer server{[&](RawConnection& client) {
    seen.set_value(client.read_request());
    client.send(kOk);
  }};
  const auto http = make_http();
  const Request request{.method = "POST",
                        .url = server.url("/a/../b%20c?x=%2F&y"),
                        .headers = {{"Content-Type", "application/json"}, {"X-Empty", ""}, {"scnt", "a:b"}},
                        .body = "{\"q\":1}"};
  ASSERT_TRUE(http->send(request, {}));
  const auto text = seen.get_future().get();
  EXPECT_TRUE(text.starts_with("POST /a/../b%20c?x=%2F&y HTTP/1.1\r\n")) << text;
  EXPECT_NE(text.find("\r\nContent-Type: application/json\r\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\r\nX-Empty:\r\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\r\nscnt: a:b\r\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("Expect:"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("\r\n\r\n{\"q\":1}")) << text;
}

TEST(CurlHttp, SendsAnEmptyPostWithItsLength) {
  std::promise<std::string> seen;
  RawServer server{[&](RawConnection& client) {
    seen.set_value(client.read_request());
    client.send(kOk);
  }};
  const auto http = make_http();
  ASSERT_TRUE(http->send(Request{.method = "POST", .url = server.url()}, {}));
  const auto text = seen.get_future().get();
  EXPECT_NE(text.find("Content-Length: 0\r\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("Content-Type"), std::string::npos) << text;
}

TEST(CurlHttp, RefusesPlainHttpToAnyOtherMachine) {
  const auto http = make_http();
  for (const auto* url : {"http://www.icloud.com/", "http://127.0.0.1.example.com/", "http://127.0.0.1@example.com/",
                          "http://0/", "ftp://127.0.0.1/", "file:///etc/passwd", "/relative", ""})
    EXPECT_EQ(kind_of(get(*http, url)), ErrorKind::Usage) << url;
}

TEST(CurlHttp, RefusesHeadersThatWouldBecomeTwo) {
  RawServer server{always(kOk)};
  const auto http = make_http();
  const Headers broken{{"A", "b\r\nC: d"}, {"A\nB", "c"}, {"A:B", "c"}, {"", "c"}};
  for (const auto& [name, value] : broken.lines()) {
    Request request{.url = server.url()};
    request.headers.add(name, value);
    EXPECT_EQ(kind_of(http->send(request, {})), ErrorKind::Usage) << name << value;
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST(CurlHttp, ReturnsARedirectInsteadOfFollowingIt) {
  RawServer elsewhere{always(kOk)};
  RawServer server{always("HTTP/1.1 302 Found\r\nLocation: " + elsewhere.url() + "\r\nContent-Length: 0\r\n\r\n")};
  const auto http = make_http();
  const auto response = get(*http, server.url());
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(elsewhere.connections(), 0);
}

TEST(CurlHttp, PassesOverInterimAnswersAndTrailers) {
  RawServer server{
      once("HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
           "3\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n")};
  const auto http = make_http();
  const auto response = get(*http, server.url());
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "abc");
  EXPECT_FALSE(response->headers.get("X-Interim"));
  EXPECT_FALSE(response->headers.get("X-Trailer"));
}

TEST(CurlHttp, KeepsItsConnectionForTheNextRequest) {
  RawServer server{always(kOk)};
  const auto http = make_http();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(get(*http, server.url()));
  EXPECT_EQ(server.connections(), 1);
}

TEST(CurlHttp, OpensANewConnectionWhenToldTo) {
  RawServer server{always(kOk)};
  const auto http = make_http();
  ASSERT_TRUE(get(*http, server.url()));
  ASSERT_TRUE(http->send(Request{.url = server.url(), .fresh_connection = true}, {}));
  EXPECT_EQ(server.connections(), 2);
}

TEST(CurlHttp, OpensNoMoreConnectionsToAHostThanAllowed) {
  RawServer server{always(kOk)};
  const auto http = make_http({.connections_per_host = 2});
  std::vector<std::future<Result<Response>>> answers;
  for (int i = 0; i < 16; ++i)
    answers.push_back(std::async(std::launch::async, [&] { return get(*http, server.url()); }));
  for (auto& answer : answers) EXPECT_TRUE(answer.get());
  EXPECT_LE(server.connections(), 2);
}

TEST(CurlHttp, MakesNoMoreDownloadsFromAHostAtOnceThanAllowed) {
  RawServer server{always(kOk)};
  const auto http = make_http({.connections_per_host = 8, .downloads_per_host = 2});
  std::vector<std::future<Result<ResponseHead>>> answers;
  for (int i = 0; i < 16; ++i) {
    answers.push_back(std::async(std::launch::async, [&] {
      TestSink sink;
      return http->send(Request{.url = server.url()}, sink, {});
    }));
  }
  for (auto& answer : answers) EXPECT_TRUE(answer.get());
  EXPECT_LE(server.connections(), 2);
}

TEST(CurlHttp, AfterAHostHadEnoughAsksItForFewerDownloadsAtOnce) {
  RawServer server{always("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")};
  const auto http = make_http({.connections_per_host = 8});
  const auto ask = [&] {
    TestSink sink;
    return http->send(Request{.url = server.url()}, sink, {});
  };
  ASSERT_TRUE(ask());  // of the one that was under way none is left but one
  std::vector<std::future<Result<ResponseHead>>> answers;
  for (int i = 0; i < 8; ++i) answers.push_back(std::async(std::launch::async, ask));
  for (auto& answer : answers) EXPECT_TRUE(answer.get());
  EXPECT_EQ(server.connections(), 1);
}

// Real time, but however slow the machine is, it only takes longer.
TEST(CurlHttp, DownloadsTogetherKeepToTheRate) {
  const std::string body(100'000, 'x');
  RawServer server{always("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + body)};
  const auto http = make_http({.max_download_rate = 100'000});
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 2; ++i) {
    TestSink sink;
    EXPECT_TRUE(http->send(Request{.url = server.url()}, sink, {}));
  }
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds{500});
}

TEST(CurlHttp, RepeatsARequestThatDiedWithoutAByteOnAKeptConnection) {
  for (const bool by_reset : {false, true}) {
    RawServer server{[&](RawConnection& client) {
      client.read_request();
      client.send(kOk);
      // The first connection takes one more request and dies of it.
      if (client.number() == 1) {
        client.read_request();
        if (by_reset) client.reset();
        return;
      }
      client.wait_until_client_goes();
    }};
    const auto http = make_http();
    ASSERT_TRUE(get(*http, server.url()));
    const auto second = http->send(Request{.method = "POST", .url = server.url(), .body = "again"}, {});
    ASSERT_TRUE(second) << second.error().message();
    EXPECT_EQ(second->body, "hello");
    EXPECT_EQ(server.connections(), 2);
  }
}

TEST(CurlHttp, DoesNotRepeatARequestThatDiedOnANewConnection) {
  RawServer server{[](RawConnection& client) { client.read_request(); }};
  const auto http = make_http();
  EXPECT_EQ(kind_of(get(*http, server.url())), ErrorKind::Offline);
  EXPECT_EQ(server.connections(), 1);
}

TEST(CurlHttp, TakesABodyCutShortForOffline) {
  for (const auto* answer :
       {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nonly", "HTTP/1.1 200 OK\r\nX: "}) {
    RawServer server{once(answer)};
    const auto http = make_http();
    EXPECT_EQ(kind_of(get(*http, server.url())), ErrorKind::Offline) << answer;
    TestSink sink;
    const auto streamed = http->send(Request{.url = server.url()}, sink, {});
    ASSERT_FALSE(streamed);
    EXPECT_EQ(streamed.error().kind(), ErrorKind::Offline) << answer;
  }
}

TEST(CurlHttp, TakesWhatIsNoHttpForABrokenProtocol) {
  for (const auto* answer : {"<html>hello</html>", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc"}) {
    RawServer server{once(answer)};
    const auto http = make_http();
    const auto result = get(*http, server.url());
    ASSERT_FALSE(result) << answer;
    EXPECT_TRUE(result.error().kind() == ErrorKind::Protocol || result.error().kind() == ErrorKind::Offline) << answer;
  }
}

TEST(CurlHttp, EndsAnAnswerOfTooManyHeadersAsBrokenProtocol) {
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 5'000; ++i) many += "Set-Cookie: c" + std::to_string(i) + "=1\r\n";
  const std::string bombs[] = {
      many + "\r\n",
      "HTTP/1.1 200 OK\r\nX: " + std::string(90'000, 'x') + "\r\nY: " + std::string(90'000, 'y') + "\r\n\r\n",
      "HTTP/1.1 200 OK\r\nX: " + std::string(1'000'000, 'x') + "\r\n\r\n"};
  for (const auto& bomb : bombs) {
    RawServer server{once(bomb)};
    const auto http = make_http();
    EXPECT_EQ(kind_of(get(*http, server.url())), ErrorKind::Protocol) << bomb.size();
  }
}

TEST(CurlHttp, EndsAnAnswerOverItsLimitAsBrokenProtocol) {
  RawServer server{always(with_length("200 OK", std::string(2'000, 'x')))};
  const auto http = make_http();
  EXPECT_EQ(kind_of(http->send(Request{.url = server.url(), .max_body_bytes = 1'999}, {})), ErrorKind::Protocol);
  EXPECT_TRUE(http->send(Request{.url = server.url(), .max_body_bytes = 2'000}, {}));
}

TEST(CurlHttp, CountsAGzippedAnswerAsItUnfolds) {
  const auto bomb = gzipped(std::string(1'000'000, '0'));
  ASSERT_LT(bomb.size(), 2'000U);
  RawServer server{always(with_length("200 OK\r\nContent-Encoding: gzip", bomb))};
  const auto http = make_http();
  EXPECT_EQ(kind_of(http->send(Request{.url = server.url(), .max_body_bytes = 999'999}, {})), ErrorKind::Protocol);
  const auto whole = http->send(Request{.url = server.url(), .max_body_bytes = 1'000'000}, {});
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->body, std::string(1'000'000, '0'));
}

TEST(CurlHttp, AsksForCompressionOnlyWithoutASink) {
  std::vector<std::string> seen;
  RawServer server{[&](RawConnection& client) {
    for (auto request = client.read_request(); !request.empty(); request = client.read_request()) {
      seen.push_back(request);
      client.send(kOk);
    }
  }};
  const auto http = make_http();
  ASSERT_TRUE(get(*http, server.url()));
  TestSink sink;
  ASSERT_TRUE(http->send(Request{.url = server.url()}, sink, {}));
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_NE(seen[0].find("Accept-Encoding: gzip"), std::string::npos);
  EXPECT_EQ(seen[1].find("Accept-Encoding"), std::string::npos);
}

TEST(CurlHttp, StreamsABodyIntoItsSink) {
  const std::string body(3'000'000, 'p');
  RawServer server{always(with_length("206 Partial Content", body))};
  const auto http = make_http();
  TestSink sink;
  const auto head = http->send(Request{.url = server.url(), .max_body_bytes = 10}, sink, {});
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 206);
  EXPECT_EQ(sink.status, 206);
  EXPECT_EQ(sink.body, body);
}

TEST(CurlHttp, ReturnsTheHeadWhenTheSinkHasEnough) {
  RawServer server{[](RawConnection& client) {
    client.read_request();
    client.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nfirst bytes");
    client.wait_until_client_goes();
  }};
  const auto http = make_http();
  TestSink sink;
  sink.enough = 5;
  const auto head = http->send(Request{.url = server.url()}, sink, {});
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(sink.body, "first bytes");
}

TEST(CurlHttp, KeepsTheConnectionWhenTheSinkHasEnoughAtTheVeryEnd) {
  RawServer server{always(kOk)};
  const auto http = make_http();
  for (int i = 0; i < 2; ++i) {
    TestSink sink;
    sink.enough = 5;
    ASSERT_TRUE(http->send(Request{.url = server.url()}, sink, {}));
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(CurlHttp, KeepsTheConnectionWhenTheSinkWantsNoneOfAShortAnswer) {
  RawServer server{always(with_length("410 Gone", "expired"))};
  const auto http = make_http();
  for (int i = 0; i < 2; ++i) {
    TestSink sink;
    sink.wants_body = false;
    const auto head = http->send(Request{.url = server.url()}, sink, {});
    ASSERT_TRUE(head);
    EXPECT_EQ(head->status, 410);
    EXPECT_EQ(sink.body, "");
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(CurlHttp, LeavesALongAnswerTheSinkDoesNotWant) {
  RawServer server{[](RawConnection& client) {
    client.read_request();
    client.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    client.wait_until_client_goes();
  }};
  const auto http = make_http();
  TestSink sink;
  sink.wants_body = false;
  ASSERT_TRUE(http->send(Request{.url = server.url()}, sink, {}));
}

TEST(CurlHttp, TakesAServerThatStopsSendingForOffline) {
  for (const auto* begun : {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"}) {
    RawServer server{[&](RawConnection& client) {
      client.read_request();
      client.send(begun);
      client.wait_until_client_goes();
    }};
    const auto http = make_http();
    EXPECT_EQ(kind_of(http->send(Request{.url = server.url(), .stall_timeout = 50ms}, {})), ErrorKind::Offline)
        << begun;
  }
}

TEST(CurlHttp, EndsAnAnswerThatTricklesBeyondItsTime) {
  RawServer server{[](RawConnection& client) {
    client.read_request();
    client.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
    while (client.send(std::string(1000, 'x'))) std::this_thread::yield();
  }};
  const auto http = make_http();
  TestSink sink;
  const auto head = http->send(Request{.url = server.url(), .total_timeout = 100ms}, sink, {});
  ASSERT_FALSE(head);
  EXPECT_EQ(head.error().kind(), ErrorKind::Offline);
}

TEST(CurlHttp, TakesAPortNobodyListensOnForOffline) {
  int port = 0;
  {
    RawServer gone{always(kOk)};
    port = gone.port();
  }
  const auto http = make_http();
  EXPECT_EQ(kind_of(get(*http, fmt::format("http://127.0.0.1:{}/", port))), ErrorKind::Offline);
}

TEST(CurlHttp, ComesBackAtOnceWhenAskedToStop) {
  std::promise<void> arrived;
  RawServer server{[&](RawConnection& client) {
    client.read_request();
    arrived.set_value();
    client.wait_until_client_goes();
  }};
  const auto http = make_http();
  std::stop_source stop;
  std::chrono::steady_clock::time_point asked;
  const std::jthread stopper{[&] {
    arrived.get_future().wait();
    asked = std::chrono::steady_clock::now();
    stop.request_stop();
  }};
  EXPECT_EQ(kind_of(http->send(Request{.url = server.url()}, stop.get_token())), ErrorKind::Cancelled);
  EXPECT_LT(std::chrono::steady_clock::now() - asked, 100ms);
}

TEST(CurlHttp, MakesNoRequestWhenAlreadyAskedToStop) {
  RawServer server{always(kOk)};
  const auto http = make_http();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(kind_of(http->send(Request{.url = server.url()}, stop.get_token())), ErrorKind::Cancelled);
  EXPECT_EQ(server.connections(), 0);
}

TEST(CurlHttp, ServesManyCallersWhileSomeGiveUp) {
  RawServer server{[](RawConnection& client) {
    for (auto request = client.read_request(); !request.empty(); request = client.read_request()) {
      if (request.starts_with("GET /hang")) return client.wait_until_client_goes();
      client.send(kOk);
    }
  }};
  const auto http = make_http();
  std::vector<std::future<int>> answered;
  for (int caller = 0; caller < 8; ++caller)
    answered.push_back(std::async(std::launch::async, [&, caller] {
      int good = 0;
      for (int i = 0; i < 50; ++i) {
        if (caller % 2 == 0) {
          good += get(*http, server.url()).has_value() ? 1 : 0;
        } else {
          const Request hanging{.url = server.url("/hang"), .stall_timeout = 1ms};
          good += http->send(hanging, {}).has_value() ? 0 : 1;
        }
      }
      return good;
    }));
  for (auto& good : answered) EXPECT_EQ(good.get(), 50);
}
