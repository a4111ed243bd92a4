// SPDX-License-Identifier: MIT
#include "feed.h"

#include <unordered_set>

namespace icloudphotos::sync {
namespace {

/// Compacted history comes as runs of 70 empty pages and more (protocol/photos.md 13.3); a run like this is no history.
constexpr int kMostEmptyPages = 10'000;

}  // namespace

bool is_empty(const Delta& delta) {
  return delta.originals.empty() && delta.assets.empty() && delta.albums.empty() && delta.memberships.empty() &&
         delta.left.empty() && delta.gone.empty();
}

Result<void> read_changes(const Context& context, const LibraryId& library, std::optional<SyncToken>& cursor,
                          const std::function<Result<void>(Delta&&)>& use) {
  std::unordered_set<SyncToken> passed;
  int empty_pages = 0;
  for (;;) {
    if (context.stop.stop_requested()) return Error{ErrorKind::Cancelled, "asked to stop"};
    auto page = TRY(context.photos.changes(library, cursor, context.stop));
    page.library = library;
    empty_pages = is_empty(page) ? empty_pages + 1 : 0;
    const bool more = page.more;
    auto next = page.next;
    TRY(use(std::move(page)));
    if (next) cursor = next;
    if (!more) return {};
    if (!next || !passed.insert(*next).second || empty_pages > kMostEmptyPages) {
      return Error{ErrorKind::Protocol, "iCloud's list of changes does not come to an end"};
    }
  }
}

}  // namespace icloudphotos::sync
