// SPDX-License-Identifier: MIT
// The protocol read twice: what we make of the answers of the pretend iCloud, against what it says is true.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "icloudphotos/auth/session.h"
#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/base/text.h"
#include "icloudphotos/cloud/photos.h"
#include "icloudphotos/demo/service.h"
#include "icloudphotos/net/http.h"

#include "cloud/fields.h"
#include "cloud/zone.h"
#include "fake_content.h"
#include "temp_dir.h"

namespace icloudphotos::cloud {
namespace {

class Person final : public auth::PasswordSource, public auth::CodeSource {
 public:
  Person(std::string password, const demo::Service& device) : password_{std::move(password)}, device_{device} {}
  Result<Secret> password(const std::string&, std::stop_token) override { return Secret{password_}; }
  Result<auth::Answer> ask(const auth::Challenge&, std::stop_token) override {
    return auth::Answer{auth::Answer::Kind::Code, Secret{device_.shown_code()}, 0};
  }

 private:
  std::string password_;
  const demo::Service& device_;
};

/// What a library is after its whole change feed.
struct Known {
  std::string name;
  std::map<AssetId, Asset> assets;
  std::map<OriginalId, Original> originals;
  std::map<AlbumId, Album> albums;
  std::set<std::pair<AlbumId, AssetId>> memberships;

  void apply(const Delta& delta) {
    for (const auto& gone : delta.gone) {
      assets.erase(AssetId{gone});
      originals.erase(OriginalId{gone});
      albums.erase(AlbumId{gone});
    }
    for (const auto& one : delta.left) memberships.erase({one.album, one.asset});
    for (const auto& one : delta.originals) originals[one.id] = one;
    for (const auto& one : delta.assets) assets[one.id] = one;
    for (const auto& one : delta.albums) albums[one.id] = one;
    for (const auto& one : delta.memberships) memberships.emplace(one.album, one.asset);
    if (delta.library_name) name = *delta.library_name;
  }
};

std::string text_in(JsonView value) { return std::string{value.text().value_or("")}; }

/// Signed in at a pretend iCloud that has every quirk there is.
class AgainstDemo : public testing::Test {
 protected:
  void SetUp() override {
    demo::ServiceOptions options;
    options.quirks = R"({"everything":true})";
    service_ = demo::Service::start(options).value();
    http_ = net::make_curl_http({}).value();
    session_ = auth::Session::open(*http_, clock_,
                                   {options.account,
                                    dir_.path(),
                                    {service_->identity_url(), service_->setup_url(), "https://www.icloud.com"},
                                    {}})
                   .value();
    Person person{options.password, *service_};
    ASSERT_TRUE(session_->sign_in(person, person, {}));
    photos_ = make_icloud_photos(*http_, *session_, clock_, {PhotosOptions::Hosts::OfAppleOrLoopback});
    const auto found = photos_->libraries({});
    ASSERT_TRUE(found) << found.error().message();
    libraries_ = *found;
  }

  Known read(const Library& library) {
    Known known;
    known.name = library.name;
    std::optional<SyncToken> token;
    for (int pages = 0; pages < 1000; ++pages) {
      const auto page = photos_->changes(library.id, token, {});
      if (!page) {
        ADD_FAILURE() << library.id.value << ": " << page.error().message();
        return known;
      }
      known.apply(*page);
      token = page->next;
      if (!page->more) break;
    }
    fetch_missing(library.id, known);
    return known;
  }
  void fetch_missing(const LibraryId& library, Known& known) {
    std::vector<OriginalId> missing;
    for (const auto& [id, asset] : known.assets)
      if (!asset.original.empty() && !known.originals.contains(asset.original)) missing.push_back(asset.original);
    const auto found = photos_->originals(library, missing, {});
    ASSERT_TRUE(found);
    known.apply(*found);
  }

  JsonDocument control(const std::string& call) {
    const auto text = service_->control(call);
    EXPECT_TRUE(text) << call;
    return JsonDocument::parse(text ? *text : "{}").value();
  }

