// SPDX-License-Identifier: MIT
#include "checksum.h"
#include "visitor.h"

using namespace icloudphotos;
using namespace icloudphotos::demo;

namespace {

class DemoContent : public DemoTest {
 protected:
  /// The URL and size of the original at the top of the library.
  void find_original() {
    const auto page = visitor->list("CPLAssetAndMasterByAssetDateWithoutHiddenOrDeleted", 0, "", 2);
    const JsonView value = page["records"].at(0)["fields"]["resOriginalRes"]["value"];
    url = std::string{*value["downloadURL"].text()};
    EXPECT_NE(url.find("${f}"), std::string::npos);
    url.replace(url.find("${f}"), 4, "$%7Bf%7D");
    size = static_cast<std::size_t>(*value["size"].integer());
    checksum = *value["fileChecksum"].text();
  }
  net::Response get(const std::string& range = {}) {
    return visitor->call("GET", url, "", range.empty() ? net::Headers{} : net::Headers{{"Range", range}});
  }
  std::string url, checksum;
  std::size_t size = 0;
};

}  // namespace

TEST_F(DemoContent, IsWhatItsChecksumSays) {
  start_signed_in({.computed_assets = 10});
  find_original();
  const auto whole = get();
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.body.size(), size);
  EXPECT_EQ(file_checksum(as_bytes(whole.body)), checksum);
  EXPECT_EQ(whole.headers.get("Content-Type"), "application/octet-stream");
  EXPECT_FALSE(whole.headers.get("ETag"));
}

TEST_F(DemoContent, ComesInRanges) {
  start_signed_in({.computed_assets = 10});
  find_original();
  const std::string whole = get().body;
  const auto middle = get("bytes=100-199");
  EXPECT_EQ(middle.status, 206);
  EXPECT_EQ(middle.body, whole.substr(100, 100));
  EXPECT_EQ(middle.headers.get("Content-Range"), fmt::format("bytes 100-199/{}", size));
  EXPECT_EQ(get("bytes=1000-").body, whole.substr(1000));
  EXPECT_EQ(get("bytes=-5").body, whole.substr(size - 5));
  EXPECT_EQ(get(fmt::format("bytes={}-{}", size - 2, size + 1000)).body, whole.substr(size - 2));
  EXPECT_EQ(get(fmt::format("bytes={}-", size)).status, 416);
  EXPECT_EQ(get("bytes=0-1,4-5").status, 200);  // several ranges are as good as none
}

TEST_F(DemoContent, NeedsNoCookies) {
  start_signed_in({.computed_assets = 10});
  find_original();
  visitor->cookies.clear();
  EXPECT_EQ(get().status, 200);
}

TEST_F(DemoContent, IsGoneWhenTheUrlHasExpired) {
  start_signed_in({.computed_assets = 10, .url_lifetime = std::chrono::seconds{60}});
  find_original();
  clock.advance(std::chrono::seconds{59});
  EXPECT_EQ(get().status, 200);
  clock.advance(std::chrono::seconds{2});
  EXPECT_EQ(get().status, 410);
  find_original();
  EXPECT_EQ(get().status, 200);
  visitor->control("expire", R"({"what":"urls"})");
  EXPECT_EQ(get().status, 410);
}

TEST_F(DemoContent, IsRefusedToForgedUrls) {
  start_signed_in({.computed_assets = 10});
  find_original();
  url.replace(url.find("&e=") + 3, 1, "9");
  EXPECT_EQ(get().status, 403);
}

TEST_F(DemoContent, OfThePurgedIsNotFound) {
  start_signed_in({.computed_assets = 10});
  find_original();
  visitor->control(
      "purge",
      R"({"asset":")" + std::string{*visitor->control("truth?count=1")["photos"].at(0)["asset"].text()} + "\"}");
  EXPECT_EQ(get().status, 404);
}

TEST_F(DemoContent, OfTheSmallLibraryIsTrue) {
  start_signed_in();
  const auto page = visitor->list("CPLAssetAndMasterByAssetDateWithoutHiddenOrDeleted", 0, "", 40);
  int checked = 0;
  page["records"].each([&](JsonView record) {
    const JsonView value = record["fields"]["resOriginalRes"]["value"];
    if (!value["downloadURL"].text()) return;
    url = *value["downloadURL"].text();
    url.replace(url.find("${f}"), 4, "x.bin");
    EXPECT_EQ(file_checksum(as_bytes(get().body)), value["fileChecksum"].text());
    EXPECT_EQ(record["recordName"].text(), value["fileChecksum"].text());
    ++checked;
  });
  EXPECT_GT(checked, 10);
}

TEST_F(DemoContent, CanBeCutFlippedAndReplaced) {
  start_signed_in({.computed_assets = 10});
  find_original();
  visitor->control(
      "faults", R"([{"match":"GET /B","nth":1,"action":"corrupt","at":7},{"match":"GET /B","nth":2,"action":"html"},)"
                R"({"match":"GET /B","nth":3,"action":"truncate","at":50}])");
  EXPECT_NE(file_checksum(as_bytes(get().body)), checksum);
  EXPECT_EQ(get().headers.get("Content-Type"), "text/html");
  EXPECT_EQ(get().status, 0);  // the connection ended before the promised length
  EXPECT_EQ(file_checksum(as_bytes(get().body)), checksum);
}
