// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <filesystem>
#include <list>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/handle.h"

#include "eviction.h"
#include "overflow.h"
#include "reader.h"

namespace icloudphotos::content {

/// Every blob of one cache directory: hands out the one `Reader` of a resource, finds room on disk, writes indexes and
/// keeps few files open. What the disk cannot take stays in memory for a while. Threads: any.
class Shelf {
 public:
  struct Options {
    std::filesystem::path directory;
    std::uint64_t limit_bytes = 0;  ///< 0: min(10 % of the disk, 20 GiB).
    unsigned keep_free_percent = 5;
  };
  /// Errors: Storage, also when another program uses the directory.
  [[nodiscard]] static Result<std::unique_ptr<Shelf>> open(Clock& clock, const Options& options);
  /// Writes what is not written yet.
  ~Shelf();
  Shelf(const Shelf&) = delete;
  Shelf& operator=(const Shelf&) = delete;

  [[nodiscard]] std::shared_ptr<Reader> reader(const ResourceRef& resource);
  /// Keeps a learnt chunk: on disk, or for a while in memory.
  void keep(const std::shared_ptr<Reader>& reader, ChunkIndex chunk, const std::shared_ptr<const Bytes>& bytes,
            unsigned generation);
  /// The chunk from wherever it is.
  [[nodiscard]] std::shared_ptr<const Bytes> load(Reader& reader, ChunkIndex chunk);
  /// Has its index written soon.
  void note_change(const std::shared_ptr<Reader>& reader);
  /// Forgets all bytes of it; false if somebody else did since `generation`.
  bool drop(const std::shared_ptr<Reader>& reader, unsigned generation);

  [[nodiscard]] Overflow& overflow() { return overflow_; }
  [[nodiscard]] std::uint64_t disk_bytes() const;
  [[nodiscard]] std::uint64_t limit_bytes() const { return limit_bytes_; }

 private:
  struct Slot {
    std::weak_ptr<Reader> reader;
    std::list<std::shared_ptr<Reader>>::iterator open;  ///< Its place in `open_`, or its end.
    bool changed = false;
  };

  Shelf(Clock& clock, const Options& options, Fd occupied, std::uint64_t disk_bytes);
  [[nodiscard]] std::pair<std::shared_ptr<Reader>, bool> find_or_make(const ResourceRef& resource,
                                                                      std::list<std::shared_ptr<Reader>>& closed);
  [[nodiscard]] bool write(const std::shared_ptr<Reader>& reader, ChunkIndex chunk, const Bytes& bytes,
                           unsigned generation);
  [[nodiscard]] bool make_room(std::uint64_t bytes);
  std::uint64_t evict(std::uint64_t bytes);
  [[nodiscard]] bool in_use(const BlobKey& key) REQUIRES(mutex_);
  [[nodiscard]] bool disk_works();
  void disk_failed(const Error& error);
  void tend(std::stop_token stop);
  void take_stock(const std::stop_token& stop);
  void flush_changed();
  void flush(const std::shared_ptr<Reader>& reader);

  Clock& clock_;
  const Fd occupied_;  ///< Keeps other programs out, where the directory can be opened.
  const std::filesystem::path directory_;
  const std::filesystem::path blobs_;
  const std::uint64_t limit_bytes_;
  const std::uint64_t keep_free_bytes_;
  const std::size_t max_open_;
  Overflow overflow_;

  mutable Mutex mutex_;
  std::condition_variable_any changes_;
  std::unordered_map<BlobKey, Slot> slots_ GUARDED_BY(mutex_);
  std::list<std::shared_ptr<Reader>> open_
      GUARDED_BY(mutex_);  ///< The latest used ones, newest first; what keeps files open.
  std::vector<std::shared_ptr<Reader>> changed_ GUARDED_BY(mutex_);
  Eviction eviction_ GUARDED_BY(mutex_);
  Monotonic disk_rests_until_ GUARDED_BY(mutex_){};
  Monotonic quiet_until_ GUARDED_BY(mutex_){};
  bool disk_rests_ GUARDED_BY(mutex_) = false;
  bool complained_ GUARDED_BY(mutex_) = false;

  std::jthread tender_;  ///< Last member: joined before the rest goes.
};

}  // namespace icloudphotos::content
