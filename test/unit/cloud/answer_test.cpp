// SPDX-License-Identifier: MIT
#include "cloud/answer.h"

#include <gtest/gtest.h>

#include "recorded_answer.h"

namespace icloudphotos::cloud {
namespace {

std::optional<ErrorKind> kind_of(int status, std::string_view body) {
  const auto answer = read_answer(status, body);
  if (answer) return std::nullopt;
  return answer.error().kind();
}

TEST(Answer, ASessionThatIsOverNeedsAPerson) {
  EXPECT_EQ(kind_of(421, recorded_body("errors/zones-list-421.json")), ErrorKind::NeedsSignIn);
  EXPECT_EQ(kind_of(401, recorded_body("errors/query-batch-401.json")), ErrorKind::NeedsSignIn);
  EXPECT_EQ(kind_of(200, recorded_body("errors/query-batch-401.json")), ErrorKind::NeedsSignIn);
  EXPECT_EQ(kind_of(200, R"({"reason":"Missing X-APPLE-WEBAUTH-TOKEN cookie","error":1})"), ErrorKind::NeedsSignIn);
  EXPECT_EQ(kind_of(450, ""), ErrorKind::NeedsSignIn);
}

TEST(Answer, AServiceInTroubleMayBeAskedAgain) {
  EXPECT_EQ(kind_of(500, recorded_body("errors/query-500-empty.json")), ErrorKind::Offline);
  EXPECT_EQ(kind_of(503, "Service Temporary Unavailable"), ErrorKind::Throttled);
  EXPECT_EQ(kind_of(429, R"({"serverErrorCode":"THROTTLED"})"), ErrorKind::Throttled);
  EXPECT_EQ(kind_of(200, R"({"serverErrorCode":"RETRY_LATER","reason":"busy"})"), ErrorKind::Throttled);
  EXPECT_EQ(kind_of(200, "<html>maintenance</html>"), ErrorKind::Protocol);
  EXPECT_EQ(kind_of(400, "Bad Request (400)"), ErrorKind::Protocol);
  EXPECT_NE(read_answer(400, "Bad Request (400)").error().message().find("still being prepared"), std::string::npos);
  for (const auto kind : {ErrorKind::Offline, ErrorKind::Throttled, ErrorKind::Protocol})
    EXPECT_TRUE(is_transient(kind));
}

TEST(Answer, AnErrorMayComeWithAHappyStatus) {
  EXPECT_EQ(kind_of(200, recorded_body("errors/albums-200-success-false.json")), ErrorKind::Protocol);
  EXPECT_EQ(kind_of(200, R"({"requestUUID":"x","errorReason":"Gone","errorCode":410})"), ErrorKind::Protocol);
  EXPECT_EQ(kind_of(410, R"({"requestUUID":"x","errorReason":"Gone","errorCode":410})"), ErrorKind::Rejected);
}

TEST(Answer, AListThatDoesNotExistIsRejectedForGood) {
  const auto* body = R"({"uuid":"0","serverErrorCode":"BAD_REQUEST","reason":"Index has invalid data"})";
  EXPECT_EQ(kind_of(400, body), ErrorKind::Rejected);
  EXPECT_FALSE(is_transient(ErrorKind::Rejected));
}

TEST(Answer, ATokenThatIsNotKnownMeansToStartOver) {
  EXPECT_EQ(kind_of(400, R"({"serverErrorCode":"BAD_REQUEST","reason":"Unknown sync continuation type"})"),
            ErrorKind::StaleToken);
  EXPECT_EQ(kind_of(400, R"({"serverErrorCode":"BAD_REQUEST","reason":"Invalid continuation format"})"),
            ErrorKind::StaleToken);
}

TEST(Answer, ALibraryThatIsNotThereIsNotFound) {
  EXPECT_EQ(kind_of(404, R"({"serverErrorCode":"ZONE_NOT_FOUND","reason":"Zone does not exist"})"),
            ErrorKind::NotFound);
  EXPECT_EQ(kind_of(404, ""), ErrorKind::Protocol);  // a wrong path is no reason to believe that a library has gone
}

TEST(Answer, AnAccountClosedToTheWebIsSaidToBe) {
  const auto answer =
      read_answer(403, R"({"serverErrorCode":"ACCESS_DENIED","reason":"private db access disabled for this account"})");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind(), ErrorKind::Refused);
  EXPECT_NE(answer.error().message().find("Access iCloud Data on the Web"), std::string::npos);
}

TEST(Answer, ElementsHaveErrorsOfTheirOwn) {
  const auto document =
      JsonDocument::parse(R"([{"recordName":"a","serverErrorCode":"NOT_FOUND"},{"recordName":"a","recordType":null}])");
  ASSERT_TRUE(document);
  ASSERT_TRUE(error_in(document->root().at(0)));
  EXPECT_EQ(error_in(document->root().at(0))->kind(), ErrorKind::NotFound);
  EXPECT_FALSE(error_in(document->root().at(1)));
}

TEST(Answer, WhatTheServiceSaysReachesNoTerminalUnescaped) {
  const auto answer = read_answer(400, R"({"serverErrorCode":"BAD_REQUEST","reason":"\u001b[2J"})");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message().find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace icloudphotos::cloud
