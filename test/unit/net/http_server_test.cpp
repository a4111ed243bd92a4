// SPDX-License-Identifier: MIT
#include "icloudphotos/net/http_server.h"

#include <atomic>
#include <list>

#include <gtest/gtest.h>

#include "raw_http.h"

using namespace icloudphotos;
using namespace icloudphotos::net;

namespace {

std::unique_ptr<HttpServer> serve(HttpServer::Handler handler) {
  return std::move(HttpServer::start({}, std::move(handler))).value();
}

ServerResponse answer(std::string body) {
  ServerResponse response;
  response.headers.add("Content-Type", "text/plain");
  response.body = std::move(body);
  return response;
}

std::string ask(RawHttp& client, const std::string& request) {
  client.send(request + "Host: x\r\n\r\n");
  return client.read_answer();
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

TEST(HttpServer, GivesTheHandlerMethodPathQueryHeadersAndBody) {
  const auto server = serve([](const ServerRequest& request) {
    return answer(request.method + " " + request.path + " " + request.query("q").value_or("-") + " " +
                  request.query("none").value_or("-") + " " + std::string{request.headers.get("X-Word").value_or("")} +
                  " " + request.body);
  });
  RawHttp client{server->port()};
  client.send("POST /a%20b?q=%2Fc&r HTTP/1.1\r\nHost: x\r\nx-word: w\r\nContent-Length: 4\r\n\r\nbody");
  EXPECT_TRUE(contains(client.read_answer(), "POST /a b /c - w body"));
}

TEST(HttpServer, TakesTheBodyOfAGetForNoOtherRequest) {
  const auto server = serve([](const ServerRequest& request) { return answer(request.method + " " + request.body); });
  RawHttp client{server->port()};
  client.send("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody");
  EXPECT_TRUE(contains(client.read_answer(), "GET body"));
  EXPECT_TRUE(contains(ask(client, "GET / HTTP/1.1\r\n"), "\r\n\r\nGET "));
}

TEST(HttpServer, AnswersSeveralRequestsOnOneConnection) {
  const auto server = serve([](const ServerRequest& request) { return answer(request.path); });
  RawHttp client{server->port()};
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(contains(ask(client, "GET /again HTTP/1.1\r\n"), "\r\n\r\n/again"));
}

TEST(HttpServer, UnderstandsAllMethodsOfTheProtocol) {
  const auto server = serve([](const ServerRequest& request) { return answer("<" + request.method + ">"); });
  RawHttp client{server->port()};
  for (const std::string method : {"GET", "POST", "PUT", "DELETE"}) {
    EXPECT_TRUE(contains(ask(client, method + " / HTTP/1.1\r\nContent-Length: 0\r\n"), "<" + method + ">")) << method;
  }
  client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(contains(client.read_answer(false), "Content-Length: 6"));
  EXPECT_TRUE(contains(ask(client, "GET / HTTP/1.1\r\n"), "<GET>"));  // HEAD had no body
}

TEST(HttpServer, LeavesRangesToTheHandler) {
  const auto server = serve([](const ServerRequest& request) {
    return answer("0123456789 " + std::string{request.headers.get("Range").value_or("")});
  });
  RawHttp client{server->port()};
  const std::string whole = ask(client, "GET / HTTP/1.1\r\nRange: bytes=2-3\r\n");
  EXPECT_TRUE(whole.starts_with("HTTP/1.1 200")) << whole;
  EXPECT_TRUE(contains(whole, "0123456789 bytes=2-3")) << whole;
}

TEST(HttpServer, SendsTheStatusAndRangeAHandlerMakesItself) {
  const auto server = serve([](const ServerRequest&) {
    ServerResponse response;
    response.status = 206;
    response.headers.add("Content-Range", "bytes 2-3/10");
    response.stream = [](const auto& write) { write("23"); };
    response.stream_length = 2;
    return response;
  });
  RawHttp client{server->port()};
  const std::string part = ask(client, "GET / HTTP/1.1\r\nRange: bytes=2-3\r\n");
  EXPECT_TRUE(part.starts_with("HTTP/1.1 206")) << part;
  EXPECT_TRUE(contains(part, "Content-Range: bytes 2-3/10")) << part;
  EXPECT_TRUE(part.ends_with("\r\n\r\n23")) << part;
}

TEST(HttpServer, RepeatsHeadersThatRepeat) {
  const auto server = serve([](const ServerRequest&) {
    auto response = answer("");
    response.headers.add("Set-Cookie", "a=\"1\";Path=/");
    response.headers.add("Set-Cookie", "b=2");
    return response;
  });
  RawHttp client{server->port()};
  const std::string got = ask(client, "GET / HTTP/1.1\r\n");
  EXPECT_TRUE(contains(got, "Set-Cookie: a=\"1\";Path=/")) << got;
  EXPECT_TRUE(contains(got, "Set-Cookie: b=2")) << got;
}

TEST(HttpServer, SendsNoBodyWith204) {
  const auto server = serve([](const ServerRequest&) {
    ServerResponse response;
    response.status = 204;
    return response;
  });
  RawHttp client{server->port()};
  const std::string got = ask(client, "GET / HTTP/1.1\r\n");
  EXPECT_TRUE(got.starts_with("HTTP/1.1 204")) << got;
  EXPECT_FALSE(contains(got, "Content-Length")) << got;
  EXPECT_TRUE(ask(client, "GET / HTTP/1.1\r\n").starts_with("HTTP/1.1 204"));
}

TEST(HttpServer, NothingOfA204IsTakenForTheNextAnswer) {
  const auto server = serve([](const ServerRequest& request) {
    auto response = answer(request.path);
    if (request.path == "/204") response.status = 204;
    return response;
  });
  RawHttp client{server->port()};
  EXPECT_TRUE(contains(ask(client, "GET /204 HTTP/1.1\r\n"), "204 No Content"));
  EXPECT_TRUE(ask(client, "GET /next HTTP/1.1\r\n").starts_with("HTTP/1.1 200"));
}

TEST(HttpServer, CutsTheConnectionWhenAStreamEndsEarly) {
  const auto server = serve([](const ServerRequest&) {
    ServerResponse response;
    response.stream = [](const auto& write) { write("only this"); };
    response.stream_length = 100;
    return response;
  });
  RawHttp client{server->port()};
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string got = client.read_all();
  EXPECT_TRUE(contains(got, "Content-Length: 100")) << got;
  EXPECT_TRUE(got.ends_with("only this")) << got;
}

TEST(HttpServer, NeverSendsMoreThanAStreamPromised) {
  const auto server = serve([](const ServerRequest&) {
    ServerResponse response;
    response.stream = [](const auto& write) { write("twelve bytes"); };
    response.stream_length = 6;
    return response;
  });
  RawHttp client{server->port()};
  EXPECT_TRUE(ask(client, "GET / HTTP/1.1\r\n").ends_with("\r\n\r\ntwelve"));
}

TEST(HttpServer, HangsUpWithoutAWord) {
  const auto server = serve([](const ServerRequest&) {
    auto response = answer("not a word of this");
    response.hang_up = true;
    return response;
  });
  RawHttp client{server->port()};
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.read_all(), "");
}

TEST(HttpServer, PacksJsonForClientsThatUnpack) {
  const std::string body = "{\"a\":\"" + std::string(5000, 'x') + "\"}";
  const auto server = serve([&](const ServerRequest&) {
    ServerResponse response;
    response.headers.add("Content-Type", "application/json; charset=UTF-8");
    response.body = body;
    return response;
  });
  RawHttp client{server->port()};
  const std::string packed = ask(client, "GET / HTTP/1.1\r\nAccept-Encoding: gzip, deflate\r\n");
  EXPECT_TRUE(contains(packed, "Content-Encoding: gzip"));
  EXPECT_LT(packed.size(), 1000U);
  EXPECT_TRUE(ask(client, "GET / HTTP/1.1\r\n").ends_with(body));
}

TEST(HttpServer, ServesMoreThan256ConnectionsThatStayOpen) {
  std::atomic<int> answered = 0;
  const auto server = serve([&](const ServerRequest&) { return ++answered, answer("here"); });
  std::list<RawHttp> clients;
  for (int i = 0; i < 300; ++i) {
    RawHttp& client = clients.emplace_back(server->port());
    ASSERT_TRUE(client.is_connected());
    ASSERT_TRUE(ask(client, "GET / HTTP/1.1\r\n").ends_with("here"));
  }
  for (RawHttp& client : clients) ASSERT_TRUE(ask(client, "GET / HTTP/1.1\r\n").ends_with("here"));
  EXPECT_EQ(answered, 600);
}

TEST(HttpServer, EndsWhileClientsAreConnected) {
  auto server = serve([](const ServerRequest&) { return answer("here"); });
  RawHttp idle{server->port()}, silent{server->port()};
  EXPECT_TRUE(ask(idle, "GET / HTTP/1.1\r\n").ends_with("here"));
  server.reset();
  EXPECT_EQ(idle.read_all(), "");
}

TEST(HttpServer, SaysThatAPortIsTaken) {
  const auto server = serve([](const ServerRequest&) { return answer(""); });
  const auto second = HttpServer::start({.port = server->port()}, [](const ServerRequest&) { return answer(""); });
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind(), ErrorKind::Usage);
}

