// SPDX-License-Identifier: MIT
// Classic shared albums through the door.
#include <algorithm>
#include <deque>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "icloudphotos/base/text.h"

#include "fake_clock.h"
#include "fake_content.h"
#include "fake_gateway.h"
#include "recorded_answer.h"

namespace icloudphotos::cloud {
namespace {

const std::string kRoot = "https://p61-sharedstreams.icloud.com:443/12345";
const std::string kLocation = "https://p23-sharedstreams.icloud.com/TOKEN/sharedstreams/";
const LibraryId kTrip{"stream/G-1"};
constexpr auto kUrl = "https://cvws.icloud-content.com/B/x/${f}?o=1&e=1800000000";

/// An account whose service of shared albums has one album, of as many photos as a test wants.
class Streams : public testing::Test {
 protected:
  Streams() {
    gateway_.add_service("sharedstreams", kRoot);
    gateway_.always([this](std::string_view url, const std::string& body) { return answer(url, body); });
  }

  Result<net::Response> answer(std::string_view url, const std::string& body) {
    // The zones and the albums may be asked for at once.
    const bool is_theirs = url.find("sharedstreams") != std::string_view::npos;
    if (is_theirs && !moves_.empty()) {
      auto move = std::move(moves_.front());
      moves_.pop_front();
      return move;
    }
    if (is_theirs && refusal_) return *refusal_;
    if (url == "private/changes/database") return FakeGateway::ok(zones_);
    if (url.ends_with("changes/database")) return FakeGateway::ok(R"({"zones":[]})");
    if (url.ends_with("webgetalbumslist")) return FakeGateway::ok(fmt::format(R"({{"albums":[{}]}})", albums_));
    if (url.ends_with("webgetassetcount")) return FakeGateway::ok(count_);
    if (url.ends_with("webgetassets")) return FakeGateway::ok(window(body));
    return net::Response{404, {}, ""};
  }
  std::string window(const std::string& body) {
    const auto asked = JsonDocument::parse(body);
    const auto offset = asked->root()["offset"].integer().value_or(-1);
    const auto limit = asked->root()["limit"].integer().value_or(-1);
    std::string records;
    for (auto i = offset; i < std::min<std::int64_t>(limit, size_); ++i) {
      if (!records.empty()) records += ",";
      records += record(i);
    }
    return R"({"records":[)" + records + "]}";
  }
  static std::string record(std::int64_t i) {
    return fmt::format(
        R"({{"recordName":"m{0}","recordType":"CPLMaster","fields":{{"originalCreationDate":{{"value":{0}}},)"
        R"("resOriginalFileSize":{{"value":20}},"resOriginalRes":{{"value":{{"size":0,"fileChecksum":"sum",)"
        R"("downloadURL":"{1}"}}}}}}}},{{"recordName":"a{0}","recordType":"CPLAsset","fields":{{)"
        R"("contributedBy":{{"value":"x"}},"masterRef":{{"value":{{"recordName":"m{0}"}}}}}}}})",
        i, kUrl);
  }
  static std::string album(std::string_view tag, std::string_view location = kLocation) {
    return fmt::format(R"({{"albumguid":"G-1","albumctag":"{}","albumlocation":"{}","sharingtype":"owned",)"
                       R"("attributes":{{"name":"Trip / Ähre","creationDate":"1693000000000"}}}})",
                       tag, location);
  }
  std::optional<ErrorKind> failure(const auto& result) {
    return result ? std::nullopt : std::optional{result.error().kind()};
  }
  /// All pages from the beginning; the last token.
  std::optional<SyncToken> read_all(std::set<std::string>& assets) {
    std::optional<SyncToken> token;
    for (int pages = 0; pages < 100; ++pages) {
      const auto page = photos_->changes(kTrip, token, {});
      if (!page) {
        ADD_FAILURE() << page.error().message();
        return std::nullopt;
      }
      for (const auto& asset : page->assets) assets.insert(asset.id.value);
      token = page->next;
      if (!page->more) return token;
    }
    ADD_FAILURE() << "it does not come to an end";
    return std::nullopt;
  }
  /// Which hosts the albums were asked for at.
  std::vector<std::string> lists() const {
    std::vector<std::string> all;
    for (const auto& one : gateway_.questions()) {
      if (one.path.ends_with("webgetalbumslist")) all.push_back(one.path);
    }
    return all;
  }
  std::size_t asked(std::string_view call) const {
    const auto all = gateway_.questions();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const auto& one) { return one.path.ends_with(call); }));
  }

  std::string albums_ = album("T1");
  std::string count_ = R"({"albumassetcount":3})";
  std::int64_t size_ = 3;
  std::optional<net::Response> refusal_;
  std::deque<net::Response> moves_;  ///< What the service says first.
  std::string zones_ = R"({"zones":[]})";
  FakeGateway gateway_;
  FakeContent content_;
  FakeClock clock_;
  std::unique_ptr<Photos> photos_ = make_icloud_photos(content_, gateway_, clock_);
};

