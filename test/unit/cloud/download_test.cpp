// SPDX-License-Identifier: MIT
#include "cloud/download.h"

#include <atomic>
#include <functional>
#include <span>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "fake_clock.h"
#include "fake_content.h"
#include "fake_gateway.h"
#include "recorded_answer.h"

namespace icloudphotos::cloud {
namespace {

constexpr std::string_view kBytes = "0123456789abcdefghij";
constexpr auto kUrl = "https://cvws.icloud-content.com/B/x/${f}?o=1&e=1800000000";

/// The original of a photo of twenty bytes; its URL has to be looked up.
class Downloads : public testing::Test {
 protected:
  Downloads() {
    gateway_.always([this](std::string_view, const std::string&) { return FakeGateway::ok(record_); });
  }

  static std::string record(std::string_view url, std::string_view size = "20", std::string_view checksum = "sum") {
    return fmt::format(
        R"({{"records":[{{"recordName":"m","recordType":"CPLMaster","fields":{{"resOriginalRes":{{"value":)"
        R"({{"size":{},"fileChecksum":"{}","downloadURL":"{}"}}}}}}}}]}})",
        size, checksum, url);
  }
  static FakeContent::Answer part(std::uint64_t first, std::uint64_t last, std::string_view total = "20") {
    return {206,
            {{"Content-Range", fmt::format("bytes {}-{}/{}", first, last, total)},
             {"Content-Length", std::to_string(last - first + 1)}},
            std::string{kBytes.substr(first, last - first + 1)}};
  }
  static FakeContent::Answer whole() { return {200, {{"Content-Length", "20"}}, std::string{kBytes}}; }
  static FakeContent::Answer status(int number) { return {number, {{"Content-Length", "2"}}, "{}"}; }

  Result<void> download(Range range, std::stop_token stop = {}) {
    return photos_->download(resource_, range, sink_, stop);
  }
  std::optional<ErrorKind> failure(Range range) {
    const auto result = download(range);
    return result ? std::nullopt : std::optional{result.error().kind()};
  }
  std::string asked(std::size_t request) {
    return std::string{content_.requests().at(request).headers.get("Range").value_or("")};
  }

