// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "icloudphotos/catalog/catalog.h"
#include "icloudphotos/sync/syncer.h"

#include "background.h"
#include "fake_clock.h"
#include "fake_photos.h"
#include "round.h"
#include "temp_dir.h"

namespace icloudphotos::sync {

/// What a catalog knows, to be compared.
struct Known {
  std::set<std::string> photos;  ///< "id/original" with "?" for an original that is missing; "*" for a favourite.
  std::map<std::string, std::vector<std::string>> members;
  bool operator==(const Known&) const = default;
};

inline Known known_of(const catalog::Catalog& catalog, const LibraryId& library = FakePhotos::personal()) {
  Known known;
  EXPECT_TRUE(catalog.each_photo(library, [&](const catalog::Photo& photo) {
    known.photos.insert(photo.asset.id.value + "/" + (photo.original ? photo.original->id.value : "?") +
                        (photo.asset.favorite ? "*" : ""));
  }));
  const auto albums = catalog.albums(library).value();
  for (const auto& album : albums) known.members[album.id.value];
  EXPECT_TRUE(catalog.each_membership(
      library, [&](const Membership& member) { known.members[member.album.value].push_back(member.asset.value); }));
  return known;
}

/// What a catalog should know of all there is.
inline Known known_of(const Delta& contents, const std::set<std::string>& lost = {}) {
  std::set<OriginalId> originals;
  for (const auto& original : contents.originals) {
    if (!lost.contains(original.id.value)) originals.insert(original.id);
  }
  Known known;
  for (const auto& asset : contents.assets) {
    if (asset.deleted) continue;
    known.photos.insert(asset.id.value + "/" + (originals.contains(asset.original) ? asset.original.value : "?") +
                        (asset.favorite ? "*" : ""));
  }
  for (const auto& album : contents.albums) known.members[album.id.value];
  for (const auto& member : contents.memberships) known.members[member.album.value].push_back(member.asset.value);
  return known;
}

inline std::vector<AssetId> ids(int begin, int end, const std::string& prefix = "photo") {
  std::vector<AssetId> ids;
  for (int i = begin; i < end; ++i) ids.emplace_back(prefix + "-" + std::to_string(i));
  return ids;
}

/// A far side, a catalog, and what the listener heard.
class SyncTest : public ::testing::Test {
 protected:
  SyncTest() { reset(); }

  /// An empty catalog.
  void reset() {
    catalog_.reset();
    state_ = std::make_unique<TempDir>();
    catalog_ = catalog::Catalog::open(state_->path() / "state", clock_).value();
    background_ = std::make_unique<Background>();
    guard_ = {};
    memory_ = {};
    news_.clear();
  }
  [[nodiscard]] SyncListener listener() {
    SyncListener listener;
    listener.changed = [this](const catalog::ChangeSet& changes) { news_.push_back(changes); };
    return listener;
  }
  Result<void> round(cloud::Photos& photos) { return run_round(photos, *catalog_, options_, listener(), {}); }
  Result<void> round() { return round(photos_); }
  Result<void> feeds(cloud::Photos& photos) { return read_feeds(photos, *catalog_, options_, listener(), {}); }
  /// The program goes on: rounds, and the feeds after each, with one memory. A poll's time passes before each.
  Result<void> next_round(cloud::Photos& photos, bool asked = false) {
    const auto listener = this->listener();
    const Context context{photos, *catalog_, options_, listener, {}, guard_};
    now_ += options_.poll;
    guard_.begin_round(now_, asked);
    TRY(Round(context, memory_).run());
    for (;;) {
      const auto read = TRY(background_->read_on(context, [] { return false; }));
      if (read == Background::State::Idle) return {};
    }
  }
  Result<void> next_round() { return next_round(photos_); }
  /// The program is killed and started again.
  void restart() {
    catalog_.reset();
    catalog_ = catalog::Catalog::open(state_->path() / "state", clock_).value();
    background_ = std::make_unique<Background>();
    guard_ = {};
    memory_ = {};
  }
  Result<void> feeds() { return feeds(photos_); }
  [[nodiscard]] catalog::LibraryState state(std::size_t index = 0) const {
    return catalog_->libraries().value().at(index);
  }
  [[nodiscard]] Known known() const { return known_of(*catalog_); }
  /// What a catalog knows that reads the same far side without trouble.
  [[nodiscard]] Known truth() {
    const TempDir dir;
    const auto catalog = catalog::Catalog::open(dir.path() / "state", clock_).value();
    const auto quirks = std::exchange(photos_.quirks, {});
    const auto hook = std::exchange(photos_.before_window, {});
    EXPECT_TRUE(run_round(photos_, *catalog, options_, {}, {}));
    photos_.quirks = quirks;
    photos_.before_window = hook;
    return known_of(*catalog);
  }

  FakeClock clock_;
  FakePhotos photos_;
  SyncOptions options_;
  std::unique_ptr<TempDir> state_;
  std::unique_ptr<catalog::Catalog> catalog_;
  std::vector<catalog::ChangeSet> news_;
  Monotonic now_{};
  Guard guard_;
  RoundMemory memory_;
  std::unique_ptr<Background> background_;
};

}  // namespace icloudphotos::sync