  static std::optional<TimePoint> date_of(JsonView value) {
    constexpr std::int64_t kUnset = -62'135'596'800'000;
    const auto ms = value.integer();
    if (!ms || *ms == kUnset) return std::nullopt;
    return TimePoint{std::chrono::milliseconds{*ms}};
  }
  static std::vector<std::string> keywords_of(JsonView truth) {
    std::vector<std::string> keywords;
    truth["keywords"].each([&](JsonView one) {
      if (auto keyword = text_in(one); !keyword.empty()) keywords.push_back(std::move(keyword));
    });
    return keywords;
  }

  static const Resource* find(const std::vector<Resource>& resources, ResourceKind kind) {
    for (const auto& resource : resources)
      if (resource.kind == kind) return &resource;
    return nullptr;
  }
  static std::optional<ResourceKind> kind_of_field(std::string_view field) {
    for (const auto& known : kResourceFields)
      if (known.base == field) return known.kind;
    return std::nullopt;
  }

  void check_photo(const LibraryId& library, const Known& known, JsonView truth) {
    const auto id = text_in(truth["asset"]);
    const auto found = known.assets.find(AssetId{ascii_upper(id)});
    ASSERT_NE(found, known.assets.end()) << library.value << " lacks " << truth.dump();
    const auto& asset = found->second;
    EXPECT_EQ(asset.favorite, truth["favorite"].boolean()) << id;
    EXPECT_EQ(asset.hidden, truth["hidden"].boolean()) << id;
    EXPECT_EQ(asset.deleted, truth["deleted"].boolean()) << id;
    EXPECT_EQ(asset.title, text_in(truth["title"])) << id;
    EXPECT_EQ(asset.description, text_in(truth["description"])) << id;
    EXPECT_EQ(asset.burst, text_in(truth["burst_id"])) << id;
    EXPECT_EQ(asset.burst_flags, truth["burst_flags"].integer()) << id;
    EXPECT_EQ(asset.subtype_v2, truth["subtype_v2"].integer()) << id;
    const auto captured = date_of(truth["captured"]);
    EXPECT_EQ(captured ? asset.captured : std::nullopt, captured) << id;
    EXPECT_EQ(asset.keywords, keywords_of(truth)) << id;
    EXPECT_EQ(asset.location.has_value(), truth["location"].is_object()) << id;
    const auto original = known.originals.find(asset.original);
    truth["resources"].each([&](JsonView resource) {
      const auto kind = kind_of_field(text_in(resource["resource"]));
      if (!kind) return;
      const bool on_asset = text_in(resource["record"]) == "asset";
      const Resource* ours = on_asset                            ? find(asset.resources, *kind)
                             : original != known.originals.end() ? find(original->second.resources, *kind)
                                                                 : nullptr;
      ASSERT_NE(ours, nullptr) << library.value << " " << id << " " << resource.dump();
      EXPECT_EQ(static_cast<std::int64_t>(ours->size), resource["size"].integer()) << id;
      EXPECT_EQ(ours->checksum, text_in(resource["checksum"])) << id;
      if (resource["available"].boolean().value_or(false))
        check_bytes({library, asset.id, asset.original, *kind, ours->size, ours->checksum},
                    text_in(resource["sha256"]));
    });
  }
  /// What else is known are photos whose original is nowhere.
  static void check_nothing_else(const Known& known, const JsonDocument& truth) {
    std::set<AssetId> theirs;
    for (const auto photos : {truth["photos"], truth["orphans"]["assets"]}) {
      photos.each([&](JsonView photo) {
        theirs.emplace(ascii_upper(photo.is_object() ? text_in(photo["asset"]) : text_in(photo)));
      });
    }
    for (const auto& [id, asset] : known.assets) EXPECT_TRUE(theirs.contains(id)) << id.value;
  }
  void check_bytes(const ResourceRef& file, const std::string& sha) {
    StringSink sink;
    const auto read = photos_->download(file, {0, file.size}, sink, {});
    ASSERT_TRUE(read) << file.library.value << " " << file.asset.value << " " << read.error().message();
    EXPECT_EQ(hex_encode(sha256(as_bytes(sink.text))), sha) << file.asset.value;
  }

