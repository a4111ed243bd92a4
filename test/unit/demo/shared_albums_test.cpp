// SPDX-License-Identifier: MIT
#include <algorithm>
#include <set>

#include "icloudphotos/base/digest.h"

#include "visitor.h"

using namespace icloudphotos;
using namespace icloudphotos::demo;

namespace {

constexpr const char* kPicnic = "SharedCollection-22222222-0000-4000-8000-0000000000D3";

struct StreamAlbum {
  std::string guid, location, tag, name, sharing;
};

class DemoSharedAlbums : public DemoTest {
 protected:
  net::Response post(const std::string& url, const std::string& body = "{}") {
    return visitor->call("POST", url, body);
  }
  std::string service_url() {
    const auto account =
        JsonDocument::parse(visitor->call("POST", "/setup/ws/1/validate", "null").body).value()["webservices"].dump();
    const auto services = std::move(JsonDocument::parse(account)).value();
    dsid = std::string{*JsonDocument::parse(visitor->call("POST", "/setup/ws/1/validate", "null").body)
                            .value()["dsInfo"]["dsid"]
                            .text()};
    return std::string{services["sharedstreams"]["url"].text().value_or("")};
  }
  std::vector<StreamAlbum> albums() {
    const auto response = post(service_url() + "/" + dsid + "/sharedstreams/webgetalbumslist");
    EXPECT_EQ(response.status, 200) << response.body;
    const auto list = std::move(JsonDocument::parse(response.body)).value();
    std::vector<StreamAlbum> albums;
    list["albums"].each([&](JsonView album) {
      const auto text = [](JsonView value) { return std::string{value.text().value_or("")}; };
      albums.push_back({text(album["albumguid"]), text(album["albumlocation"]), text(album["albumctag"]),
                        text(album["attributes"]["name"]), text(album["sharingtype"])});
      EXPECT_TRUE(text(album["albumlocation"]).ends_with("/sharedstreams/"));
      EXPECT_FALSE(text(album["attributes"]["creationDate"]).empty());
    });
    return albums;
  }
  /// The album of that name that is not empty.
  StreamAlbum album_named(std::string_view name) {
    for (const StreamAlbum& album : albums()) {
      if (album.name == name && count(album) > 0) return album;
    }
    ADD_FAILURE() << "no album " << name;
    return {};
  }
  std::int64_t count(const StreamAlbum& album) {
    const auto answer = post(album.location + "webgetassetcount", R"({"albumguid":")" + album.guid + "\"}");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return std::move(JsonDocument::parse(answer.body)).value()["albumassetcount"].integer().value_or(-1);
  }
  JsonDocument window(const StreamAlbum& album, int offset, int end) {
    const auto answer = post(album.location + "webgetassets",
                             fmt::format(R"({{"albumguid":"{}","albumctag":"{}","offset":"{}","limit":"{}"}})",
                                         album.guid, album.tag, offset, end));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return std::move(JsonDocument::parse(answer.body)).value();
  }
  static std::vector<std::string> names(const JsonDocument& page, std::string_view type) {
    std::vector<std::string> names;
    page["records"].each([&](JsonView record) {
      if (record["recordType"].text() == type) names.emplace_back(*record["recordName"].text());
    });
    return names;
  }
  JsonDocument feed(const std::string& zone, const std::string& database = "private", const std::string& token = {}) {
    return visitor->ask("changes/zone",
                        R"({"zones":[{"zoneID":{"zoneName":")" + zone + "\"}" +
                            (token.empty() ? "" : R"(,"syncToken":")" + token + "\"") + "}]}",
                        database);
  }
  std::string dsid;
};

/// The record of a type in an answer of the feed, as its own document.
JsonDocument record_of(const JsonDocument& answer, std::string_view type) {
  std::string found = "{}";
  answer["zones"].at(0)["records"].each([&](JsonView record) {
    if (record["recordType"].text() == type) found = record.dump();
  });
  return std::move(JsonDocument::parse(found)).value();
}

}  // namespace

TEST_F(DemoSharedAlbums, AreListedWithNamesThatMayHoldASlashOrBeEqual) {
  start_signed_in();
  const auto all = albums();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].name, "Rivers / Lakes");
  EXPECT_EQ(all[0].sharing, "owned");
  EXPECT_EQ(count(all[0]), 6);
  EXPECT_EQ(all[1].name, all[2].name);
  EXPECT_EQ(all[1].sharing, "subscribed");
  EXPECT_NE(all[1].guid, all[2].guid);
  EXPECT_NE(all[1].location, all[2].location);
  EXPECT_EQ(count(all[1]), 130);
  EXPECT_EQ(count(all[2]), 0);
}

