// SPDX-License-Identifier: MIT
#include "guard.h"

#include <algorithm>

#include "icloudphotos/base/log.h"

#include "context.h"
#include "digest.h"
#include "roll_call.h"

namespace icloudphotos::sync {
namespace {

constexpr Log kLog{"sync"};

/// A library is walked again after 1, 2, 4... rounds, as long as its lists say otherwise: each walk costs a request for
/// every hundred photos.
constexpr int kMostDoublings = 4;

struct Size {
  std::int64_t photos = 0;
  std::int64_t albums = 0;
};

Result<Size> size_of(const catalog::Catalog& catalog, const LibraryId& library) {
  Size size;
  for (const auto& state : TRY(catalog.libraries())) {
    if (state.library.id == library) size.photos = state.known;
  }
  size.albums = static_cast<std::int64_t>(TRY(catalog.albums(library)).size());
  return size;
}

/// A whole feed that brings nothing of a small library must not empty it, either. Changes name each photo they take.
bool is_much(Guard::Origin origin, const Losses& losses, const Size& size) {
  if (too_many(losses.count(), size.photos)) return true;
  if (origin != Guard::Origin::Feed) return false;
  return too_many(losses.albums, size.albums) || (losses.count() > 0 && losses.count() >= size.photos) ||
         (losses.albums > 0 && losses.albums >= size.albums);
}

/// Nearer to what would be left than to what is shown.
bool speaks_for(std::int64_t said, std::int64_t before, std::int64_t lost) { return 2 * said <= (2 * before) - lost; }

/// Those of a loss that are shown: no list and no counter knows of hidden ones.
Result<std::int64_t> shown_of(const Context& context, const Library& library, const Losses& losses) {
  std::int64_t shown = 0;
  TRY(context.catalog.each_kept(library.id, [&](const catalog::Kept& kept) {
    if (!kept.hidden && losses.has(digest_of(kept.id))) ++shown;
  }));
  return shown;
}

/// What the lists of a library say to a loss.
Result<bool> lists_agree(const Context& context, const Library& library, const Losses& losses, const Size& size) {
  const auto counted = TRY(count_of(context, library));
  // One request may save the walk.
  const auto shown = TRY(shown_of(context, library, losses));
  if (shown > 0 && counted && !speaks_for(*counted, size.photos, shown)) return false;
  if (losses.albums > 0 && library.has_lists) {
    const auto albums = context.photos.albums(library.id, context.stop);
    if (!albums && albums.error().kind() != ErrorKind::Rejected) return albums.error();
    const auto listed =
        albums ? std::count_if(albums->begin(), albums->end(), [](const auto& a) { return !a.deleted; }) : 0;
    if (!speaks_for(listed, size.albums, losses.albums)) return false;
  }
  if (losses.count() == 0) return true;
  const auto roll = TRY(call_the_roll(context, library, counted));
  const auto is_present = [&](std::uint64_t photo) { return std::binary_search(roll.begin(), roll.end(), photo); };
  if (std::any_of(losses.photos.begin(), losses.photos.end(), is_present)) return false;
  // A list that breaks off shows none of the lost, either.
  std::int64_t staying = 0;
  std::int64_t listed = 0;
  std::int64_t missing = 0;
  TRY(context.catalog.each_kept(library.id, [&](const catalog::Kept& kept) {
    const auto photo = digest_of(kept.id);
    if (kept.hidden || losses.has(photo)) return;
    ++staying;
    listed += kept.listed ? 1 : 0;
    missing += (kept.listed && !is_present(photo)) ? 1 : 0;
  }));
  if (staying == 0) return roll.empty() && (counted == 0 || !library.has_lists);
  return 5 * missing <= listed && !roll.empty();
}

}  // namespace

void Guard::begin_round(Monotonic now, bool asked) {
  ++round_;
  now_ = now;
  asked_ = asked;
}

void Guard::accept(const std::vector<HeldBack>& told) {
  for (auto& [key, doubt] : doubts_) {
    const auto& [library, origin] = key;
    for (const auto& held : told) {
      if (held.library != library || (origin == Origin::Library && !held.library_vanished)) continue;
      doubt.accepted_as = held;
      doubt.accepted = true;
      doubt.rests_until = 0;
    }
  }
}

/// What came since a person was told of less is measured by itself.
bool Guard::covers(const HeldBack& accepted, const HeldBack& now) {
  return !too_many(now.photos - accepted.photos, now.known) && !too_many(now.albums - accepted.albums, 0);
}

Result<Guard::Verdict> Guard::judge(const Context& context, const Library& library, Origin origin,
                                    const Losses& losses) {
  const auto size = TRY(size_of(context.catalog, library.id));
  if (!is_much(origin, losses, size)) {
    settle(library.id, origin);
    return Verdict::Believed;
  }
  const auto [entry, is_new] = doubts_.try_emplace({library.id, origin});
  auto& doubt = entry->second;
  doubt.held = {library.id, losses.count(), size.photos, losses.albums, false};
  if (is_new) {
    doubt.judged_in = round_;
    doubt.since = now_;
    doubt.most = losses.count();
    kLog.warn(
        "iCloud says that many photos or albums are gone; they stay until its lists agree, or until they are accepted "
        "with `icloudphotos refresh --accept` library={} photos={} of={} albums={}",
        library.id.value, losses.count(), size.photos, losses.albums);
    return Verdict::HeldBack;
  }
  if (doubt.accepted && covers(doubt.accepted_as, doubt.held)) {
    kLog.info("the deletions were accepted library={} photos={}", library.id.value, losses.count());
    return Verdict::Believed;
  }
  if (doubt.judged_in == round_ || rests(library.id, origin)) return Verdict::HeldBack;
  const auto before = std::exchange(doubt.judged_in, round_);
  auto asked = library.has_lists || origin == Origin::Changes ? ask_others(context, library, losses, doubt)
               : !a_poll_has_passed(context, doubt)           ? Result<Verdict>{Verdict::HeldBack}
               : losses.count() <= doubt.most                 ? Result<Verdict>{Verdict::Believed}
                                                              : Result<Verdict>{refuted(doubt, "another reading")};
  if (!asked) doubt.judged_in = before;
  return asked;
}

Result<Guard::Verdict> Guard::ask_others(const Context& context, const Library& library, const Losses& losses,
                                         Doubt& doubt) {
  const auto size = TRY(size_of(context.catalog, library.id));
  if (!TRY(lists_agree(context, library, losses, size))) return refuted(doubt, "the lists");
  kLog.info("the lists agree that photos are gone library={} photos={}", library.id.value, losses.count());
  return Verdict::Believed;
}

Guard::Verdict Guard::refuted(Doubt& doubt, const char* by) {
  if (doubt.refuted == 0) {
    kLog.warn("many photos are said to be gone, but that is not what {} show; they stay library={} photos={}", by,
              doubt.held.library.value, doubt.held.photos);
  }
  doubt.most = doubt.held.photos;
  doubt.since = now_;
  doubt.rests_until = round_ + (std::uint64_t{1} << std::min(doubt.refuted++, kMostDoublings));
  return Verdict::Refuted;
}

bool Guard::is_gone(const Context& context, const catalog::LibraryState& state) {
  const auto& library = state.library;
  const auto [entry, is_new] = doubts_.try_emplace({library.id, Origin::Library});
  auto& doubt = entry->second;
  doubt.held = {library.id, state.known, state.known, 0, true};
  if (is_new) {
    doubt.judged_in = round_;
    doubt.since = now_;
    kLog.warn("a library is not there any more; it stays until another list of libraries, later, agrees library={}",
              library.id.value);
    return false;
  }
  if (doubt.accepted) return true;
  const bool later = std::exchange(doubt.judged_in, round_) != round_;
  return later && library.kind != Library::Kind::Personal && a_poll_has_passed(context, doubt);
}

void Guard::settle(const LibraryId& library) {
  for (const auto origin : {Origin::Changes, Origin::Feed, Origin::Library}) settle(library, origin);
}

bool Guard::rests(const LibraryId& library, Origin origin) const {
  const auto found = doubts_.find({library, origin});
  if (found == doubts_.end()) return false;
  const auto& doubt = found->second;
  return doubt.judged_in == round_ || (!asked_ && !doubt.accepted && doubt.rests_until > round_);
}

bool Guard::a_poll_has_passed(const Context& context, const Doubt& doubt) const {
  // Polls are spread a little, so that the next one may come sooner.
  return now_ - doubt.since >= std::chrono::milliseconds{context.options.poll} * 4 / 5;
}

std::vector<HeldBack> Guard::held_back() const {
  std::map<LibraryId, HeldBack> held;
  for (const auto& [key, doubt] : doubts_) {
    const auto [entry, is_new] = held.try_emplace(key.first, doubt.held);
    if (is_new) continue;
    auto& all = entry->second;
    all.photos = std::max(all.photos, doubt.held.photos);
    all.albums = std::max(all.albums, doubt.held.albums);
    all.library_vanished = all.library_vanished || doubt.held.library_vanished;
  }
  std::vector<HeldBack> list;
  for (auto& [library, one] : held) list.push_back(std::move(one));
  return list;
}

}  // namespace icloudphotos::sync
