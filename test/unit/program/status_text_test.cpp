// SPDX-License-Identifier: MIT
#include "status_text.h"

#include <gtest/gtest.h>

namespace icloudphotos {
namespace {

std::string describe(std::string_view json) {
  const auto status = JsonDocument::parse(json);
  return status ? describe_status(status->root()) : status.error().message();
}
bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(StatusText, OfAnAccountThatIsNotMounted) {
  EXPECT_EQ(describe(R"({"account":"ann@example.com","signed_in":true,"mounted":false})"),
            "ann@example.com: signed in\n  not mounted\n");
}

TEST(StatusText, TellsOfReadingAndWork) {
  const auto text = describe(R"({"account":"ann","signed_in":true,"mounted":true,"mount_point":"/p",
    "indexing":{"library":"Personal Library","read":12300,"of":40000,"per_second":2050.0},
    "requests":{"under_way":1,"today":20,"bytes_today":3000000,"bytes_per_second":2048},
    "downloads":{"under_way":2},"cache":{"directory":"/c","bytes":1073741824,"limit":21474836480}})");
  EXPECT_TRUE(has(text, "Reading Personal Library: 12,300 of 40,000 photos, 2,050 a second, 14 s left\n")) << text;
  EXPECT_TRUE(has(text, "1 request under way, 2 downloads, 2.0 KiB a second; today 20 requests, 2.9 MiB\n")) << text;
  EXPECT_TRUE(has(text, "1.0 GiB of at most 20.0 GiB kept in /c\n")) << text;
  EXPECT_FALSE(has(text, "error")) << text;
}

TEST(StatusText, TellsWhatIsHeldBackAndHowItGoes) {
  const auto text = describe(R"({"account":"ann","held_back":[
    {"library":"Personal Library","photos":1234,"known":5000,"albums":1,"vanished":false},
    {"library":"Shared Library","photos":7,"known":7,"albums":0,"vanished":true}]})");
  EXPECT_TRUE(has(text, "1234 of 5000 photos and 1 album of Personal Library are gone")) << text;
  EXPECT_TRUE(has(text, "Shared Library is not there any more")) << text;
  EXPECT_TRUE(has(text, "\"icloudphotos refresh --accept\"")) << text;
}

TEST(StatusText, TellsTheErrorsOfTheDay) {
  const auto text = describe(R"({"account":"ann","poll":{"ended":1060,"succeeded":1000,"problem":"no connection"},
    "errors":{"kinds":{"Offline":2,"Throttled":1},"count":3,"last":{"at":1060,"kind":"Offline","sentence":"no\nway"}}})");
  EXPECT_TRUE(has(text, "3 errors today (2 Offline, 1 Throttled), the last at ")) << text;
  EXPECT_TRUE(has(text, ": no\\x0away\n")) << text;
  EXPECT_TRUE(has(text, ", in vain; current as of ")) << text;
}

TEST(StatusText, FitsOnALine) {
  const auto status = JsonDocument::parse(R"({"account":"ann","signed_in":false,"mount_point":"/p"})");
  EXPECT_EQ(describe_status_briefly(status->root()), "ann: not signed in; mounted at /p");
}

TEST(StatusText, OfNonsenseIsShort) {
  EXPECT_EQ(describe("[]"), ": not signed in\n");
  EXPECT_EQ(describe(R"({"libraries":7,"poll":[],"errors":{"count":"x"},"held_back":{"a":1},"cache":null})"),
            ": not signed in\n");
}

}  // namespace
}  // namespace icloudphotos
