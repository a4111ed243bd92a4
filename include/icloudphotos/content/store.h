// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/base/text.h"
#include "icloudphotos/cloud/photos.h"
#include "icloudphotos/model/range.h"

namespace icloudphotos::content {

struct StoreOptions {
  std::filesystem::path directory;
  std::uint64_t limit_bytes = 0;   ///< 0: the default, min(10 % of the disk, 20 GiB).
  unsigned keep_free_percent = 5;  ///< Of the disk; nothing is kept that would leave less.
  unsigned fetch_workers = 16;
  std::chrono::milliseconds read_deadline{15'000};  ///< An uncached read ends by then, whatever happens.
};

/// Bytes of one resource; owns them.
struct Slice {
  Bytes bytes;
};

/// How much there is of it now.
struct Usage {
  std::uint64_t kept_bytes = 0;   ///< On disk.
  std::uint64_t limit_bytes = 0;  ///< No more than that are kept.
  std::size_t downloads = 0;      ///< Under way.
};

using ReadDone = std::function<void(Result<Slice>)>;

/// The bytes of resources: kept on local disk, fetched from the cloud when missing.
///
/// Shapes    A resource is fetched in chunks of 32 KiB, aligned to its start. Ranges are in bytes; one that reaches past
/// the
///           end is cut short, one that starts there is empty. A resource is known by its checksum and size: two that
///           are equal in both share their bytes.
/// Errors    Gone: deleted in the cloud meanwhile. Corrupt: fetched twice, wrong checksum twice. NeedsSignIn,
/// Throttled,
///           Offline: as `cloud::Photos::download`; within 5 s of such a failure the next read that needs the cloud
///           fails at once. Cancelled: the store is going away. Storage, of `open` only: another program uses the
///           directory. A full or broken disk is no error: bytes are streamed
///           through memory.
/// Threads   Any. `done` runs exactly once: on the caller's thread when the bytes are here, else on one of ours, and
///           never under a lock of ours.
/// Lifetime  Destruction answers all that wait (Cancelled) before it returns.
/// Source    Sizes and checksums are those of the record's `res…Res` fields; the checksum's recipe:
/// protocol/photos.md 11.
class Store {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Store>> open(cloud::Photos& photos, Clock& clock, StoreOptions options);
  virtual ~Store() = default;

  virtual void read(const ResourceRef& resource, Range range, ReadDone done) = 0;
  /// These bytes will be wanted soon: those that are not here are fetched while no reader waits. Returns at once; what
  /// becomes of it nobody is told.
  virtual void read_ahead(const ResourceRef& resource, Range range) = 0;
  /// They will not be: drops what has not begun.
  virtual void forget_ahead(const ResourceRef& resource) = 0;
  /// Whoever reads will come to these, in this order: as `cloud::Photos::expect`.
  virtual void expect(std::span<const ResourceRef> resources) = 0;
  /// The file that has all bytes of it and nothing else, for who reads them without asking us again; nothing unless they
  /// are all on disk, proven, and compared with their digests since the program started. What is small is compared now;
  /// anything larger is as it is read. Evicting it does not take the bytes from who has the file open.
  [[nodiscard]] virtual std::shared_ptr<const Fd> whole(const ResourceRef& resource) = 0;
  /// What stood in the way of downloads may be over: the next read asks again, however recently one failed, and so do
  /// those that wait for a request of which nothing comes.
  virtual void try_again() = 0;
  /// At once.
  [[nodiscard]] virtual Usage usage() = 0;
  /// Called (on a worker, under no lock) when bytes that were given out turn out to be wrong: pages must be dropped.
  virtual void on_corrupt(std::function<void(const ResourceRef&)> listener) = 0;
  /// Called (on a worker, under no lock) when bytes come again after iCloud could not be reached. Not after it asked for
  /// patience: who is told would ask it for more.
  virtual void on_recovered(std::function<void()> listener) = 0;
};

}  // namespace icloudphotos::content