  TempDir dir_;
  SystemClock clock_;
  std::unique_ptr<demo::Service> service_;
  std::unique_ptr<net::Http> http_;
  std::unique_ptr<auth::Session> session_;
  std::unique_ptr<Photos> photos_;
  std::vector<Library> libraries_;
};

TEST_F(AgainstDemo, NewsNameTheLibrariesThatChanged) {
  const auto all = photos_->news(std::nullopt, {});
  ASSERT_TRUE(all) << all.error().message();
  for (const auto& library : libraries_) {
    if (!photos_->is_in_news(library.id)) continue;
    EXPECT_TRUE(std::any_of(all->libraries.begin(), all->libraries.end(),
                            [&](const Library& one) { return one.id == library.id && one.token == library.token; }));
  }
  const auto none = photos_->news(all->next, {});
  ASSERT_TRUE(none) << none.error().message();
  EXPECT_TRUE(none->libraries.empty());
  const auto same = photos_->news(none->next, {});
  ASSERT_TRUE(same);
  EXPECT_TRUE(same->libraries.empty());

  ASSERT_TRUE(service_->control("add", R"({"name":"NEW.JPG"})"));
  const auto changed = photos_->news(none->next, {});
  ASSERT_TRUE(changed);
  ASSERT_EQ(changed->libraries.size(), 1U);
  EXPECT_EQ(changed->libraries[0].kind, Library::Kind::Personal);
}

TEST_F(AgainstDemo, EveryPhotoOfALibraryIsInItsFeed) {
  for (const auto& library : libraries_) {
    if (library.kind == Library::Kind::SharedAlbum) continue;
    const auto known = read(library);
    const auto truth = control("truth?count=1000&library=" + zone_of(library.id)->name);
    check_nothing_else(known, truth);
    truth["photos"].each([&](JsonView photo) { check_photo(library.id, known, photo); });
    std::size_t albums = 0;
    truth["albums"].each([&](JsonView album) {
      const AlbumId id{ascii_upper(text_in(album["id"]))};
      const auto found = known.albums.find(id);
      if (found == known.albums.end()) {
        ADD_FAILURE() << "lacks " << album.dump();
        return;
      }
      ++albums;
      EXPECT_EQ(found->second.name, text_in(album["name"]));
      EXPECT_EQ(found->second.deleted, album["deleted"].boolean());
      std::set<std::string> theirs;
      std::set<std::string> ours;
      album["members"].each([&](JsonView member) { theirs.insert(ascii_upper(text_in(member))); });
      for (const auto& [in, asset] : known.memberships)
        if (in == id) ours.insert(asset.value);
      EXPECT_EQ(ours, theirs) << text_in(album["name"]);
    });
    EXPECT_EQ(known.albums.size(), albums) << library.id.value;
  }
}

TEST_F(AgainstDemo, EveryPhotoOfASharedAlbumIsThere) {
  const auto truth = control("shared_albums");
  std::size_t albums = 0;
  truth["albums"].each([&](JsonView album) {
    ++albums;
    const auto id = text_in(album["id"]);
    const auto library = std::find_if(libraries_.begin(), libraries_.end(),
                                      [&](const Library& one) { return one.id.value.find(id) != std::string::npos; });
    ASSERT_NE(library, libraries_.end()) << id;
    EXPECT_EQ(library->kind, Library::Kind::SharedAlbum);
    EXPECT_FALSE(library->has_lists);
    const auto known = read(*library);
    EXPECT_EQ(known.name, text_in(album["name"]));
    EXPECT_EQ(known.assets.size(), album["photos"].size()) << id;
    album["photos"].each([&](JsonView photo) { check_photo(library->id, known, photo); });
  });
  EXPECT_EQ(static_cast<std::size_t>(
                std::count_if(libraries_.begin(), libraries_.end(),
                              [](const Library& one) { return one.kind == Library::Kind::SharedAlbum; })),
            albums);
}

}  // namespace
}  // namespace icloudphotos::cloud
