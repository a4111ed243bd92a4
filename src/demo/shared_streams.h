// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

#include "answers.h"
#include "library.h"
#include "origin.h"
#include "records.h"

namespace icloudphotos::demo {

/// The classic shared albums, `/…/sharedstreams/…` (photos.md 17.1). Each is a zone that no database lists.
///
/// Threads   Any.
class SharedStreams {
 public:
  SharedStreams(const Library& library, const ContentUrls& urls) : library_{library}, urls_{urls} {}

  [[nodiscard]] static bool is_path(std::string_view path);
  [[nodiscard]] net::ServerResponse answer(const net::ServerRequest& request, const Origin& origin,
                                           const Quirks& quirks, TimePoint now);

 private:
  [[nodiscard]] std::string albums(const Origin& origin) const;
  [[nodiscard]] net::ServerResponse count(const Zone& album, const Quirks& quirks);
  [[nodiscard]] net::ServerResponse assets(const Zone& album, JsonView body, const AnswerContext& context) const;
  [[nodiscard]] std::shared_ptr<const Zone> album_of(std::string_view place, JsonView body) const;

  const Library& library_;
  const ContentUrls& urls_;
  AskedBefore asked_;
  std::atomic<std::int64_t> redirected_ = 0;
};

/// The `albumguid` of a zone that is a classic shared album.
[[nodiscard]] std::string_view guid_of(const Zone& album);

}  // namespace icloudphotos::demo