TEST(HttpServer, SaysThatACertificateCannotBeUsed) {
  const auto server = HttpServer::start({.tls_certificate = "/nowhere.pem", .tls_key = "/nowhere.pem"},
                                        [](const ServerRequest&) { return answer(""); });
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().kind(), ErrorKind::Usage);
}

TEST(HttpServer, RefusesABodyThatIsTooLongBeforeItHasCome) {
  std::atomic<int> handled = 0;
  ServerOptions options;
  options.max_body_bytes = 16;
  const auto server = std::move(HttpServer::start(options, [&](const ServerRequest& request) {
                        ++handled;
                        return answer(request.body);
                      })).value();
  for (const std::string length : {"17", "4096", "18446744073709551615", "99999999999999999999999"}) {
    RawHttp client{server->port()};
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n");  // and not a byte of it
    EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 413")) << length;
  }
  EXPECT_EQ(handled, 0);
  RawHttp client{server->port()};
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 16\r\n\r\n0123456789abcdef");
  EXPECT_TRUE(client.read_answer().ends_with("\r\n\r\n0123456789abcdef"));
}

TEST(HttpServer, SaysWhyItRefusesToAClientThatGoesOnSending) {
  ServerOptions options;
  options.max_body_bytes = 16;
  const auto server = std::move(HttpServer::start(options, [](const ServerRequest&) { return answer(""); })).value();
  RawHttp client{server->port()};
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + std::string(100'000, 'x'));
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 413"));
}

TEST(HttpServer, WantsToKnowTheLengthOfABody) {
  const auto server = serve([](const ServerRequest& request) { return answer("<" + request.body + ">"); });
  RawHttp chunked{server->port()};
  chunked.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n");
  EXPECT_TRUE(chunked.read_all().starts_with("HTTP/1.1 411"));
  for (const std::string nonsense : {"-1", "4x", "4\r\nContent-Length: 3"}) {
    RawHttp client{server->port()};
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + nonsense + "\r\n\r\nbody");
    EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 400")) << nonsense;
  }
  RawHttp bare{server->port()};
  EXPECT_TRUE(contains(ask(bare, "POST / HTTP/1.1\r\n"), "\r\n\r\n<>")) << "no length is no body";
}

TEST(HttpServer, TakesABodyAsItCame) {
  const auto server = serve([](const ServerRequest& request) { return answer("<" + request.body + ">"); });
  RawHttp client{server->port()};
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nbody");
  EXPECT_TRUE(contains(client.read_answer(), "\r\n\r\n<body>"));
}
