// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "icloudphotos/cloud/photos.h"

#include "cloud/decode.h"
#include "cloud/download.h"
#include "cloud/download_urls.h"
#include "cloud/lookups.h"
#include "cloud/service.h"
#include "cloud/shared_streams.h"
#include "cloud/spellings.h"
#include "cloud/urls_ahead.h"
#include "cloud/zone.h"

namespace icloudphotos::cloud {

/// `Photos` over CloudKit's web service.
class ICloudPhotos final : public Photos {
 public:
  ICloudPhotos(net::Http& http, auth::Gateway& gateway, Clock& clock, PhotosOptions options);

  Result<std::vector<Library>> libraries(std::stop_token stop) override;
  Result<News> news(const std::optional<SyncToken>& place, std::stop_token stop) override;
  bool is_in_news(const LibraryId& library) const override;
  Result<std::vector<Album>> albums(const LibraryId& library, std::stop_token stop) override;
  Result<std::vector<std::optional<std::int64_t>>> counts(std::span<const ListQuery> queries,
                                                          std::stop_token stop) override;
  Result<Delta> window(const ListQuery& query, std::int64_t rank, std::stop_token stop) override;
  Result<Delta> originals(const LibraryId& library, std::span<const OriginalId> ids, std::stop_token stop) override;
  Result<Delta> changes(const LibraryId& library, const std::optional<SyncToken>& token, std::stop_token stop) override;
  Result<void> download(const ResourceRef& resource, Range range, ByteSink& sink, std::stop_token stop) override;
  void expect(std::span<const ResourceRef> resources) override;

 private:
  /// Zones that changed since the database's token, all without one; and its next token, which may be missing.
  [[nodiscard]] Result<ZonesPage> zones(Database database, std::optional<std::string> since, std::stop_token stop);
  [[nodiscard]] Result<IndexingState> indexing_state(const Zone& zone, std::stop_token stop);
  [[nodiscard]] Result<std::vector<Album>> albums_in(const Zone& zone, const std::optional<AlbumId>& folder,
                                                     std::stop_token stop);
  /// The shared albums of the classic service, as far as it answers.
  [[nodiscard]] Result<std::vector<Library>> streams(std::stop_token stop);
  [[nodiscard]] Result<Delta> stream_changes(const LibraryId& library, const std::string& guid,
                                             const std::optional<SyncToken>& token, std::stop_token stop);
  /// Where the bytes of these records are.
  [[nodiscard]] Result<std::vector<ContentUrl>> find_urls(const LibraryId& library,
                                                          const std::vector<std::string>& names, std::stop_token stop);
  [[nodiscard]] Result<std::vector<ContentUrl>> find_urls_in_zone(const LibraryId& library, const Zone& zone,
                                                                  const std::vector<std::string>& names,
                                                                  std::stop_token stop);
  /// An album as the far side spells it.
  [[nodiscard]] std::optional<AlbumId> spelled(const std::optional<AlbumId>& album) const;
  /// A page's values for callers; its URLs stay here.
  [[nodiscard]] Delta keep_urls(const LibraryId& library, RecordsPage page,
                                std::optional<std::chrono::sys_seconds> date, const std::stop_token& stop);
  /// Asks the content host for sizes that the records do not tell.
  void find_sizes(RecordsPage& page, const std::stop_token& stop);

  Service service_;
  SharedStreams streams_;
  Spellings spellings_;
  std::atomic<bool> streams_failed_ = false;  ///< That was logged.
  Lookups lookups_;
  DownloadUrls urls_;
  DownloadTools tools_;
  UrlsAhead ahead_;  ///< last member: its thread uses the others
};

}  // namespace icloudphotos::cloud
