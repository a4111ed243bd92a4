// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <set>
#include <span>
#include <stop_token>
#include <thread>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/model/library.h"

#include "cloud/download_urls.h"
#include "cloud/lookups.h"

namespace icloudphotos::cloud {

/// Looks up where the bytes of expected resources are before somebody has to wait for it. A failure is left to who asks
/// in earnest.
///
/// Threads   Any; the requests run on a thread of its own.
class UrlsAhead {
 public:
  UrlsAhead(DownloadUrls& urls, Lookups& lookups);
  UrlsAhead(const UrlsAhead&) = delete;
  UrlsAhead& operator=(const UrlsAhead&) = delete;

  void expect(std::span<const ResourceRef> resources);

 private:
  void work(const std::stop_token& stop);

  DownloadUrls& urls_;
  Lookups& lookups_;
  Mutex mutex_;  ///< never held while looking up
  std::condition_variable_any changed_;
  std::set<LibraryId> libraries_ GUARDED_BY(mutex_);  ///< Of which something is expected that was not looked at.
  std::jthread thread_;                               ///< last member: joined before the rest goes
};

}  // namespace icloudphotos::cloud