TEST_F(DemoSharedAlbums, ShowWindowsThatEndWhereTheLimitSays) {
  start_signed_in();
  const StreamAlbum family = album_named("Family");
  const auto first = names(window(family, 0, 100), "CPLAsset"), second = names(window(family, 100, 130), "CPLAsset");
  EXPECT_EQ(first.size(), 100U);
  EXPECT_EQ(second.size(), 30U);
  std::set<std::string> all{first.begin(), first.end()};
  all.insert(second.begin(), second.end());
  EXPECT_EQ(all.size(), 130U);
  EXPECT_TRUE(names(window(family, 100, 100), "CPLAsset").empty());  // who takes the limit for a size gets nothing
  EXPECT_EQ(names(window(family, 120, 500), "CPLAsset").size(), 10U);
  const auto numbers = post(family.location + "webgetassets",
                            fmt::format(R"({{"albumguid":"{}","offset":0,"limit":100}})", family.guid));
  EXPECT_EQ(numbers.status, 400);
}

TEST_F(DemoSharedAlbums, HoldPicturesThatCanBeFetched) {
  start_signed_in();
  const auto page = window(album_named("Rivers / Lakes"), 0, 6);
  const auto truth = visitor->control("shared_albums");
  int fetched = 0;
  page["records"].each([&](JsonView record) {
    if (record["recordType"].text() == "CPLAsset") {
      EXPECT_TRUE(record["fields"]["contributedBy"]["value"].text());
      EXPECT_EQ(record["pluginFields"]["likeCount"]["value"].integer(), 2);
      return;
    }
    const JsonView original = record["fields"]["resOriginalRes"]["value"];
    const auto response = visitor->call("GET", std::string{*original["downloadURL"].text()});
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(record["fields"]["resOriginalFileSize"]["value"].integer(),
              static_cast<std::int64_t>(response.body.size()));
    truth["albums"].at(0)["photos"].each([&](JsonView photo) {
      if (photo["master"].text() != record["recordName"].text()) return;
      EXPECT_EQ(photo["resources"].at(0)["sha256"].text(), hex_encode(sha256(as_bytes(response.body))));
      ++fetched;
    });
  });
  EXPECT_EQ(fetched, 6);
}

TEST_F(DemoSharedAlbums, OfOnesOwnAreAlsoAtTheAddressOfTheAccount) {
  start_signed_in();
  const auto all = albums();
  const auto ask = [&](const StreamAlbum& album) {
    return post(service_url() + "/" + dsid + "/sharedstreams/webgetassetcount",
                R"({"albumguid":")" + album.guid + "\"}")
        .status;
  };
  EXPECT_EQ(ask(all[0]), 200);
  EXPECT_EQ(ask(all[1]), 404);
  EXPECT_EQ(post(service_url() + "/1/sharedstreams/webgetalbumslist").status, 404);
}

TEST_F(DemoSharedAlbums, GetAnotherTagWithEachChange) {
  start_signed_in();
  const StreamAlbum before = album_named("Rivers / Lakes");
  const auto tag = [&] {
    for (const StreamAlbum& album : albums()) {
      if (album.guid == before.guid) return album.tag;
    }
    return std::string{};
  };
  std::set<std::string> tags{before.tag};
  const auto added = visitor->control("shared_album/add", R"({"album":")" + before.guid + R"(","name":"NEW.JPG"})");
  tags.insert(tag());
  const std::string asset{*added["assets"].at(0).text()};
  EXPECT_EQ(names(window(before, 0, 7), "CPLAsset").front(), asset);  // the newest first
  visitor->control("shared_album/rename", R"({"album":")" + before.guid + R"(","name":"Lakes"})");
  tags.insert(tag());
  EXPECT_EQ(album_named("Lakes").guid, before.guid);
  visitor->control("shared_album/remove", fmt::format(R"({{"album":"{}","asset":"{}"}})", before.guid, asset));
  tags.insert(tag());
  EXPECT_EQ(count(before), 6);
  EXPECT_EQ(tags.size(), 4U);
  EXPECT_EQ(visitor->control("shared_albums")["albums"].at(0)["photos"].size(), 6U);
}

