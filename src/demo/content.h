// SPDX-License-Identifier: MIT
#pragma once

#include "content_urls.h"
#include "journal.h"
#include "library.h"

namespace icloudphotos::demo {

/// How the bytes of one answer go out; faults change it.
struct Delivery {
  std::uint64_t bytes_per_second = 0;      ///< 0: as fast as they go
  std::optional<std::uint64_t> cut_after;  ///< then the connection is dropped
  std::optional<std::uint64_t> flip_byte;  ///< the byte at this place of the answer is wrong
};

/// The content host: `GET /B/…` with ranges (photos.md 12).
///
/// Threads   Any.
class Content {
 public:
  Content(const Library& library, const ContentUrls& urls, Clock& clock, Journal& journal)
      : library_{library}, urls_{urls}, clock_{clock}, journal_{journal} {}
  [[nodiscard]] net::ServerResponse answer(const net::ServerRequest& request, const Delivery& delivery,
                                           std::stop_token stop) const;

 private:
  [[nodiscard]] std::optional<Media> find(const ContentUrls::Target& target) const;
  const Library& library_;
  const ContentUrls& urls_;
  Clock& clock_;
  Journal& journal_;
};

}  // namespace icloudphotos::demo
