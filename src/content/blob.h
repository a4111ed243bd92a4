// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include <sys/stat.h>

#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/base/text.h"

#include "blob_index.h"
#include "blob_key.h"
#include "chunk.h"

namespace icloudphotos::content {

/// The bytes of one resource on local disk: a sparse file with what has come so far, and an index beside it.
///
/// No byte is given that is not what its chunk's digest says; a chunk is compared the first time it is read from the
/// disk in this process, and again when the file was touched from outside. The index is written by `flush` and names
/// only chunks that are surely on the disk, so that a kill or a power loss costs chunks and never gives a wrong one.
/// Threads: any. The disk is read and written outside the lock of the state.
class Blob {
 public:
  /// Nothing is looked at before `open`.
  Blob(std::filesystem::path path, const BlobKey& key);

  /// Takes up what is on disk of it; what does not fit together is as if it were not there. Once, before all else.
  void open();

  /// Bytes of chunks that are all here; nothing if one is missing or turned out to be damaged.
  [[nodiscard]] std::optional<Bytes> read(Range range);
  [[nodiscard]] std::optional<Bytes> load(ChunkIndex chunk) { return read(chunk_range(chunk, key_.size)); }
  /// The file, if all of it is here, sealed, and compared with its digests; up to `kCompareAtOnce` is compared now.
  [[nodiscard]] std::shared_ptr<const Fd> compared();
  [[nodiscard]] bool has(ChunkIndex chunk) const;
  [[nodiscard]] bool whole() const { return lacking() == 0; }
  /// How many chunks are not on disk.
  [[nodiscard]] ChunkIndex lacking() const;
  /// The chunks from `first` on that are not on disk.
  [[nodiscard]] std::vector<ChunkIndex> missing(ChunkIndex first = 0) const;

  /// Counts how often everything was dropped: bytes asked for before do not belong to what came after.
  [[nodiscard]] unsigned generation() const;
  /// Remembers the digest of a chunk that has come; false if another one is known already.
  [[nodiscard]] bool learn(ChunkIndex chunk, ChunkDigest digest, unsigned generation);
  /// Keeps a chunk that was learnt. Errors: Storage.
  [[nodiscard]] Result<void> write(ChunkIndex chunk, std::span<const std::byte> bytes, unsigned generation);
  /// From now on the digests are the truth. They all must be known.
  void seal();
  [[nodiscard]] bool sealed() const;

  /// Puts the written chunks surely on disk, then the index that names them. Errors: Storage (nothing is lost for this
  /// process unless the disk itself failed).
  [[nodiscard]] Result<void> flush();
  /// Forgets a chunk, but not its digest.
  void forget(ChunkIndex chunk, unsigned generation);
  /// Forgets everything, on disk too; false if somebody else did since `generation`.
  bool drop(unsigned generation);

  [[nodiscard]] const BlobKey& key() const { return key_; }
  [[nodiscard]] ChunkIndex chunks() const { return chunk_count(key_.size); }
  [[nodiscard]] std::uint64_t disk_bytes() const;

 private:
  struct Chunk : ChunkRecord {
    bool checked = false;  ///< Compared with its digest since this process knows the file.
  };
  using File = std::shared_ptr<const Fd>;

  [[nodiscard]] Result<File> writable() REQUIRES(mutex_);
  void notice_changes(const Fd& file);
  [[nodiscard]] bool read_checked(const Fd& file, ChunkIndex chunk, std::span<std::byte> into, unsigned generation);
  [[nodiscard]] bool read_part(const Fd& file, Range part, std::span<std::byte> into, unsigned generation);
  [[nodiscard]] std::filesystem::path index_path() const;

  const BlobKey key_;
  const std::filesystem::path path_;

  /// Lets one flush or drop at a time; before `mutex_`. Readers never wait for it.
  std::mutex changing_disk_;

  mutable Mutex mutex_;
  File file_ GUARDED_BY(mutex_);
  std::vector<Chunk> chunks_ GUARDED_BY(mutex_);
  ChunkIndex on_disk_ GUARDED_BY(mutex_) = 0;
  unsigned generation_ GUARDED_BY(mutex_) = 0;
  bool sealed_ GUARDED_BY(mutex_) = false;
  bool unsynced_ GUARDED_BY(mutex_) = false;
  /// What the whole file looked like when it was last read; other than that, somebody else wrote to it.
  std::optional<struct stat> seen_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::content
