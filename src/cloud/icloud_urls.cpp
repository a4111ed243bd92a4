// SPDX-License-Identifier: MIT
// Where bytes are: URLs that came with records, and those that have to be asked for.
#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "icloudphotos/base/log.h"
#include "icloudphotos/base/text.h"

#include "cloud/fields.h"
#include "cloud/icloud_photos.h"
#include "cloud/queries.h"
#include "cloud/record_fields.h"

namespace icloudphotos::cloud {
namespace {

constexpr Log kLog{"cloud"};

/// The files the tree shows. Of previews there would be as many URLs again, for bytes hardly anybody asks for.
bool is_worth_remembering(const ContentUrl& found) {
  switch (found.resource.kind) {
    case ResourceKind::Original:
    case ResourceKind::Alternative:
    case ResourceKind::LiveVideo:
    case ResourceKind::EditedStill:
    case ResourceKind::EditedVideo:
      return true;
    case ResourceKind::Medium:
    case ResourceKind::Thumbnail:
    case ResourceKind::MediumVideo:
      break;
  }
  return false;
}

void warn_of_incomplete(const LibraryId& library, const RecordsPage& page) {
  if (page.incomplete == 0) return;
  kLog.warn("records that say too little are left out count={} library={}", page.incomplete, library.value);
}

}  // namespace

Result<std::vector<ContentUrl>> ICloudPhotos::find_urls(const LibraryId& library, const std::vector<std::string>& names,
                                                        std::stop_token stop) {
  const auto guid = stream_of(library);
  if (!guid) return find_urls_in_zone(library, TRY(zone_for(library)), names, std::move(stop));
  const std::set<std::string_view> wanted{names.begin(), names.end()};
  std::vector<ContentUrl> urls;
  TRY(streams_.look_for(
      *guid, names,
      [&](const SharedStreams::Page& page) {
        for (const auto& url : page.records.urls)
          if (wanted.contains(url.record)) urls.push_back(url);
        (void)keep_urls(library, page.records, page.date, stop);
      },
      stop));
  return urls;
}

Result<std::vector<ContentUrl>> ICloudPhotos::find_urls_in_zone(const LibraryId& library, const Zone& zone,
                                                                const std::vector<std::string>& names,
                                                                std::stop_token stop) {
  const auto ask = [&](const std::vector<std::string>& spelled_names) {
    return service_.ask(path_of(zone.database, "records/lookup"), lookup_query(zone, spelled_names, resource_fields()),
                        stop, [&](const Answer& answer) -> Result<RecordsPage> {
                          auto page = TRY(decode_records(answer.document.root()));
                          urls_.learn(library, page.urls, answer.date);
                          return page;
                        });
  };
  std::vector<std::string> theirs;
  for (const auto& name : names) theirs.push_back(spellings_.of(name));
  auto page = TRY(ask(theirs));
  std::vector<std::string> others;
  for (const auto& name : page.missing)
    if (is_uuid(name) && ascii_lower(name) != name) others.push_back(ascii_lower(name));
  if (others.empty()) return std::move(page.urls);
  auto more = TRY(ask(others));
  spellings_.learn(more.spelled);
  std::move(more.urls.begin(), more.urls.end(), std::back_inserter(page.urls));
  return std::move(page.urls);
}

void ICloudPhotos::find_sizes(RecordsPage& page, const std::stop_token& stop) {
  for (auto& found : page.urls) {
    if (found.is_sized || found.url.empty() || !is_worth_remembering(found)) continue;
    const auto size = size_at(tools_, found.url, stop);
    if (!size) {
      kLog.warn("a file of unknown size is left out record={} reason={}", found.record, size.error().message());
      if (concerns_everything(size.error().kind())) return;
      continue;
    }
    found.resource.size = *size;
    found.is_sized = true;
    add_resource(found, page.delta);
  }
}

Delta ICloudPhotos::keep_urls(const LibraryId& library, RecordsPage page, std::optional<std::chrono::sys_seconds> date,
                              const std::stop_token& stop) {
  warn_of_incomplete(library, page);
  find_sizes(page, stop);
  spellings_.learn(page.spelled);
  // Those of shared albums cannot be asked for one by one.
  if (!stream_of(library))
    std::erase_if(page.urls, [](const ContentUrl& found) { return !is_worth_remembering(found); });
  urls_.learn(library, page.urls, date);
  page.delta.library = library;
  return std::move(page.delta);
}

}  // namespace icloudphotos::cloud
