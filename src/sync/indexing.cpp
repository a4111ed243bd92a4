// SPDX-License-Identifier: MIT
#include "indexing.h"

#include <algorithm>

#include "icloudphotos/base/log.h"

#include "feed.h"
#include "originals.h"

namespace icloudphotos::sync {
namespace {

constexpr Log kLog{"sync"};

constexpr int kMostWalks = 3;

/// So many at once are believed only when a second listing agrees (product.md 7).
bool too_many(std::size_t vanished, std::size_t known) {
  return vanished > std::max<std::size_t>(100, known / 5) || (known > 0 && vanished == known);
}

}  // namespace

Indexing::Indexing(const Context& context, catalog::LibraryState state, std::optional<SyncToken> since)
    : context_{context},
      state_{std::move(state)},
      cursor_{std::move(since)},
      log_{state_.library.id, state_.listed ? ChangeLog::Keep::Everything : ChangeLog::Keep::Nothing} {}

Result<void> Indexing::run() {
  for (int walks = 1;; ++walks) {
    TRY(walk());
    if (!TRY(catch_up()) || !listable_) break;
    if (walks == kMostWalks) {
      kLog.warn("the library changed during every walk; a photo may be missing until it is read anew walks={}", walks);
      break;
    }
    kLog.info("photos moved while the library was read; reading it again walks={}", walks);
  }
  // Without a token to begin with we may have missed tombstones: whatever no list shows any more is gone.
  Delta last;
  if (!state_.token && listable_) last = TRY(vanished_twice());
  return complete(last);
}

Result<void> Indexing::walk() {
  auto listing = TRY(Walk{context_, state_.library.id, log_}.run());
  listable_ = listing.listable;
  albums_read_ = listing.albums_read;
  if (listing.counted) counted_ = listing.counted;
  listed_.insert(listed_.end(), listing.seen.begin(), listing.seen.end());
  std::sort(listed_.begin(), listed_.end());
  listed_.erase(std::unique(listed_.begin(), listed_.end()), listed_.end());
  albums_.merge(listing.albums);
  if (!listable_) {
    kLog.warn("the library has no list of its photos; reading all its changes instead library={}",
              state_.library.id.value);
    cursor_.reset();
  }
  return {};
}

/// Applies what changed since the walk began. True when photos may have moved in the lists, so that one may have
/// slipped through between two windows.
Result<bool> Indexing::catch_up() {
  const bool everything = !cursor_;
  bool moved = false;
  TRY(read_changes(context_, state_.library.id, cursor_, [&](Delta&& page) -> Result<void> {
    page.next.reset();
    auto changed = TRY(context_.catalog.apply(page));
    moved = moved || moves_others(page, changed);
    for (const auto& asset : page.assets) delivered_.insert(digest_of(asset.id));
    for (const auto& album : page.albums) albums_.insert(album.id);
    log_.add(std::move(changed));
    return {};
  }));
  return moved && !everything;  // all changes there ever were miss nothing
}

bool Indexing::is_listed(const AssetId& asset) const {
  return std::binary_search(listed_.begin(), listed_.end(), digest_of(asset));
}

/// New photos only push others to later ranks, where they are met twice. One that goes, or whose date changes, pulls
/// them to earlier ranks, where they may have been passed already.
bool Indexing::moves_others(const Delta& page, const catalog::ChangeSet& changed) const {
  if (!page.left.empty() || (!page.gone.empty() && !changed.empty())) return true;
  return std::any_of(page.assets.begin(), page.assets.end(),
                     [&](const Asset& asset) { return asset.hidden || asset.deleted || is_listed(asset.id); });
}

Result<Delta> Indexing::vanished() {
  Delta delta;
  std::size_t known = 0;
  TRY(context_.catalog.each_photo(state_.library.id, [&](const catalog::Photo& photo) {
    if (photo.asset.hidden) return;  // no list of ours shows it
    ++known;
    const auto& id = photo.asset.id;
    if (!is_listed(id) && !delivered_.contains(digest_of(id))) delta.gone.push_back(id.value);
  }));
  const auto assets = delta.gone.size();
  std::size_t known_albums = 0;
  if (albums_read_) {
    for (const auto& album : TRY(context_.catalog.albums(state_.library.id))) {
      if (album.deleted) continue;
      ++known_albums;
      if (!albums_.contains(album.id)) delta.gone.push_back(album.id.value);
    }
  }
  delta.more = too_many(assets, known) || too_many(delta.gone.size() - assets, known_albums);
  return delta;
}

Result<Delta> Indexing::vanished_twice() {
  auto delta = TRY(vanished());
  if (delta.more) {
    kLog.warn("many photos or albums are listed no longer; reading the lists again before believing it count={}",
              delta.gone.size());
    TRY(walk());
    if (!listable_) return Delta{};
    delta = TRY(vanished());
  }
  delta.more = false;
  return delta;
}

Result<void> Indexing::complete(const Delta& last) {
  const auto& library = state_.library.id;
  Delta delta = last;
  delta.library = library;
  delta.next = cursor_;
  TRY(fetch_missing_originals(context_, library, log_));
  TRY(context_.catalog.set_listed(library, true, counted_));
  log_.add(TRY(context_.catalog.apply(delta)));
  for (const auto& state : TRY(context_.catalog.libraries())) {
    if (state.library.id != library) continue;
    kLog.info("library listed photos={} counted={} gone={}", state.known, counted_.value_or(-1), delta.gone.size());
    if (context_.listener.progress) context_.listener.progress(library, state.known, state.counted);
  }
  if (context_.listener.changed) context_.listener.changed(log_.take());
  return {};
}

}  // namespace icloudphotos::sync
