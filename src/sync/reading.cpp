// SPDX-License-Identifier: MIT
#include "reading.h"

#include <algorithm>
#include <utility>

#include "icloudphotos/base/log.h"

#include "originals.h"

namespace icloudphotos::sync {
namespace {

constexpr Log kLog{"sync"};

/// A far side that refuses more tokens of one reading than this will not let it end.
constexpr int kMostRefusals = 3;

/// So many at once are believed only when a second reading agrees (product.md 7).
bool too_many(std::int64_t vanished, std::int64_t known) {
  return vanished > std::max<std::int64_t>(100, known / 5) || (known > 0 && vanished >= known);
}

Result<std::int64_t> photos_known(const catalog::Catalog& catalog, const LibraryId& library) {
  for (const auto& state : TRY(catalog.libraries())) {
    if (state.library.id == library) return state.known;
  }
  return std::int64_t{0};
}

}  // namespace

Reading::Reading(const Context& context, const catalog::LibraryState& state, Changes changes, ReadingNotes& notes,
                 ChangeLog& log)
    : context_{context}, library_{state.library}, cursor_{state.reading}, changes_{changes}, notes_{notes}, log_{log} {}

Result<bool> Reading::step() {
  if (context_.stop.stop_requested()) return Error{ErrorKind::Cancelled, "asked to stop"};
  // Begun again after a program that was killed before its first page was written: nothing is lost by that.
  if (!cursor_) TRY(begin());
  auto answer = context_.photos.changes(library_.id, cursor_, context_.stop);
  if (!answer && answer.error().kind() == ErrorKind::StaleToken && cursor_ && ++notes_.refusals <= kMostRefusals) {
    kLog.warn("iCloud does not know any more how far the whole change feed was read; reading it from its beginning");
    TRY(begin());
    return false;
  }
  auto page = TRY(std::move(answer));
  page.library = library_.id;
  notes_.records += records_in(page);
  TRY(adopt_name(context_, library_, page));
  log_.add(TRY(context_.catalog.apply(page, catalog::Source::Feed)));
  if (page.next) cursor_ = page.next;
  if (!page.more) return finish();
  TRY(notes_.watch.passed(page));
  return false;
}

Result<void> Reading::begin() {
  TRY(context_.catalog.begin_reading(library_.id));
  cursor_.reset();
  notes_.watch = {};
  notes_.records = 0;
  return {};
}

Result<bool> Reading::finish() {
  TRY(fetch_missing_originals(context_, library_, log_));
  if (!TRY(is_believed())) {
    TRY(begin());
    return false;
  }
  const bool goes_on = changes_ == Changes::GoOnFromItsEnd;
  auto gone = TRY(context_.catalog.end_reading(library_.id, goes_on ? cursor_ : std::nullopt));
  kLog.info("the whole change feed was read records={} gone={}", notes_.records, gone.assets.size());
  log_.add(std::move(gone));
  return true;
}

/// A feed that broke off must not empty a library.
Result<bool> Reading::is_believed() {
  const auto unread = TRY(context_.catalog.unread(library_.id));
  const auto photos = TRY(photos_known(context_.catalog, library_.id));
  const auto albums = static_cast<std::int64_t>(TRY(context_.catalog.albums(library_.id)).size());
  if (!too_many(unread.photos, photos) && !too_many(unread.albums, albums)) return true;
  const auto before = std::exchange(notes_.doubted, unread);
  if (before && unread.photos <= before->photos && unread.albums <= before->albums) return true;
  kLog.warn(
      "the whole change feed lacks many photos or albums; reading it again before believing it "
      "photos={} albums={}",
      unread.photos, unread.albums);
  if (!before) return false;
  TRY(begin());
  return Error{ErrorKind::Protocol, "iCloud's whole list of changes told different things each time it was read"};
}

}  // namespace icloudphotos::sync
