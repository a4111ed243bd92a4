// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <list>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/base/secret.h"
#include "icloudphotos/model/library.h"

#include "cloud/decode.h"
#include "cloud/lookups.h"

namespace icloudphotos::cloud {

/// Where the bytes of resources can be had at the moment: from lists read lately, else by looking up the record.
///
/// Shapes    URLs live for an hour over there and at most 25 minutes here, in memory only. As many as fit 6 MiB, the
/// least
///           recently used go first.
/// Ahead     What is expected is asked for together with whatever has to be asked for. A URL that turned out to be of no
///           use makes those doubtful that were learnt before it: they are asked for again on that occasion.
/// Errors    find: Gone: the record is there no longer, has other bytes, or has none. As `Lookups`.
/// Threads   Any; `find` may wait for a look-up.
class DownloadUrls {
 public:
  DownloadUrls(Clock& clock, Lookups& lookups) : clock_{clock}, lookups_{lookups} {}

  /// Remembers URLs of an answer that was given at `date`, the far side's time.
  void learn(const LibraryId& library, std::span<const ContentUrl> urls, std::optional<std::chrono::sys_seconds> date);
  [[nodiscard]] Result<Secret> find(const ResourceRef& resource, std::stop_token stop);
  /// `url` is of no use (any more): the next `find` brings another.
  void forget(const ResourceRef& resource, const Secret& url);
  /// These will be wanted soon, in this order. Forgotten after some minutes.
  void expect(std::span<const ResourceRef> resources);
  /// Records of expected resources whose URLs are not known, or doubtful; no more than one look-up takes.
  [[nodiscard]] std::vector<std::string> lacking(const LibraryId& library);

 private:
  struct Entry {
    std::string key;
    Resource resource;
    Secret url;
    Monotonic learnt;
    Monotonic expires;
    bool is_sized = true;
    [[nodiscard]] std::size_t bytes() const;
  };

  struct Expected {
    std::vector<ResourceRef> resources;
    Monotonic until;
  };

  [[nodiscard]] bool is_lacking(const ResourceRef& resource, Monotonic now) const REQUIRES(mutex_);
  [[nodiscard]] std::optional<Secret> remembered(const ResourceRef& resource);
  void put(Entry entry) REQUIRES(mutex_);
  void drop(std::list<Entry>::iterator entry) REQUIRES(mutex_);

  Clock& clock_;
  Lookups& lookups_;
  Mutex mutex_;                                  ///< never held while looking up
  std::list<Entry> entries_ GUARDED_BY(mutex_);  ///< Most recently used first.
  std::unordered_map<std::string, std::list<Entry>::iterator> by_key_ GUARDED_BY(mutex_);
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;
  std::deque<Expected> expected_ GUARDED_BY(mutex_);     ///< The newest first; of a few readers.
  std::optional<Monotonic> doubted_ GUARDED_BY(mutex_);  ///< What was learnt until then may be of no use.
};

/// How long a URL given out at `now` by the far side's clock may be used. Its `e` says when it ends.
[[nodiscard]] std::chrono::seconds lifetime_of(std::string_view url, std::chrono::sys_seconds now);

}  // namespace icloudphotos::cloud