  FakeGateway gateway_;
  FakeContent content_;
  FakeClock clock_;
  std::string record_ = record(kUrl);
  ResourceRef resource_{LibraryId{"private/PrimarySync"}, AssetId{"a"}, OriginalId{"m"},
                        ResourceKind::Original,           20,           "sum"};
  StringSink sink_;
  std::unique_ptr<Photos> photos_ = make_icloud_photos(content_, gateway_, clock_);
};

TEST_F(Downloads, BringExactlyTheRange) {
  content_.next(part(5, 9));
  ASSERT_TRUE(download({5, 5}));
  EXPECT_EQ(sink_.text, "56789");
  EXPECT_EQ(asked(0), "bytes=5-9");
  EXPECT_EQ(content_.requests()[0].url, "https://cvws.icloud-content.com/B/x/$%7Bf%7D?o=1&e=1800000000");
  EXPECT_FALSE(content_.requests()[0].headers.get("Cookie"));
}

TEST_F(Downloads, AreCutToTheFile) {
  content_.next(part(15, 19));
  ASSERT_TRUE(download({15, 100}));
  EXPECT_EQ(sink_.text, "fghij");
  ASSERT_TRUE(download({20, 5}));
  EXPECT_EQ(content_.requests().size(), 1U);
}

TEST_F(Downloads, LookAUrlUpOnce) {
  content_.next(part(0, 4));
  content_.next(part(5, 9));
  ASSERT_TRUE(download({0, 5}));
  ASSERT_TRUE(download({5, 5}));
  EXPECT_EQ(gateway_.questions().size(), 1U);
}

TEST_F(Downloads, LookAnOldUrlUpAgain) {
  content_.next(part(0, 4));
  content_.next(part(5, 9));
  ASSERT_TRUE(download({0, 5}));
  clock_.advance(std::chrono::minutes{26});
  ASSERT_TRUE(download({5, 5}));
  EXPECT_EQ(gateway_.questions().size(), 2U);
}

TEST_F(Downloads, LookARecordUpInTheOtherSpellingBeforeItIsGone) {
  const std::string small = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
  const std::string large = "AAAAAAAA-BBBB-4CCC-8DDD-EEEEEEEEEEEE";
  gateway_.next(R"({"records":[{"recordName":")" + large + R"(","serverErrorCode":"NOT_FOUND","reason":"x"}]})");
  gateway_.next(R"({"records":[{"recordName":")" + small + R"(","recordType":"CPLAsset","fields":{"resJPEGFullRes":)" +
                R"({"value":{"size":20,"fileChecksum":"sum","downloadURL":")" + kUrl + R"("}}}}]})");
  resource_.asset = AssetId{large};
  resource_.kind = ResourceKind::EditedStill;
  content_.next(part(0, 4));
  ASSERT_TRUE(download({0, 5}));
  ASSERT_EQ(gateway_.questions().size(), 2U);
  EXPECT_NE(gateway_.questions()[1].body.find(small), std::string::npos);
}

TEST_F(Downloads, FindTheRangeInAWholeFile) {
  content_.next(whole());
  ASSERT_TRUE(download({7, 4}));
  EXPECT_EQ(sink_.text, "789a");
}

TEST_F(Downloads, GoOnWhereTheyWereCut) {
  auto cut = part(2, 11);
  cut.body.resize(4);
  cut.is_cut = true;
  content_.next(cut);
  content_.next(part(6, 11));
  ASSERT_TRUE(download({2, 10}));
  EXPECT_EQ(sink_.text, "23456789ab");
  EXPECT_EQ(asked(1), "bytes=6-11");
  EXPECT_EQ(sink_.restarts, 0);
}

TEST_F(Downloads, GoOnAfterAnswersThatAreShorterThanAsked) {
  content_.next(part(0, 3));
  content_.next(part(4, 19));
  ASSERT_TRUE(download({0, 20}));
  EXPECT_EQ(sink_.text, kBytes);
}

TEST_F(Downloads, NeverDeliverMoreThanTheRange) {
  auto longer = part(0, 4);
  longer.body += "too much";
  content_.next(longer);
  ASSERT_TRUE(download({0, 5}));
  EXPECT_EQ(sink_.text, "01234");
}

TEST_F(Downloads, RefuseAnotherRange) {
  for (int i = 0; i < 3; ++i) content_.next(part(0, 4));
  EXPECT_EQ(failure({5, 5}), ErrorKind::Corrupt);
  EXPECT_EQ(sink_.text, "");
}

TEST_F(Downloads, RefuseAPartThatDoesNotSayWhichItIs) {
  for (int i = 0; i < 2; ++i) content_.next({206, {}, "01234"});
  content_.next(part(0, 4));
  ASSERT_TRUE(download({0, 5}));
  EXPECT_EQ(sink_.text, "01234");
}

TEST_F(Downloads, RefuseAPageForPeople) {
  content_.next({200, {{"Content-Type", "text/html; charset=utf-8"}, {"Content-Length", "20"}}, std::string(20, '<')});
  content_.next(whole());
  ASSERT_TRUE(download({0, 20}));
  EXPECT_EQ(sink_.text, kBytes);
}

TEST_F(Downloads, RefuseCompressedBytes) {
  auto zipped = part(0, 4);
  zipped.headers.add("Content-Encoding", "gzip");
  for (int i = 0; i < 3; ++i) content_.next(zipped);
  EXPECT_EQ(failure({0, 5}), ErrorKind::Corrupt);
}

TEST_F(Downloads, RenewAUrlThatHasRunOut) {
  for (const int gone : {410, 403, 404, 401}) {
    content_.next(status(gone));
    content_.next(part(0, 4));
    sink_ = {};
    ASSERT_TRUE(download({0, 5})) << gone;
    EXPECT_EQ(sink_.text, "01234");
  }
  EXPECT_EQ(gateway_.questions().size(), 5U);  // the first URL, and one more for each that had run out
}

TEST_F(Downloads, GiveUpOnAPhotoWhoseUrlsNeverWork) {
  content_.next(status(410));
  content_.next(status(410));
  EXPECT_EQ(failure({0, 5}), ErrorKind::Offline);
  EXPECT_EQ(gateway_.questions().size(), 2U);
}

TEST_F(Downloads, SayWhenThePhotoIsGone) {
  record_ = R"({"records":[{"recordName":"m","serverErrorCode":"NOT_FOUND","reason":"x"}]})";
  EXPECT_EQ(failure({0, 5}), ErrorKind::Gone);
}

TEST_F(Downloads, SayWhenThePhotoIsGoneSinceItsUrlWasLearnt) {
  content_.next(part(0, 4));
  ASSERT_TRUE(download({0, 5}));
  content_.next(status(404));
  record_ = R"({"records":[{"recordName":"m","recordType":null,"deleted":true}]})";
  EXPECT_EQ(failure({0, 5}), ErrorKind::Gone);
}

TEST_F(Downloads, SayWhenTheBytesAreNotInTheCloudYet) {
  record_ = record("");
  EXPECT_EQ(failure({0, 5}), ErrorKind::Gone);
}

TEST_F(Downloads, SayWhenThePhotoHasOtherBytesNow) {
  record_ = record(kUrl, "20", "other");
  EXPECT_EQ(failure({0, 5}), ErrorKind::Gone);
  record_ = record(kUrl, "21");
  EXPECT_EQ(failure({0, 5}), ErrorKind::Gone);
  EXPECT_TRUE(content_.requests().empty());
}

TEST_F(Downloads, NoticeAFileOfAnotherSize) {
  content_.next(part(0, 4, "21"));
  content_.next(part(0, 4, "21"));
  EXPECT_EQ(failure({0, 5}), ErrorKind::Corrupt);
  EXPECT_EQ(gateway_.questions().size(), 2U);
  EXPECT_EQ(sink_.text, "");
}

TEST_F(Downloads, NoticeARangeThatIsNotInTheFile) {
  content_.next(status(416));
  content_.next(status(416));
  EXPECT_EQ(failure({0, 5}), ErrorKind::Corrupt);
}

TEST_F(Downloads, ShowCookiesOnlyToAHostThatSentTooLittleWithoutThem) {
  gateway_.set_cookies("token=1");
  content_.next({200, {{"Content-Length", "17"}}, "an error, in text"});
  content_.next(whole());
  ASSERT_TRUE(download({0, 20}));
  EXPECT_EQ(sink_.text, kBytes);
  EXPECT_FALSE(content_.requests()[0].headers.get("Cookie"));
  EXPECT_EQ(content_.requests()[1].headers.get("Cookie"), "token=1");
}

TEST_F(Downloads, StartOverWhenWhatCameWasAnErrorText) {
  gateway_.set_cookies("token=1");
  content_.next({200, {}, "an error"});
  content_.next(whole());
  ASSERT_TRUE(download({0, 20}));
  EXPECT_EQ(sink_.text, kBytes);
  EXPECT_EQ(sink_.restarts, 1);
}

TEST_F(Downloads, FetchTheRestOfABodyThatEndedEarly) {
  content_.next({200, {}, "01234567"});
  content_.next(part(8, 19));
  ASSERT_TRUE(download({0, 20}));
  EXPECT_EQ(sink_.text, kBytes);
}

TEST_F(Downloads, RestAsLongAsTheyAreAskedTo) {
  const auto before = clock_.now();
  content_.next({503, {{"Retry-After", "2"}, {"Content-Length", "0"}}, ""});
  content_.next(part(0, 4));
  ASSERT_TRUE(download({0, 5}));
  EXPECT_GE(clock_.now() - before, std::chrono::seconds{2});
  EXPECT_LE(clock_.now() - before, std::chrono::milliseconds{2200});
}

TEST_F(Downloads, DoNotWaitForMinutes) {
  const auto before = clock_.now();
  content_.next({429, {{"Retry-After", "600"}, {"Content-Length", "0"}}, ""});
  EXPECT_EQ(failure({0, 5}), ErrorKind::Throttled);
  EXPECT_EQ(clock_.now(), before);
}

TEST_F(Downloads, GiveUpOnAHostThatIsDown) {
  for (int i = 0; i < 3; ++i) content_.next(status(500));
  EXPECT_EQ(failure({0, 5}), ErrorKind::Offline);
  EXPECT_EQ(content_.requests().size(), 3U);
}

TEST_F(Downloads, TakeANewConnectionAfterAMisdirectedRequest) {
  content_.next(status(421));
  content_.next(part(0, 4));
  ASSERT_TRUE(download({0, 5}));
  EXPECT_FALSE(content_.requests()[0].fresh_connection);
  EXPECT_TRUE(content_.requests()[1].fresh_connection);
}

TEST_F(Downloads, AreOnlyTakenFromApple) {
  for (const auto* url :
       {"https://example.com/x", "http://cvws.icloud-content.com/x", "https://icloud-content.com.example.org/x",
        "http://127.0.0.1:1/x", "file:///etc/passwd", "https://eviliclou-content.com/x", "nonsense"}) {
    record_ = record(url);
    photos_ = make_icloud_photos(content_, gateway_, clock_);
    EXPECT_EQ(failure({0, 5}), ErrorKind::Protocol) << url;
  }
  EXPECT_TRUE(content_.requests().empty());
}

TEST_F(Downloads, MayComeFromThisMachineWhenToldSo) {
  record_ = record("http://127.0.0.1:1/x/${f}");
  photos_ = make_icloud_photos(content_, gateway_, clock_, {PhotosOptions::Hosts::OfAppleOrLoopback});
  content_.next(part(0, 4));
  EXPECT_TRUE(download({0, 5}));
}

TEST_F(Downloads, FollowARedirectionInsideOfApple) {
  content_.next({302, {{"Location", "https://cvws-h2.icloud-content.com/y"}, {"Content-Length", "0"}}, ""});
  content_.next(part(0, 4));
  ASSERT_TRUE(download({0, 5}));
  EXPECT_EQ(content_.requests()[1].url, "https://cvws-h2.icloud-content.com/y");
}

TEST_F(Downloads, FollowNoRedirectionElsewhere) {
  content_.next({302, {{"Location", "http://127.0.0.1/y"}, {"Content-Length", "0"}}, ""});
  EXPECT_EQ(failure({0, 5}), ErrorKind::Protocol);
}

TEST_F(Downloads, EndWhenAskedTo) {
  std::stop_source stop;
  stop.request_stop();
  const auto result = download({0, 5}, stop.get_token());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind(), ErrorKind::Cancelled);
}

TEST_F(Downloads, FindAnEditOnTheAssetAndAPreviewOnEither) {
  record_ =
      fmt::format(R"({{"records":[{{"recordName":"a","recordType":"CPLAsset","fields":{{"resJPEGFullRes":{{"value":)"
                  R"({{"size":20,"fileChecksum":"sum","downloadURL":"{}"}}}},"resJPEGThumbRes":{{"value":)"
                  R"({{"size":20,"fileChecksum":"sum","downloadURL":"{}"}}}}}}}},)"
                  R"({{"recordName":"m","serverErrorCode":"NOT_FOUND"}}]}})",
                  kUrl, kUrl);
  for (const auto kind : {ResourceKind::EditedStill, ResourceKind::Thumbnail}) {
    resource_.kind = kind;
    content_.next(part(0, 4));
    EXPECT_TRUE(download({0, 5}));
  }
  EXPECT_EQ(gateway_.questions().size(), 1U);  // an answer tells of all files of a record
  EXPECT_NE(gateway_.questions()[0].body.find(R"({"recordName":"a"})"), std::string::npos);
}

TEST_F(Downloads, NeedNoLookUpForWhatAListToldJustNow) {
  gateway_.next(record(kUrl));
  ASSERT_TRUE(photos_->window({resource_.library, std::nullopt}, 0, {}));
  content_.next(part(0, 4));
  ASSERT_TRUE(download({0, 5}));
  EXPECT_EQ(gateway_.questions().size(), 1U);
}

/// A copier's downloads: many photos, of which each look-up tells what was asked for.
class Copy : public Downloads {
 protected:
  static constexpr int kPhotos = 450;