TEST_F(Streams, AreLibrariesWithTheirNames) {
  albums_ += R"(,{"albumguid":"G/2","attributes":{}},{"albumctag":"x"},7)";
  const auto libraries = photos_->libraries({});
  ASSERT_TRUE(libraries);
  ASSERT_EQ(libraries->size(), 2U);
  EXPECT_EQ((*libraries)[0].id, kTrip);
  EXPECT_EQ((*libraries)[0].kind, Library::Kind::SharedAlbum);
  EXPECT_EQ((*libraries)[0].name, "Trip / Ähre");
  EXPECT_FALSE((*libraries)[0].has_lists);
  EXPECT_TRUE((*libraries)[0].token);
  EXPECT_EQ((*libraries)[1].id.value, "stream/G%2F2");
  EXPECT_FALSE((*libraries)[1].token);
  EXPECT_EQ(lists(), std::vector<std::string>{kRoot + "/sharedstreams/webgetalbumslist"});
}

TEST_F(Streams, AreNoneWhereTheAccountHasNoSuchService) {
  FakeGateway gateway;
  gateway.always([](auto, const auto&) { return FakeGateway::ok(R"({"zones":[]})"); });
  const auto libraries = make_icloud_photos(content_, gateway, clock_)->libraries({});
  ASSERT_TRUE(libraries);
  EXPECT_TRUE(libraries->empty());
  EXPECT_EQ(gateway.questions().size(), 2U);
}

TEST_F(Streams, ThatCannotBeListedKeepNoOtherLibraryAway) {
  for (const auto& refusal :
       {net::Response{503, {}, ""}, net::Response{401, {}, ""}, net::Response{200, {}, "<html>"}}) {
    refusal_ = refusal;
    zones_ = R"({"zones":[{"zoneID":{"zoneName":"PrimarySync"},"syncToken":"T"}]})";
    const auto libraries = photos_->libraries({});
    ASSERT_TRUE(libraries) << refusal.status;
    EXPECT_EQ(libraries->size(), 1U);
  }
}

TEST_F(Streams, ThatCannotBeReadAreNoReasonToLookForTheNetworkOrAPerson) {
  ASSERT_TRUE(photos_->libraries({}));
  clock_.advance(std::chrono::hours{1});
  for (const auto& [status, kind] : {std::pair{503, ErrorKind::Protocol},
                                     {500, ErrorKind::Protocol},
                                     {401, ErrorKind::Rejected},
                                     {421, ErrorKind::Rejected}}) {
    refusal_ = net::Response{status, {}, ""};
    EXPECT_EQ(failure(photos_->changes(kTrip, std::nullopt, {})), kind) << status;
  }
}

TEST_F(Streams, AreReadWindowByWindow) {
  size_ = 250;
  count_ = R"({"albumassetcount":"250"})";
  std::set<std::string> assets;
  const auto token = read_all(assets);
  EXPECT_EQ(assets.size(), 250U);
  EXPECT_EQ(asked("webgetassets"), 3U);
  EXPECT_EQ(asked("webgetalbumslist"), 1U);
  const auto last = gateway_.questions().back();
  EXPECT_EQ(last.path, kLocation + "webgetassets");
  EXPECT_EQ(last.body, R"({"albumguid":"G-1","albumctag":"T1","offset":"200","limit":"300"})");
  const auto libraries = photos_->libraries({});
  EXPECT_EQ(token, libraries->at(0).token);
}

TEST_F(Streams, AreReadToTheEndWhateverIsSaidOfTheirSize) {
  for (const auto* count :
       {R"({"albumassetcount":1})", R"({"albumassetcount":900})", "{}", R"({"albumassetcount":-5})"}) {
    for (const std::int64_t size : {0, 1, 100, 230}) {
      count_ = count;
      size_ = size;
      std::set<std::string> assets;
      ASSERT_TRUE(read_all(assets)) << count;
      EXPECT_EQ(assets.size(), static_cast<std::size_t>(size)) << count;
    }
  }
}

