// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>

#include "visitor.h"

using namespace icloudphotos;
using namespace icloudphotos::demo;

namespace {

constexpr const char* kZone = "SharedSync-5A6E0000-0000-4000-8000-0000000000D3";

class DemoSharing : public DemoTest {
 protected:
  /// The owners of the shared library by the database that shows it.
  std::map<std::string, std::string> owners() {
    std::map<std::string, std::string> owners;
    for (const std::string database : {"private", "shared"}) {
      visitor->ask("zones/list", "{}", database)["zones"].each([&](JsonView zone) {
        if (zone["zoneID"]["zoneName"].text() == kZone)
          owners[database] = std::string{*zone["zoneID"]["ownerRecordName"].text()};
      });
    }
    return owners;
  }
  /// What a database says of the shared library to somebody who knows it up to a token: nothing, "there" or "gone".
  std::string news(const std::string& database, std::string& token) {
    const auto answer = visitor->ask("changes/database", R"({"syncToken":")" + token + "\"}", database);
    token = *answer["syncToken"].text();
    std::string news;
    answer["zones"].each([&](JsonView zone) {
      if (zone["zoneID"]["zoneName"].text() == kZone)
        news = zone["deleted"].boolean().value_or(false) ? "gone" : "there";
    });
    return news;
  }
};

}  // namespace

TEST_F(DemoSharing, TheSharedLibraryIsOnesOwnOrSomebodyElsesOrBothOrMissing) {
  start_signed_in();
  const auto mine = owners();
  EXPECT_EQ(mine.size(), 1U);
  EXPECT_TRUE(mine.contains("private"));
  visitor->control("quirks", R"({"shared_library":"participant"})");
  const auto theirs = owners();
  EXPECT_EQ(theirs.size(), 1U);
  EXPECT_NE(theirs.at("shared"), mine.at("private"));
  visitor->control("quirks", R"({"shared_library":"both"})");
  EXPECT_EQ(owners().size(), 2U);
  visitor->control("quirks", R"({"shared_library":"none"})");
  EXPECT_TRUE(owners().empty());
  EXPECT_EQ(
      visitor->ask("changes/zone", fmt::format(R"({{"zones":[{{"zoneID":{{"zoneName":"{}"}}}}]}})", kZone))["zones"]
          .at(0)["serverErrorCode"]
          .text(),
      "ZONE_NOT_FOUND");
}

TEST_F(DemoSharing, AParticipantSeesItOnlyInTheSharedDatabase) {
  start_signed_in({.is_participant = true});
  EXPECT_EQ(owners().size(), 1U);
  EXPECT_TRUE(owners().contains("shared"));
  EXPECT_EQ(visitor->control("quirks")["shared_library"].text(), "participant");
}

TEST_F(DemoSharing, TheDatabasesTellWhereItWent) {
  start_signed_in();
  std::map<std::string, std::string> tokens;
  for (const std::string database : {"private", "shared"})
    tokens[database] = *visitor->ask("changes/database", "{}", database)["syncToken"].text();
  EXPECT_EQ(news("private", tokens["private"]), "");
  visitor->control("quirks", R"({"shared_library":"participant"})");
  EXPECT_EQ(news("private", tokens["private"]), "gone");
  EXPECT_EQ(news("shared", tokens["shared"]), "there");
  EXPECT_EQ(news("shared", tokens["shared"]), "");
  visitor->control("quirks", R"({"shared_library":"owner"})");
  EXPECT_EQ(news("private", tokens["private"]), "there");
  EXPECT_EQ(news("shared", tokens["shared"]), "gone");
}

TEST_F(DemoSharing, WhatChangesInOneDatabaseChangesInBoth) {
  start_signed_in({.quirks = R"({"shared_library":"both"})"});
  const auto added = visitor->control("add", R"({"library":"shared"})");
  for (const std::string database : {"private", "shared"}) {
    const auto found = visitor->ask("records/lookup",
                                    fmt::format(R"({{"records":[{{"recordName":"{}"}}],"zoneID":{{"zoneName":"{}"}}}})",
                                                *added["assets"].at(0).text(), kZone),
                                    database);
    EXPECT_EQ(found["records"].at(0)["recordType"].text(), "CPLAsset") << database;
  }
  visitor->control("leave", R"({"library":"shared"})");
  EXPECT_TRUE(owners().empty());
}

TEST_F(DemoSharing, ZonesThatAreNoLibrariesShowToo) {
  start_signed_in();
  std::vector<std::string> prefixes;
  visitor->ask("zones/list", "{}")["zones"].each([&](JsonView zone) {
    const std::string name{*zone["zoneID"]["zoneName"].text()};
    prefixes.push_back(name.substr(0, name.find('-')));
  });
  std::ranges::sort(prefixes);
  EXPECT_EQ(prefixes,
            (std::vector<std::string>{"AppLibrarySync", "CMM", "PrimarySync", "SharedCollection", "SharedSync"}));
}