  Copy() {
    gateway_.always([this](std::string_view, const std::string& body) {
      std::string records;
      for (std::size_t at = 0; (at = body.find(kName, at)) != std::string::npos;) {
        at += kName.size();
        const auto name = body.substr(at, body.find('"', at) - at);
        records += fmt::format(
            R"({}{{"recordName":"{}","recordType":"CPLMaster","fields":{{"resOriginalRes":{{"value":)"
            R"({{"size":20,"fileChecksum":"sum","downloadURL":"https://cvws.icloud-content.com/B/{}/{}"}}}}}}}})",
            records.empty() ? "" : ",", name, name, edition_.load());
      }
      return FakeGateway::ok(R"({"records":[)" + records + "]}");
    });
    for (int i = 0; i < kPhotos; ++i) {
      photos_in_order_.push_back(resource_);
      photos_in_order_.back().original = OriginalId{fmt::format("m{}", i)};
    }
  }
  ~Copy() override { photos_.reset(); }  // its thread asks the gateway, which uses what is here
  /// Fetches all, saying before each what the next ones are.
  void copy(const std::function<FakeContent::Answer(int)>& answer) {
    for (int i = 0; i < kPhotos; ++i) {
      if (i % 100 == 0) photos_->expect(std::span{photos_in_order_}.subspan(i).first(std::min(300, kPhotos - i)));
      content_.next(answer(i));
      ASSERT_TRUE(photos_->download(photos_in_order_[static_cast<std::size_t>(i)], {0, 5}, sink_, {})) << i;
    }
  }