TEST_F(Streams, ThatDoNotChangeCostOneQuestionForAllOfThem) {
  std::set<std::string> assets;
  const auto token = read_all(assets);
  const auto before = gateway_.questions().size();
  clock_.advance(std::chrono::minutes{5});
  for (int i = 0; i < 3; ++i) {
    const auto page = photos_->changes(kTrip, token, {});
    ASSERT_TRUE(page);
    EXPECT_TRUE(page->assets.empty());
    EXPECT_FALSE(page->more);
    EXPECT_EQ(page->next, token);
  }
  EXPECT_EQ(gateway_.questions().size(), before + 1);
}

TEST_F(Streams, ThatChangedAreReadAgain) {
  std::set<std::string> assets;
  const auto token = read_all(assets);
  clock_.advance(std::chrono::minutes{5});
  albums_ = album("T2");
  size_ = 2;
  EXPECT_EQ(failure(photos_->changes(kTrip, token, {})), ErrorKind::StaleToken);
  assets.clear();
  EXPECT_NE(read_all(assets), token);
  EXPECT_EQ(assets, (std::set<std::string>{"a0", "a1"}));
  EXPECT_EQ(failure(photos_->changes(kTrip, SyncToken{"AQAAAAAAAAAC"}, {})), ErrorKind::StaleToken);
}

TEST_F(Streams, ThatChangeWhileTheyAreReadAreReadOnceMore) {
  size_ = 150;
  count_ = R"({"albumassetcount":150})";
  const auto first = photos_->changes(kTrip, std::nullopt, {});
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->more);
  clock_.advance(std::chrono::minutes{5});
  albums_ = album("T2");
  const auto second = photos_->changes(kTrip, first->next, {});
  ASSERT_TRUE(second);
  EXPECT_FALSE(second->more);
  EXPECT_EQ(failure(photos_->changes(kTrip, second->next, {})), ErrorKind::StaleToken);
}

TEST_F(Streams, OfWhichNobodySaysWhetherTheyChangedAreReadAgain) {
  albums_ = R"({"albumguid":"G-1"})";
  std::set<std::string> assets;
  const auto token = read_all(assets);
  EXPECT_EQ(assets.size(), 3U);
  EXPECT_EQ(failure(photos_->changes(kTrip, token, {})), ErrorKind::StaleToken);
  EXPECT_EQ(gateway_.questions().back().path, kRoot + "/sharedstreams/webgetassets");
}

TEST_F(Streams, ThatAreGoneAreNotFound) {
  albums_ = "";
  EXPECT_EQ(failure(photos_->changes(kTrip, std::nullopt, {})), ErrorKind::NotFound);
}

TEST_F(Streams, HaveNoLists) {
  const std::vector<ListQuery> queries{{kTrip, std::nullopt}};
  EXPECT_EQ(failure(photos_->albums(kTrip, {})), ErrorKind::Rejected);
  EXPECT_EQ(failure(photos_->window({kTrip, std::nullopt}, 0, {})), ErrorKind::Rejected);
  EXPECT_EQ(failure(photos_->counts(queries, {})), ErrorKind::Rejected);
  const std::vector<OriginalId> ids{OriginalId{"m"}};
  EXPECT_TRUE(photos_->originals(kTrip, ids, {})->originals.empty());
  EXPECT_TRUE(gateway_.questions().empty());
}

TEST_F(Streams, AreFollowedToTheHostTheyMovedTo) {
  const net::Response by_header{330, {{"X-Apple-MMe-Host", "p99-sharedstreams.icloud.com"}}, ""};
  const net::Response by_body{330, {}, R"({"X-Apple-MMe-Host":"p98-sharedstreams.icloud.com"})"};
  moves_ = {by_header, by_body};
  ASSERT_EQ(photos_->libraries({})->size(), 1U);
  const auto now_at = "https://p98-sharedstreams.icloud.com/12345/sharedstreams/webgetalbumslist";
  ASSERT_EQ(lists().size(), 3U);
  EXPECT_EQ(lists()[1], "https://p99-sharedstreams.icloud.com/12345/sharedstreams/webgetalbumslist");
  EXPECT_EQ(lists()[2], now_at);
  ASSERT_EQ(photos_->libraries({})->size(), 1U);
  ASSERT_EQ(lists().size(), 4U);
  EXPECT_EQ(lists()[3], now_at);
}

