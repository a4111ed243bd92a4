// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "context.h"

namespace icloudphotos::sync {

/// Notices a feed that goes round in circles or says nothing for ever, without keeping the tokens it has passed: the
/// feed of a million photos has tens of thousands.
class FeedWatch {
 public:
  /// After a page that says there is more. Errors: Protocol.
  [[nodiscard]] Result<void> passed(const Delta& page);

 private:
  std::optional<SyncToken> mark_;  ///< A place passed before; it moves on after 1, 2, 4, 8... pages (Brent).
  std::int64_t steps_ = 0;
  std::int64_t stride_ = 1;
  int empty_pages_ = 0;
};

/// Reads the changes from `cursor` on to their end, page by page, and moves `cursor` along after each page was used.
/// Errors: as `cloud::Photos::changes`; Protocol when the feed goes round in circles; those of `use`.
[[nodiscard]] Result<void> read_changes(const Context& context, const LibraryId& library,
                                        std::optional<SyncToken>& cursor,
                                        const std::function<Result<void>(const Delta&)>& use);

/// How many records a page holds.
[[nodiscard]] std::int64_t records_in(const Delta& delta);
/// Whether a page says anything at all.
[[nodiscard]] bool is_empty(const Delta& delta);

/// Keeps the name a page gives the library, and tells the listener when it is another than before.
[[nodiscard]] Result<void> adopt_name(const Context& context, Library& library, const Delta& page);

}  // namespace icloudphotos::sync
