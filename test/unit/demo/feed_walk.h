// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <set>

#include "visitor.h"

namespace icloudphotos::demo {

/// What a walk through the feed saw.
struct Seen {
  std::map<std::string, JsonDocument> records;  ///< by name, the latest
  std::map<std::string, int> first_page;        ///< the page a name was first on
  std::vector<std::string> order;
  int errors = 0, nameless = 0;
  bool ended_with_null = false;
  [[nodiscard]] int count(std::string_view type) const {
    int count = 0;
    for (const auto& [name, record] : records) count += record["recordType"].text() == type ? 1 : 0;
    return count;
  }
};

class DemoQuirks : public DemoTest {
 protected:
  void quirks(const std::string& json) { visitor->control("quirks", json); }

  Seen walk(const std::string& zone = "PrimarySync", const std::string& database = "private") {
    Seen seen;
    std::string token;
    for (int page = 0; page < 500; ++page) {
      const auto answer =
          visitor->ask("changes/zone", R"({"zones":[{"zoneID":{"zoneName":")" + zone + "\"}" + token + "}]}", database);
      const JsonView changes = answer["zones"].at(0);
      EXPECT_LE(changes["records"].size(), 200U);
      changes["records"].each([&](JsonView record) { keep(record, page, seen); });
      token = R"(,"syncToken":")" + std::string{changes["syncToken"].text().value_or("")} + "\"";
      seen.ended_with_null = changes["moreComing"].is_null();
      if (!changes["moreComing"].boolean().value_or(false)) return seen;
    }
    ADD_FAILURE() << "the feed does not end";
    return seen;
  }
  static void keep(JsonView record, int page, Seen& seen) {
    const std::string name{record["recordName"].text().value_or("")};
    if (name.empty()) return static_cast<void>(++seen.nameless);
    if (record["serverErrorCode"].exists()) return static_cast<void>(++seen.errors);
    seen.first_page.emplace(name, page);
    seen.order.push_back(name);
    seen.records.insert_or_assign(name, std::move(JsonDocument::parse(record.dump())).value());
  }
  std::vector<std::string> names(const JsonDocument& page, std::string_view type) const {
    std::vector<std::string> names;
    page["records"].each([&](JsonView record) {
      if (record["recordType"].text() == type) names.emplace_back(*record["recordName"].text());
    });
    return names;
  }
  std::map<std::string, JsonDocument> truth(const std::string& library = "personal") {
    std::map<std::string, JsonDocument> photos;
    for (std::int64_t from = 0, total = 1; from < total;) {
      const auto page = visitor->control(fmt::format("truth?library={}&from={}", library, from));
      page["photos"].each([&](JsonView photo) {
        photos.emplace(*photo["asset"].text(), std::move(JsonDocument::parse(photo.dump())).value());
      });
      from = *page["next"].integer(), total = *page["total"].integer();
    }
    return photos;
  }
  /// The asset whose truth names that gap.
  std::string asset_with(std::string_view gap) {
    for (const auto& [asset, photo] : truth()) {
      bool has = false;
      photo["gaps"].each([&](JsonView each) { has = has || each.text() == gap; });
      if (has) return asset;
    }
    ADD_FAILURE() << "no photo lacks its " << gap;
    return {};
  }
  const JsonDocument& master_of(const Seen& seen, const std::string& asset) {
    return seen.records.at(std::string{*seen.records.at(asset)["fields"]["masterRef"]["value"]["recordName"].text()});
  }
};

}  // namespace icloudphotos::demo