TEST_F(Streams, AreNotFollowedToAnybodyElse) {
  for (const auto* host :
       {"evil.org", "evil.org/.icloud.com", "a@evil.org", "127.0.0.1:8080", "icloud.com.evil.org", ""}) {
    refusal_ = net::Response{330, {{"X-Apple-MMe-Host", host}}, ""};
    const auto before = gateway_.questions().size();
    EXPECT_EQ(failure(photos_->changes(kTrip, std::nullopt, {})), ErrorKind::Protocol) << host;
    for (auto i = before; i < gateway_.questions().size(); ++i)
      EXPECT_TRUE(gateway_.questions()[i].path.starts_with(kRoot)) << gateway_.questions()[i].path;
  }
}

TEST_F(Streams, ThatSayTheyAreAtAForeignHostAreAskedForWhereTheyWereListed) {
  albums_ = album("T1", "https://evil.org/sharedstreams/");
  ASSERT_TRUE(photos_->changes(kTrip, std::nullopt, {}));
  EXPECT_EQ(gateway_.questions().back().path, kRoot + "/sharedstreams/webgetassets");
}

TEST_F(Streams, MayMoveOnThisMachineWhereTheServiceRunsHere) {
  photos_ = make_icloud_photos(content_, gateway_, clock_, {PhotosOptions::Hosts::OfAppleOrLoopback});
  gateway_.add_service("sharedstreams", "http://127.0.0.1:8080/1");
  gateway_.next(net::Response{330, {{"X-Apple-MMe-Host", "127.0.0.1:9090"}}, ""});
  albums_ = album("T1", "http://127.0.0.1:8080/t/sharedstreams");
  ASSERT_TRUE(photos_->changes(kTrip, std::nullopt, {}));
  EXPECT_EQ(gateway_.questions().at(1).path, "http://127.0.0.1:9090/1/sharedstreams/webgetalbumslist");
  EXPECT_EQ(gateway_.questions().back().path, "http://127.0.0.1:9090/t/sharedstreams/webgetassets");
}

TEST_F(Streams, HaveUrlsThatComeWithThePhotos) {
  ASSERT_TRUE(photos_->changes(kTrip, std::nullopt, {}));
  const auto before = gateway_.questions().size();
  content_.next({206, {{"Content-Range", "bytes 0-1/20"}}, "01"});
  StringSink sink;
  const ResourceRef file{kTrip, AssetId{"a1"}, OriginalId{"m1"}, ResourceKind::Original, 20, "sum"};
  ASSERT_TRUE(photos_->download(file, {0, 2}, sink, {}));
  EXPECT_EQ(gateway_.questions().size(), before);
}

TEST_F(Streams, AreListedAgainForAUrlThatHasRunOutAndThatServesTheNextPhotosToo) {
  size_ = 350;
  StringSink sink;
  const auto read = [&](int i) {
    content_.next({206, {{"Content-Range", "bytes 0-1/20"}}, "01"});
    const ResourceRef file{
        kTrip, AssetId{fmt::format("a{}", i)}, OriginalId{fmt::format("m{}", i)}, ResourceKind::Original, 20, "sum"};
    return photos_->download(file, {0, 2}, sink, {});
  };
  ASSERT_TRUE(read(250));
  EXPECT_EQ(asked("webgetassets"), 3U);
  ASSERT_TRUE(read(251));
  EXPECT_EQ(asked("webgetassets"), 3U);
  clock_.advance(std::chrono::hours{1});
  ASSERT_TRUE(read(252));
  EXPECT_EQ(asked("webgetassets"), 4U);  // where the last one was
  clock_.advance(std::chrono::hours{1});
  ASSERT_TRUE(read(10));
  EXPECT_EQ(asked("webgetassets"), 8U);  // from there to the end, and on from the beginning
}

TEST_F(Streams, AreListedOnceForAPhotoThatIsGone) {
  StringSink sink;
  const ResourceRef file{kTrip, AssetId{"a9"}, OriginalId{"m9"}, ResourceKind::Original, 20, "sum"};
  EXPECT_EQ(failure(photos_->download(file, {0, 2}, sink, {})), ErrorKind::Gone);
  EXPECT_EQ(asked("webgetassets"), 2U);
}

}  // namespace
}  // namespace icloudphotos::cloud
