// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "icloudphotos/auth/gateway.h"
#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/model/library.h"
#include "icloudphotos/model/range.h"
#include "icloudphotos/net/http.h"

namespace icloudphotos::cloud {

/// One list of photos: a whole library, or one album of it.
struct ListQuery {
  LibraryId library;
  std::optional<AlbumId> album;
  bool operator==(const ListQuery&) const = default;
};

/// Where something changed in the account since some moment.
struct News {
  std::vector<Library> libraries;  ///< In which; also new ones, and those that went. With the token of this moment.
  SyncToken next;                  ///< Where to ask on.
};

/// Where downloaded bytes go. Called on the net thread or the caller's, one call at a time and in order, never after
/// `download` returned, never with more than was asked for.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual void write(std::span<const std::byte> bytes) = 0;
  /// The transfer is started over: forget what was written.
  virtual void restart() = 0;
};

struct PhotosOptions {
  /// Where bytes may be fetched from: hosts of Apple's over https; `OrLoopback`: this machine too, for a service that
  /// runs here.
  enum class Hosts { OfApple, OfAppleOrLoopback };
  Hosts hosts = Hosts::OfApple;
};

/// iCloud Photos behind one interface.
///
/// Shapes    Libraries are named by an opaque LibraryId. A window of a list is `stride(query)` photos from a rank (0 is
/// the
///           first photo); it may hold fewer, more, or repeat photos of its neighbours.
///           Shared albums have no lists: only `changes` reads them. Those of the classic service tell no deletions:
///           when anything changed there, their token is stale, and what a reading without a token does not bring is in
///           the album no longer. A reading that is not at its end goes on from any of its tokens. Trouble with that
///           service alone is Protocol there, and its albums are missing in `libraries` meanwhile.
///           AssetIds and AlbumIds that are UUIDs are in upper case, however records spell them.
/// Errors    Rejected: this list does not exist in this library (shared libraries have no albums, shared albums no lists
///           at all). StaleToken: start over without a token or place. NotFound: the library is gone. Refused: the account keeps its photos from the web.
///           NeedsSignIn; Throttled, Offline, Protocol (after a few tries); Cancelled.
///           download: Gone: the record is there no longer, has other bytes now, or has none (yet). Corrupt: another
///           size or range than was asked for, again and again.
/// Threads   Any number at once; the caller waits.
/// Lifetime  Outlives whoever waits in it. What it was made of outlives it.
/// Source    protocol/photos.md 1 to 14, 17.
class Photos {
 public:
  virtual ~Photos() = default;

  /// The libraries of both databases and the shared albums, each with the token of this moment. A missing shared
  /// database is no error, nor is a service of shared albums that does not answer.
  [[nodiscard]] virtual Result<std::vector<Library>> libraries(std::stop_token stop) = 0;
  /// Which libraries changed since `place`; all of them without one. One request a database, where nothing did. Tells
  /// nothing of those of which `is_in_news` is false.
  [[nodiscard]] virtual Result<News> news(const std::optional<SyncToken>& place, std::stop_token stop) = 0;
  [[nodiscard]] virtual bool is_in_news(const LibraryId& library) const = 0;
  /// All albums and folders, nested ones too.
  [[nodiscard]] virtual Result<std::vector<Album>> albums(const LibraryId& library, std::stop_token stop) = 0;
  /// How many photos Apple's index has, in the order of `queries`; nothing where it does not say. A hint, never a
  /// bound.
  [[nodiscard]] virtual Result<std::vector<std::optional<std::int64_t>>> counts(std::span<const ListQuery> queries,
                                                                                std::stop_token stop) = 0;
  [[nodiscard]] static std::int64_t stride(const ListQuery& query) { return query.album ? 66 : 99; }
  /// The photos of a list from `rank` on. Empty beyond the end; an empty window is no proof of the end.
  [[nodiscard]] virtual Result<Delta> window(const ListQuery& query, std::int64_t rank, std::stop_token stop) = 0;
  /// Originals by id, as many as exist still, however many are asked for.
  [[nodiscard]] virtual Result<Delta> originals(const LibraryId& library, std::span<const OriginalId> ids,
                                                std::stop_token stop) = 0;
  /// One page of what changed since `token`; everything there is without one.
  [[nodiscard]] virtual Result<Delta> changes(const LibraryId& library, const std::optional<SyncToken>& token,
                                              std::stop_token stop) = 0;
  /// Delivers exactly `range` of the resource to `sink`, or fails. Finds and renews the resource's URL by itself.
  [[nodiscard]] virtual Result<void> download(const ResourceRef& resource, Range range, ByteSink& sink,
                                              std::stop_token stop) = 0;
  /// Resources that will be downloaded soon, in this order: what has to be asked for is asked for all of them together,
  /// and before they are needed. Returns at once; forgotten after a while.
  virtual void expect(std::span<const ResourceRef>) {}
};

[[nodiscard]] std::unique_ptr<Photos> make_icloud_photos(net::Http& http, auth::Gateway& gateway, Clock& clock,
                                                         PhotosOptions options = {});

}  // namespace icloudphotos::cloud
