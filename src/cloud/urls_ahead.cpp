// SPDX-License-Identifier: MIT
#include "cloud/urls_ahead.h"

#include <exception>

#include "icloudphotos/base/log.h"

#include "cloud/zone.h"

namespace icloudphotos::cloud {
namespace {

constexpr Log kLog{"cloud"};

}  // namespace

UrlsAhead::UrlsAhead(DownloadUrls& urls, Lookups& lookups)
    : urls_{urls}, lookups_{lookups}, thread_{[this](const std::stop_token& stop) { work(stop); }} {}

void UrlsAhead::expect(std::span<const ResourceRef> resources) {
  urls_.expect(resources);
  {
    const Lock lock{mutex_};
    for (const auto& resource : resources) {
      // A shared album is read page by page until all names are found.
      if (!stream_of(resource.library)) libraries_.insert(resource.library);
    }
  }
  changed_.notify_one();
}

void UrlsAhead::work(const std::stop_token& stop) {
  for (;;) {
    LibraryId library;
    {
      Lock lock{mutex_};
      if (!changed_.wait(lock, stop, [this]() REQUIRES(mutex_) { return !libraries_.empty(); })) return;
      library = libraries_.extract(libraries_.begin()).value();
    }
    if (stop.stop_requested()) return;
    try {
      const auto names = urls_.lacking(library);
      if (names.empty()) continue;
      const auto answer = lookups_.look_up(library, names, stop);
      kLog.debug("looked up ahead records={} outcome={}", names.size(), answer ? "found" : answer.error().message());
    } catch (const std::exception& problem) {
      kLog.warn("cannot look up ahead reason={}", problem.what());
    }
  }
}

}  // namespace icloudphotos::cloud
