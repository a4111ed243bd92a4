// SPDX-License-Identifier: MIT
#pragma once

#include "answers.h"
#include "content_urls.h"
#include "feed.h"
#include "library.h"
#include "origin.h"
#include "quirks.h"

namespace icloudphotos::demo {

/// The photos service, `/database/1/com.apple.photos.cloud/production/…` (photos.md 1 to 14). Whoever asks has been
/// let in already.
///
/// Threads   Any.
class Photos {
 public:
  Photos(Library& library, const ContentUrls& urls) : library_{library}, urls_{urls}, feed_{library} {}
  [[nodiscard]] net::ServerResponse answer(const net::ServerRequest& request, const Origin& origin,
                                           const Quirks& quirks, TimePoint now);

 private:
  [[nodiscard]] std::variant<std::string, Failure> operate(Database database, std::string_view operation, JsonView body,
                                                           const Origin& origin, const Quirks& quirks, TimePoint now);
  Library& library_;
  const ContentUrls& urls_;
  Feed feed_;
  AskedBefore asked_;
};

}  // namespace icloudphotos::demo