TEST_F(DemoSharedAlbums, MayHaveMovedToAnotherHost) {
  start_signed_in();
  const std::string url = service_url() + "/" + dsid + "/sharedstreams/webgetalbumslist";
  visitor->control("quirks", R"({"stream_redirects":1})");
  const auto moved = post(url);
  EXPECT_EQ(moved.status, 330);
  const std::string host{moved.headers.get("X-Apple-MMe-Host").value_or("")};
  EXPECT_EQ(JsonDocument::parse(moved.body).value()["X-Apple-MMe-Host"].text(), host);
  EXPECT_EQ(post("http://" + host + url.substr(url.find('/', 8))).status, 200);
}

TEST_F(DemoSharedAlbums, MayBeMiscounted) {
  start_signed_in();
  const StreamAlbum family = album_named("Family");
  visitor->control("quirks", R"({"count_error":-100})");
  EXPECT_EQ(count(family), 30);
  visitor->control("quirks", R"({"count_error":0,"counts":"contradictory"})");
  EXPECT_NE(count(family), count(family));
  visitor->control("quirks", R"({"counts":"missing"})");
  EXPECT_EQ(count(family), -1);
  EXPECT_EQ(names(window(family, 100, 130), "CPLAsset").size(), 30U);
}

TEST_F(DemoSharedAlbums, MayBeMissingAndNeedASession) {
  start_signed_in({.quirks = R"({"shared_streams":false})"});
  EXPECT_EQ(service_url(), "");
  visitor->cookies.clear();
  EXPECT_EQ(post("/" + dsid + "/sharedstreams/webgetalbumslist").status, 421);
}

TEST_F(DemoSharedAlbums, OfTheNewKindAreReadableByTheFeedAlone) {
  start_signed_in();
  const auto refused = visitor->database(
      "records/query", R"({"query":{"recordType":"CPLAssetAndMasterByAddedDate"},"zoneID":{"zoneName":")" +
                           std::string{kPicnic} + "\"}}");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(refused.body.find("Index has invalid data"), std::string::npos);
  const auto answer = feed(kPicnic);
  const auto share = record_of(answer, "cloudkit.share");
  EXPECT_EQ(share["fields"]["cloudkit.title"]["value"].text(), "Picnic");
  EXPECT_EQ(share["fields"]["cloudkit.type"]["value"].text(), "photos_sharedcollections");
  EXPECT_TRUE(record_of(answer, "CPLTextComment")["fields"].is_object());
  int assets = 0, removed = 0;
  answer["zones"].at(0)["records"].each([&](JsonView record) {
    if (record["recordType"].text() != "CPLAsset") return;
    ++assets;
    removed += record["fields"]["isDeleted"]["value"].integer() == 1 ? 1 : 0;
  });
  EXPECT_EQ(assets, 5);
  EXPECT_EQ(removed, 1);
  const auto looked_up = visitor->ask(
      "records/lookup",
      fmt::format(R"({{"records":[{{"recordName":"cloudkit.zoneshare"}}],"zoneID":{{"zoneName":"{}"}}}})", kPicnic));
  EXPECT_EQ(looked_up["records"].at(0)["recordType"].text(), "cloudkit.share");
}

TEST_F(DemoSharedAlbums, OfTheNewKindTellTheirChangesInTheFeed) {
  start_signed_in();
  const auto next = [](const JsonDocument& answer) { return std::string{*answer["zones"].at(0)["syncToken"].text()}; };
  const auto whole = feed(kPicnic);
  visitor->control("shared_album/rename", fmt::format(R"({{"album":"{}","name":"Barbecue"}})", kPicnic));
  const auto renamed = feed(kPicnic, "private", next(whole));
  EXPECT_EQ(renamed["zones"].at(0)["records"].size(), 1U);
  EXPECT_EQ(record_of(renamed, "cloudkit.share")["fields"]["cloudkit.title"]["value"].text(), "Barbecue");
  const auto added = visitor->control("shared_album/add", fmt::format(R"({{"album":"{}"}})", kPicnic));
  const std::string asset{*added["assets"].at(0).text()};
  const auto more = feed(kPicnic, "private", next(renamed));
  EXPECT_EQ(record_of(more, "CPLAsset")["recordName"].text(), asset);
  visitor->control("shared_album/remove", fmt::format(R"({{"album":"{}","asset":"{}"}})", kPicnic, asset));
  EXPECT_EQ(record_of(feed(kPicnic, "private", next(more)), "CPLAsset")["fields"]["isDeleted"]["value"].integer(), 1);
  const auto truth = visitor->control("shared_albums");
  EXPECT_EQ(truth["albums"].at(3)["name"].text(), "Barbecue");
  EXPECT_EQ(truth["albums"].at(3)["photos"].at(5)["deleted"].boolean(), true);
  EXPECT_EQ(truth["albums"].at(4)["database"].text(), "shared");
}
