// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "icloudphotos/auth/gateway.h"
#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/cloud/photos.h"

#include "cloud/decode.h"
#include "cloud/service.h"
#include "cloud/stream_answer.h"

namespace icloudphotos::cloud {

/// Classic shared albums: a service of its own that lists whole albums, knows no changes, no look-ups and no zones.
///
/// Shapes    An album is read in windows of a hundred photos. Its tag takes the place of a token: as long as it is the
///           same nothing changed, else everything is read again. A reading that is not at its end has its place in the
///           token.
/// Errors    NotFound: there is no such album. StaleToken: the album changed. Rejected: the service does not let us in.
/// Threads   Any.
/// Source    protocol/photos.md 17.1.
class SharedStreams {
 public:
  SharedStreams(Service& service, auth::Gateway& gateway, Clock& clock, PhotosOptions::Hosts hosts)
      : service_{service}, gateway_{gateway}, clock_{clock}, hosts_{hosts} {}

  /// All albums, as libraries; none where the account has no such service.
  [[nodiscard]] Result<std::vector<Library>> libraries(std::stop_token stop);

  struct Page {
    RecordsPage records;
    std::optional<std::chrono::sys_seconds> date;
  };
  /// `Photos::changes` of the album of that id.
  [[nodiscard]] Result<Page> changes(const std::string& guid, const std::optional<SyncToken>& token,
                                     std::stop_token stop);
  /// Reads windows until all these records have been in one, or the album is at its end. `visit` gets each window.
  [[nodiscard]] Result<void> look_for(const std::string& guid, const std::vector<std::string>& records,
                                      const std::function<void(const Page&)>& visit, std::stop_token stop);

 private:
  using Albums = std::vector<StreamAlbum>;

  /// Where the albums are listed; empty: the account has no such service.
  [[nodiscard]] std::string root() const;
  [[nodiscard]] Result<Albums> list(std::stop_token stop);
  enum class Listed { JustNow, Ever };
  [[nodiscard]] Result<StreamAlbum> album(const std::string& guid, Listed when, std::stop_token stop);
  [[nodiscard]] Result<Page> window(const StreamAlbum& album, std::int64_t offset, std::stop_token stop);
  [[nodiscard]] Result<std::optional<std::int64_t>> count(const StreamAlbum& album, std::stop_token stop);

  [[nodiscard]] std::string url_of(const StreamAlbum& album, std::string_view call) const;
  /// Asks again where the answer says that the service has moved to.
  [[nodiscard]] Result<net::Response> post(const std::string& known_url, const std::string& body, std::stop_token stop);
  [[nodiscard]] std::string where_it_moved(const std::string& host) const;
  /// Forgets where a host has moved to: nobody answers there.
  void stay(const std::string& host);

  Service& service_;
  auth::Gateway& gateway_;
  Clock& clock_;
  const PhotosOptions::Hosts hosts_;
  mutable Mutex mutex_;  ///< for what follows; never held while asking
  Albums albums_ GUARDED_BY(mutex_);
  std::optional<Monotonic> listed_at_ GUARDED_BY(mutex_);
  std::map<std::string, std::string> moved_ GUARDED_BY(mutex_);      ///< Host and port, to where they have moved.
  std::map<std::string, std::int64_t> found_at_ GUARDED_BY(mutex_);  ///< By album, the window looked for last.
};

}  // namespace icloudphotos::cloud
