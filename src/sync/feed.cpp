// SPDX-License-Identifier: MIT
#include "feed.h"

namespace icloudphotos::sync {
namespace {

/// Compacted history comes as runs of 70 empty pages and more (protocol/photos.md 13.3); a run like this is no history.
constexpr int kMostEmptyPages = 10'000;

}  // namespace

Result<void> FeedWatch::passed(const Delta& page) {
  empty_pages_ = is_empty(page) ? empty_pages_ + 1 : 0;
  if (!page.next || page.next == mark_ || empty_pages_ > kMostEmptyPages) {
    return Error{ErrorKind::Protocol, "iCloud's list of changes does not come to an end"};
  }
  if (++steps_ == stride_) {
    mark_ = page.next;
    steps_ = 0;
    stride_ *= 2;
  }
  return {};
}

std::int64_t records_in(const Delta& delta) {
  return static_cast<std::int64_t>(delta.originals.size() + delta.assets.size() + delta.albums.size() +
                                   delta.memberships.size() + delta.left.size() + delta.gone.size());
}

bool is_empty(const Delta& delta) { return records_in(delta) == 0 && !delta.library_name; }

Result<void> read_changes(const Context& context, const LibraryId& library, std::optional<SyncToken>& cursor,
                          const std::function<Result<void>(const Delta&)>& use) {
  FeedWatch watch;
  for (;;) {
    if (context.stop.stop_requested()) return Error{ErrorKind::Cancelled, "asked to stop"};
    auto page = TRY(context.photos.changes(library, cursor, context.stop));
    page.library = library;
    TRY(use(page));
    if (page.next) cursor = page.next;
    if (!page.more) return {};
    TRY(watch.passed(page));
  }
}

Result<void> adopt_name(const Context& context, Library& library, const Delta& page) {
  const auto& name = page.library_name;
  if (!name || name->empty() || *name == library.name) return {};
  library.name = *name;
  TRY(context.catalog.add_libraries({library}));
  if (context.listener.changed) context.listener.changed({library.id, {}, {}});
  return {};
}

}  // namespace icloudphotos::sync