  static constexpr std::string_view kName = R"({"recordName":")";
  std::atomic<int> edition_ = 1;
  std::vector<ResourceRef> photos_in_order_;
};

TEST_F(Copy, OfManyPhotosLooksHundredsUpAtATime) {
  copy([](int) { return part(0, 4); });
  EXPECT_LE(gateway_.questions().size(), 8U);  // three for who waits, and what was looked up before anybody did
}

TEST_F(Copy, FindsTheUrlsLookedUpBeforeItNeedsThem) {
  photos_->expect(std::span{photos_in_order_}.first(100));
  gateway_.wait_for_questions(1);
  content_.next(part(0, 4));
  ASSERT_TRUE(photos_->download(photos_in_order_[99], {0, 5}, sink_, {}));
  EXPECT_EQ(gateway_.questions().size(), 1U);
}

TEST_F(Copy, RenewsUrlsThatRanOutHundredsAtATime) {
  copy([](int) { return part(0, 4); });
  const auto before = gateway_.questions().size();
  edition_ = 2;
  clock_.advance(std::chrono::seconds{1});
  copy([this](int i) {
    if (i % 200 == 0) content_.next(status(410));
    return part(0, 4);
  });
  EXPECT_GE(gateway_.questions().size() - before, 3U);
  EXPECT_LE(gateway_.questions().size() - before, 8U);
}

