// SPDX-License-Identifier: MIT
#include "blob.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/log.h"

namespace icloudphotos::content {
namespace {

constexpr Log log{"content"};
constexpr std::uint64_t kBlockBytes = 4096;
/// Takes some 50 ms; who waits for it is opening a file.
constexpr std::uint64_t kCompareAtOnce = std::uint64_t{64} << 20;

bool pread_all(int fd, std::span<std::byte> into, std::uint64_t offset) {
  while (!into.empty()) {
    const auto got = ::pread(fd, into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    into = into.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
  return true;
}

bool pwrite_all(int fd, std::span<const std::byte> from, std::uint64_t offset) {
  while (!from.empty()) {
    const auto put = ::pwrite(fd, from.data(), from.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    from = from.subspan(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
  return true;
}

Error failure(std::string_view doing) {
  return Error{ErrorKind::Storage, fmt::format("{}: {}", doing, system_message(errno))};
}

/// A file nobody else can have put there, or reach by another name: writing to it changes nothing but our blob.
bool is_ours(const struct stat& status, std::uint64_t size) {
  return S_ISREG(status.st_mode) && status.st_nlink == 1 && status.st_uid == ::geteuid() &&
         static_cast<std::uint64_t>(status.st_size) == size;
}

bool same(const struct stat& a, const struct stat& b) {
  return a.st_ino == b.st_ino && a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec &&
         a.st_mtim.tv_nsec == b.st_mtim.tv_nsec && a.st_ctim.tv_sec == b.st_ctim.tv_sec &&
         a.st_ctim.tv_nsec == b.st_ctim.tv_nsec;
}

}  // namespace

Blob::Blob(std::filesystem::path path, const BlobKey& key)
    : key_{key}, path_{std::move(path)}, chunks_(chunk_count(key.size)) {}

std::filesystem::path Blob::index_path() const { return path_.string() + ".index"; }

void Blob::open() {
  const Lock lock{mutex_};
  const auto text = read_file(index_path());
  if (!text) {
    // Left by a crash before its first index: nobody knows what is in it.
    if (text.error().kind() == ErrorKind::NotFound) ::unlink(path_.c_str());
    return;
  }
  const auto index = decode_index(*text);
  Fd file{::open(path_.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)};
  if (!file && errno == EROFS) file.reset(::open(path_.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!file && (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == EACCES))
    return;  // says nothing about the blob
  struct stat status {};
  const bool fits =
      index && index->key == key_ && file && ::fstat(file.get(), &status) == 0 && is_ours(status, key_.size);
  if (!fits) {
    if (is_older_index(*text)) {
      log.debug("cached bytes of an older version, fetching them again blob={}", name_of(key_));
    } else {
      log.warn("cached bytes damaged, fetching them again blob={}", name_of(key_));
    }
    ::unlink(index_path().c_str());
    ::unlink(path_.c_str());
    return;
  }
  for (std::size_t i = 0; i < chunks_.size(); ++i) {
    static_cast<ChunkRecord&>(chunks_[i]) = index->chunks[i];
    if (index->chunks[i].on_disk) ++on_disk_;
  }
  sealed_ = index->sealed;
  file_ = std::make_shared<const Fd>(std::move(file));
  // The index's time says when the blob was last of use. Touching the blob itself would look like somebody's writing to
  // it.
  ::utimensat(AT_FDCWD, index_path().c_str(), nullptr, AT_SYMLINK_NOFOLLOW);
}

std::optional<Bytes> Blob::read(Range range) {
  File file;
  unsigned generation = 0;
  bool whole = false;
  const auto span = chunks_of(range);
  {
    const Lock lock{mutex_};
    if (!file_ || span.end > chunks_.size()) return std::nullopt;
    for (auto i = span.first; i < span.end; ++i) {
      if (!chunks_[i].on_disk) return std::nullopt;
    }
    file = file_;
    generation = generation_;
    whole = on_disk_ == chunks_.size();
  }
  if (whole) notice_changes(*file);

  // Chunks that were compared before are read together, the others one by one.
  std::vector<ChunkIndex> unchecked;
  {
    const Lock lock{mutex_};
    for (auto i = span.first; i < span.end; ++i) {
      if (!chunks_[i].checked) unchecked.push_back(i);
    }
  }
  Bytes bytes(range.length);
  const auto into = [&](Range part) { return std::span{bytes}.subspan(part.offset - range.offset, part.length); };
  auto at = range.offset;
  const auto read_until = [&](std::uint64_t end) {
    const Range part{at, end - at};
    at = end;
    return part.length == 0 || read_part(*file, part, into(part), generation);
  };
  for (const auto chunk : unchecked) {
    const auto part = part_in(chunk, range);
    if (!read_until(part.offset)) return std::nullopt;
    at = part.end();
    const auto all = chunk_range(chunk, key_.size);
    if (part == all) {
      if (!read_checked(*file, chunk, into(part), generation)) return std::nullopt;
      continue;
    }
    Bytes aside(all.length);
    if (!read_checked(*file, chunk, aside, generation)) return std::nullopt;
    std::memcpy(into(part).data(), aside.data() + (part.offset - all.offset), part.length);
  }
  if (!read_until(range.end())) return std::nullopt;
  return bytes;
}

bool Blob::read_part(const Fd& file, Range part, std::span<std::byte> into, unsigned generation) {
  if (pread_all(file.get(), into, part.offset)) return true;
  const auto span = chunks_of(part);
  for (auto i = span.first; i < span.end; ++i) forget(i, generation);
  return false;
}

/// All of a chunk, compared with its digest. Two threads may do the same at once, which costs less than waiting.
bool Blob::read_checked(const Fd& file, ChunkIndex chunk, std::span<std::byte> into, unsigned generation) {
  const bool there = pread_all(file.get(), into, chunk * kChunkBytes);
  const auto digest = chunk_digest(into);
  {
    const Lock lock{mutex_};
    if (generation != generation_) return false;
    if (there && chunks_[chunk].digest == digest) return chunks_[chunk].checked = true;
  }
  log.warn("cached bytes damaged, fetching them again blob={} chunk={}", name_of(key_), chunk);
  forget(chunk, generation);
  return false;
}

std::shared_ptr<const Fd> Blob::compared() {
  const auto complete = [this]() REQUIRES(mutex_) { return file_ && sealed_ && on_disk_ == chunks_.size(); };
  File file;
  {
    const Lock lock{mutex_};
    if (!complete()) return nullptr;
    file = file_;
  }
  notice_changes(*file);
  std::vector<ChunkIndex> unchecked;
  {
    const Lock lock{mutex_};
    for (ChunkIndex i = 0; i < chunks(); ++i) {
      if (!chunks_[i].checked) unchecked.push_back(i);
    }
  }
  if (unchecked.size() * kChunkBytes > kCompareAtOnce) return nullptr;
  for (const auto chunk : unchecked) {
    if (!load(chunk)) return nullptr;
  }
  const Lock lock{mutex_};
  return complete() && file == file_ ? file : nullptr;
}

void Blob::notice_changes(const Fd& file) {
  struct stat now {};
  if (::fstat(file.get(), &now) != 0) return;
  const Lock lock{mutex_};
  if (seen_ && !same(*seen_, now)) {
    for (auto& chunk : chunks_) chunk.checked = false;
  }
  seen_ = now;
}

void Blob::forget(ChunkIndex chunk, unsigned generation) {
  const Lock lock{mutex_};
  if (generation != generation_ || !chunks_[chunk].on_disk) return;
  chunks_[chunk].on_disk = false;  // the digest stays: it tells whether what is fetched instead is right
  chunks_[chunk].checked = false;
  --on_disk_;
  seen_.reset();
  unsynced_ = true;
}

bool Blob::has(ChunkIndex chunk) const {
  const Lock lock{mutex_};
  return chunks_[chunk].on_disk;
}

ChunkIndex Blob::lacking() const {
  const Lock lock{mutex_};
  return chunks() - on_disk_;
}

std::vector<ChunkIndex> Blob::missing(ChunkIndex first) const {
  const Lock lock{mutex_};
  std::vector<ChunkIndex> found;
  for (auto i = first; i < chunks_.size(); ++i) {
    if (!chunks_[i].on_disk) found.push_back(i);
  }
  return found;
}

unsigned Blob::generation() const {
  const Lock lock{mutex_};
  return generation_;
}

bool Blob::learn(ChunkIndex chunk, ChunkDigest digest, unsigned generation) {
  const Lock lock{mutex_};
  if (generation != generation_) return true;  // whoever keeps it will notice
  if (chunks_[chunk].known) return chunks_[chunk].digest == digest;
  chunks_[chunk].known = true;
  chunks_[chunk].digest = digest;
  return true;
}

Result<Blob::File> Blob::writable() {
  if (file_) return file_;
  if (::mkdir(path_.parent_path().c_str(), 0700) != 0 && errno != EEXIST) {
    if (errno != ENOENT) return failure("cannot make a directory for cached bytes");
    TRY(make_private_directory(path_.parent_path()));  // somebody deleted the whole cache: its right
  }
  ::unlink(index_path().c_str());
  ::unlink(path_.c_str());  // what is there without an index that fits is nothing
  Fd file{::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (!file) return failure("cannot create a file for cached bytes");
  if (::ftruncate(file.get(), static_cast<off_t>(key_.size)) != 0) {
    const auto error = failure("cannot size a file for cached bytes");
    ::unlink(path_.c_str());
    return error;
  }
  return file_ = std::make_shared<const Fd>(std::move(file));
}

Result<void> Blob::write(ChunkIndex chunk, std::span<const std::byte> bytes, unsigned generation) {
  File file;
  {
    const Lock lock{mutex_};
    if (generation != generation_) return Error{ErrorKind::Storage, "the blob was dropped meanwhile"};
    if (chunks_[chunk].on_disk) return {};
    file = TRY(writable());
  }
  if (!pwrite_all(file->get(), bytes, chunk * kChunkBytes)) return failure("cannot write cached bytes");
  const Lock lock{mutex_};
  if (generation != generation_ || chunks_[chunk].on_disk) return {};
  chunks_[chunk].on_disk = true;
  chunks_[chunk].checked = true;
  ++on_disk_;
  seen_.reset();
  unsynced_ = true;
  return {};
}

void Blob::seal() {
  const Lock lock{mutex_};
  for (const auto& chunk : chunks_) {
    if (!chunk.known) return;
  }
  sealed_ = true;
  unsynced_ = true;
}

bool Blob::sealed() const {
  const Lock lock{mutex_};
  return sealed_;
}

Result<void> Blob::flush() {
  const std::lock_guard alone{changing_disk_};
  File file;
  BlobIndex index{.key = key_, .sealed = false, .chunks = {}};
  {
    const Lock lock{mutex_};
    if (!unsynced_ || !file_) return {};
    unsynced_ = false;
    file = file_;
    index.sealed = sealed_;
    index.chunks.assign(chunks_.begin(), chunks_.end());
  }
  if (::fdatasync(file->get()) != 0) {
    auto error = failure("cannot write cached bytes");
    // What the kernel failed to write it forgets: nobody knows any more which of these bytes are there.
    const Lock lock{mutex_};
    for (auto& chunk : chunks_) chunk.on_disk = chunk.checked = false;
    on_disk_ = 0;
    ++generation_;
    file_.reset();
    ::unlink(index_path().c_str());
    ::unlink(path_.c_str());
    return error;
  }
  auto kept = replace_file(index_path(), encode_index(index));
  // Whoever deleted the cache took the blob along: there is nothing to be found again, and nothing wrong with the disk.
  struct stat status {};
  if (!kept && ::fstat(file->get(), &status) == 0 && status.st_nlink == 0) return {};
  return kept;
}

bool Blob::drop(unsigned generation) {
  const std::lock_guard alone{changing_disk_};
  const Lock lock{mutex_};
  if (generation != generation_) return false;
  file_.reset();
  chunks_.assign(chunks_.size(), Chunk{});
  on_disk_ = 0;
  ++generation_;
  sealed_ = unsynced_ = false;
  seen_.reset();
  ::unlink(index_path().c_str());
  ::unlink(path_.c_str());
  return true;
}

std::uint64_t Blob::disk_bytes() const {
  const Lock lock{mutex_};
  if (on_disk_ == 0) return 0;
  const auto bytes = std::min(on_disk_ * kChunkBytes, key_.size);
  return (bytes + kBlockBytes - 1) / kBlockBytes * kBlockBytes + kBlockBytes;  // and the index
}

}  // namespace icloudphotos::content
