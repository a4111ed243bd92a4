// SPDX-License-Identifier: MIT
#include "reading.h"

#include <utility>

#include "icloudphotos/base/log.h"

#include "originals.h"

namespace icloudphotos::sync {
namespace {

constexpr Log kLog{"sync"};

/// A far side that refuses more tokens of one reading than this will not let it end.
constexpr int kMostRefusals = 3;

}  // namespace

Reading::Reading(const Context& context, const catalog::LibraryState& state, Changes changes, ReadingNotes& notes,
                 ChangeLog& log)
    : context_{context},
      library_{state.library},
      shown_{state.listed},
      cursor_{state.reading},
      changes_{changes},
      notes_{notes},
      log_{log} {
  if (notes_.reading != state.readings) note_beginning(state.readings);
  if (!notes_.withheld.empty()) cursor_ = notes_.cursor;
}

Result<Reading::Step> Reading::step() {
  if (context_.stop.stop_requested()) return Error{ErrorKind::Cancelled, "asked to stop"};
  // Begun again after a program that was killed before its first page was written: nothing is lost by that.
  if (!cursor_) TRY(begin());
  auto answer = context_.photos.changes(library_.id, cursor_, context_.stop);
  if (!answer && answer.error().kind() == ErrorKind::StaleToken && cursor_ && ++notes_.refusals <= kMostRefusals) {
    kLog.warn("iCloud does not know any more how far the whole change feed was read; reading it from its beginning");
    TRY(begin());
    return Step::Read;
  }
  auto page = TRY(std::move(answer));
  page.library = library_.id;
  notes_.records += records_in(page);
  TRY(adopt_name(context_, library_, page));
  auto news = page;
  TRY(notes_.withheld.take_from(context_.catalog, news));
  // A place past something that waits is not kept: a program that is killed now meets it again.
  if (!notes_.withheld.empty()) news.next.reset();
  log_.add(TRY(context_.catalog.apply(news, catalog::Source::Feed)));
  if (page.next) cursor_ = notes_.cursor = page.next;
  if (!page.more) return finish();
  TRY(notes_.watch.passed(page));
  return Step::Read;
}

Result<void> Reading::begin() {
  TRY(context_.catalog.begin_reading(library_.id));
  cursor_.reset();
  note_beginning(notes_.reading + 1);
  return {};
}

/// Where the changes go on from before the reading, they tell of what leaves albums meanwhile.
void Reading::note_beginning(std::int64_t reading) {
  const auto relations = changes_ == Changes::StayWhereTheyAre ? Withheld::Relations::Drop : Withheld::Relations::Wait;
  notes_ = {reading, {}, 0, notes_.refusals, Withheld{relations}, {}};
}

Result<Reading::Step> Reading::finish() {
  TRY(fetch_missing_originals(context_, library_, log_));
  const auto verdict = TRY(judge());
  if (verdict != Guard::Verdict::Believed) {
    // Where the lists are asked it is their turn. Otherwise, or when they say otherwise, the feed is read once more.
    if (verdict == Guard::Verdict::Refuted || !library_.has_lists) TRY(begin());
    return Step::HeldBack;
  }
  if (!notes_.withheld.empty()) {
    log_.add(TRY(context_.catalog.apply(notes_.withheld.as_delta(library_.id, std::nullopt), catalog::Source::Feed)));
  }
  const bool goes_on = changes_ == Changes::GoOnFromItsEnd;
  auto gone = TRY(context_.catalog.end_reading(library_.id, goes_on ? cursor_ : std::nullopt));
  kLog.info("the whole change feed was read records={} gone={}", notes_.records, gone.assets.size());
  log_.add(std::move(gone));
  context_.guard.settle(library_.id, Guard::Origin::Feed);
  return Step::Ended;
}

/// A feed that broke off must not empty a library.
Result<Guard::Verdict> Reading::judge() {
  if (!shown_) return Guard::Verdict::Believed;
  return context_.guard.judge(context_, library_, Guard::Origin::Feed, TRY(losses()));
}

Result<Losses> Reading::losses() const {
  Losses losses;
  const auto unread = TRY(context_.catalog.unread(library_.id));
  losses.albums = unread.albums;
  if (unread.photos > 0) {
    TRY(context_.catalog.each_kept(library_.id, [&](const catalog::Kept& kept) {
      if (!kept.delivered) losses.add(kept.id);
    }));
  }
  TRY(notes_.withheld.add_to(losses, context_.catalog, library_.id));
  return losses;
}

}  // namespace icloudphotos::sync