TEST_F(Copy, ThatWasBrokenOffIsForgotten) {
  photos_->expect(photos_in_order_);
  gateway_.wait_for_questions(1);
  clock_.advance(std::chrono::minutes{30});
  content_.next(part(0, 4));
  ASSERT_TRUE(photos_->download(photos_in_order_.back(), {0, 5}, sink_, {}));
  EXPECT_EQ(gateway_.questions().back().body.find(R"("m0")"), std::string::npos);
}

TEST_F(Copy, FromOneLibraryAsksNothingOfAnother) {
  photos_->expect(photos_in_order_);
  content_.next(part(0, 4));
  auto other = resource_;
  other.library = LibraryId{"shared/SharedSync-1/_o"};
  ASSERT_TRUE(photos_->download(other, {0, 5}, sink_, {}));
  for (const auto& question : gateway_.questions()) {
    const bool is_of_the_other = question.path.starts_with("shared");
    EXPECT_EQ(question.body.find(R"("m0")") == std::string::npos, is_of_the_other);
  }
}

TEST(DownloadUrls, AreUsedWhileTheFarSidesClockSaysSo) {
  using std::chrono::seconds;
  const std::chrono::sys_seconds now{seconds{1'800'000'000}};
  EXPECT_EQ(lifetime_of("https://h/x?a=1&e=1800000600&b=2", now), seconds{540});
  EXPECT_EQ(lifetime_of("https://h/x?e=1800003600", now), std::chrono::minutes{25});
  EXPECT_EQ(lifetime_of("https://h/x?e=1800000060", now), seconds{45});
  EXPECT_EQ(lifetime_of("https://h/x?e=1700000000", now), seconds{0});
  EXPECT_EQ(lifetime_of("https://h/x?e=9223372036854775807", now), std::chrono::minutes{25});
  EXPECT_EQ(lifetime_of("https://h/x?e=-9223372036854775807", now), seconds{0});
  EXPECT_EQ(lifetime_of("https://h/x", now), std::chrono::minutes{25});
  EXPECT_EQ(lifetime_of("https://h/x?e=soon", now), std::chrono::minutes{25});
}

}  // namespace
}  // namespace icloudphotos::cloud
