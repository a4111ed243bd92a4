// SPDX-License-Identifier: MIT
#include "indexing.h"

#include <algorithm>

#include "icloudphotos/base/log.h"

#include "digest.h"
#include "feed.h"
#include "originals.h"
#include "reading.h"
#include "withheld.h"

namespace icloudphotos::sync {
namespace {

constexpr Log kLog{"sync"};

constexpr int kMostWalks = 3;

}  // namespace

Indexing::Indexing(const Context& context, catalog::LibraryState state, std::optional<SyncToken> since)
    : context_{context},
      state_{std::move(state)},
      cursor_{std::move(since)},
      log_{state_.library.id, state_.listed ? ChangeLog::Keep::Everything : ChangeLog::Keep::Nothing},
      listable_{state_.library.has_lists} {}

Result<void> Indexing::run() {
  auto result = read();
  // Also after an Error: what was written before it will not be news again.
  if ((result || !log_.empty()) && context_.listener.changed) context_.listener.changed(log_.take());
  return result;
}

Result<void> Indexing::read() {
  if (listable_) TRY(read_lists());
  if ((!listable_ || !cursor_) && !TRY(read_feed())) return {};
  return complete();
}

Result<void> Indexing::read_lists() {
  for (int walks = 1;; ++walks) {
    TRY(walk());
    if (!listable_ || !cursor_ || !TRY(catch_up())) return {};
    if (walks == kMostWalks) {
      kLog.warn("the library changed during every walk; a photo may be missing until its changes are read walks={}",
                walks);
      return {};
    }
    kLog.info("photos moved while the library was read; reading it again walks={}", walks);
  }
}

Result<void> Indexing::walk() {
  auto listing = TRY(Walk{context_, state_.library.id, log_}.run());
  listable_ = listing.listable;
  if (listing.counted) counted_ = listing.counted;
  if (listed_.empty()) {
    listed_ = std::move(listing.seen);
  } else {
    listed_.insert(listed_.end(), listing.seen.begin(), listing.seen.end());
  }
  std::sort(listed_.begin(), listed_.end());
  listed_.erase(std::unique(listed_.begin(), listed_.end()), listed_.end());
  if (!listable_) {
    kLog.warn("the library has no list of its photos; reading all its changes instead library={}",
              state_.library.id.value);
  }
  return {};
}

/// Applies what changed since the walk began. True when photos may have moved in the lists, so that one may have
/// slipped through between two windows.
Result<bool> Indexing::catch_up() {
  bool moved = false;
  const auto since = cursor_;
  Withheld withheld;
  TRY(read_changes(context_, state_.library.id, cursor_, [&](const Delta& page) -> Result<void> {
    TRY(adopt_name(context_, state_.library, page));
    auto untold = page;
    untold.next.reset();
    moved = moved || moves_others(page);
    TRY(withheld.take_from(context_.catalog, untold));
    log_.add(TRY(context_.catalog.apply(untold)));
    return {};
  }));
  if (withheld.empty()) return moved;
  Losses losses;
  TRY(withheld.add_to(losses, context_.catalog, state_.library.id));
  if (state_.listed && too_many(losses.count(), TRY(tell_progress()))) {
    // The next round meets it again, and holds it back.
    cursor_ = since;
    return false;
  }
  auto gone = TRY(context_.catalog.apply(withheld.as_delta(state_.library.id, std::nullopt)));
  moved = moved || !gone.empty();
  log_.add(std::move(gone));
  return moved;
}

bool Indexing::is_listed(const AssetId& asset) const {
  return std::binary_search(listed_.begin(), listed_.end(), digest_of(asset));
}

/// New photos only push others to later ranks, where they are met twice. One that goes, or whose date changes, pulls
/// them to earlier ranks, where they may have been passed already.
bool Indexing::moves_others(const Delta& page) const {
  if (!page.left.empty()) return true;
  return std::any_of(page.assets.begin(), page.assets.end(),
                     [&](const Asset& asset) { return asset.hidden || asset.deleted || is_listed(asset.id); });
}

/// Its end is where the changes go on. False when too much is missing there: the library stays as it is, without a
/// place in its changes, so that the next round reads it again.
Result<bool> Indexing::read_feed() {
  ReadingNotes notes;
  Reading reading{context_, state_, Reading::Changes::GoOnFromItsEnd, notes, log_};
  for (;;) {
    const auto step = TRY(reading.step());
    if (step == Reading::Step::HeldBack) return false;
    if (step == Reading::Step::Ended) break;
    TRY(tell_progress());
  }
  cursor_.reset();
  return true;
}

Result<void> Indexing::complete() {
  const auto& library = state_.library;
  TRY(fetch_missing_originals(context_, library, log_));
  TRY(context_.catalog.set_listed(library.id, true, counted_));
  if (cursor_) {
    Delta place;
    place.library = library.id;
    place.next = cursor_;
    TRY(context_.catalog.apply(place));
  }
  kLog.info("library read photos={} counted={}", TRY(tell_progress()), counted_.value_or(-1));
  return {};
}

Result<std::int64_t> Indexing::tell_progress() const {
  for (const auto& state : TRY(context_.catalog.libraries())) {
    if (state.library.id != state_.library.id) continue;
    if (context_.listener.progress) context_.listener.progress(state.library.id, state.known, counted_);
    return state.known;
  }
  return std::int64_t{0};
}

}  // namespace icloudphotos::sync
