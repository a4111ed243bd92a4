// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "icloudphotos/net/http.h"

#include "head_reader.h"
#include "http_date.h"

using namespace icloudphotos::net;
using namespace std::chrono_literals;
using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {
constexpr sys_seconds kNow{seconds{1'790'000'000}};  // Mon, 21 Sep 2026 14:13:20 GMT
std::optional<seconds> waits(std::string value) { return retry_after({{"retry-after", std::move(value)}}, kNow); }
}  // namespace

TEST(Headers, CompareTheirNamesWithoutCase) {
  Headers headers{{"Scnt", "1"}, {"X", "y"}, {"SCNT", "2"}};
  EXPECT_EQ(headers.get("scnt"), "1");
  EXPECT_EQ(headers.all("sCnt"), (std::vector<std::string_view>{"1", "2"}));
  EXPECT_FALSE(headers.get("scn"));
}

TEST(Headers, SetReplacesEveryLineOfThatName) {
  Headers headers{{"A", "1"}, {"B", "2"}, {"a", "3"}};
  headers.set("A", "4");
  EXPECT_EQ(headers.lines().size(), 2U);
  EXPECT_EQ(headers.all("a"), (std::vector<std::string_view>{"4"}));
}

TEST(RetryAfter, ReadsSecondsUpToAnHour) {
  EXPECT_EQ(waits("2"), 2s);
  EXPECT_EQ(waits(" 600 "), 600s);
  EXPECT_EQ(waits("0"), 0s);
  EXPECT_EQ(waits("1000000000"), 3600s);
  EXPECT_EQ(waits("99999999999999999999999"), 3600s);
}

TEST(RetryAfter, ReadsADateAsTheTimeUntilThen) {
  EXPECT_EQ(waits("Mon, 21 Sep 2026 14:14:00 GMT"), 40s);
  EXPECT_EQ(waits("Mon, 21 Sep 2026 14:00:00 GMT"), 0s);
  EXPECT_EQ(waits("Tue, 22 Sep 2026 14:00:00 GMT"), 3600s);
}

TEST(RetryAfter, TakesAnythingElseForNothing) {
  for (const auto* garbage : {"", "-1", "soon", "1.5", "10 s", "0x10", ":::", "12:61:00"})
    EXPECT_FALSE(waits(garbage)) << garbage;
  EXPECT_FALSE(retry_after({}, kNow));
}

TEST(HttpDate, IsReadInEveryFormThatIsInUse) {
  const sys_seconds expected{seconds{1'705'371'439}};
  for (const auto* text :
       {"Tue, 16 Jan 2024 02:17:19 GMT", "Tue, 16-Jan-2024 02:17:19 GMT", "Tue,16-Jan-2024 02:17:19 GMT",
        "Tuesday, 16-Jan-24 02:17:19 GMT", "Tue Jan 16 02:17:19 2024"})
    EXPECT_EQ(parse_http_date(text), expected) << text;
  EXPECT_EQ(parse_http_date("Thu, 01-Jan-1970 00:00:00 GMT"), sys_seconds{});
  EXPECT_FALSE(parse_http_date("never"));
}

TEST(HeadReader, ForgetsInterimAnswers) {
  HeadReader reader;
  for (const auto* line :
       {"HTTP/1.1 103 Early Hints\r\n", "Link: a\r\n", "\r\n", "HTTP/1.1 204 No Content\r\n", "B: c\r\n"})
    EXPECT_EQ(reader.line(line), HeadReader::State::More) << line;
  EXPECT_EQ(reader.line("\r\n"), HeadReader::State::Complete);
  EXPECT_EQ(reader.head().status, 204);
  ASSERT_EQ(reader.head().headers.lines().size(), 1U);
  EXPECT_EQ(reader.head().headers.get("b"), "c");
}

TEST(HeadReader, LeavesOutLinesThatAreNoHeader) {
  HeadReader reader;
  for (const auto* line : {"HTTP/1.1 200 OK\n", "no colon\n", ": no name\n", "a b: blank in the name\n", "Good:\n"})
    (void)reader.line(line);
  EXPECT_EQ(reader.head().headers.lines().size(), 1U);
  EXPECT_EQ(reader.head().headers.get("Good"), "");
}

TEST(HeadReader, NeverEndsWithoutAStatus) {
  HeadReader reader;
  EXPECT_EQ(reader.line("A: b\r\n"), HeadReader::State::More);
  EXPECT_EQ(reader.line("\r\n"), HeadReader::State::More);
  EXPECT_EQ(reader.line("HTTP/1.1 OK\r\n"), HeadReader::State::More);
  EXPECT_EQ(reader.line("\r\n"), HeadReader::State::More);
}
