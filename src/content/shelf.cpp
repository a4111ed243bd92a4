// SPDX-License-Identifier: MIT
#include "shelf.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/log.h"

namespace icloudphotos::content {
namespace {

constexpr Log log{"content"};
constexpr std::uint64_t kDefaultLimitBytes = std::uint64_t{20} << 30;
constexpr std::size_t kMaxOpen = 256;
constexpr std::uint64_t kEvictAtOnce = std::uint64_t{4} << 20;
/// Written chunks wait so long for others before the disk has to have them for sure.
constexpr std::chrono::milliseconds kGather{200};
constexpr std::chrono::seconds kDiskRest{10};
constexpr std::chrono::seconds kComplaintsApart{60};
/// https://bford.info/cachedir/: backup programs leave such a directory out.
constexpr std::string_view kCacheTag =
    "Signature: 8a477f597d28d172789f06886806bc55\n# Bytes of photos that can be fetched again. It may be deleted at "
    "any time.\n";

struct DiskSpace {
  std::uint64_t total = 0;
  std::uint64_t unused = 0;
};

std::optional<DiskSpace> space_of(const std::filesystem::path& directory) {
  struct statvfs status {};
  if (::statvfs(directory.c_str(), &status) != 0) return std::nullopt;
  return DiskSpace{status.f_blocks * status.f_frsize, status.f_bavail * status.f_frsize};
}

std::size_t max_open_files() {
  struct rlimit limit {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kMaxOpen;
  return std::clamp<std::size_t>(limit.rlim_cur / 4, 8, kMaxOpen);
}

/// A disk that takes nothing more is no reason not to start; a directory others could write to is.
Result<void> prepare(const std::filesystem::path& directory) {
  const auto made = make_private_directory(directory);
  if (made) return {};
  if (::mkdir(directory.c_str(), 0700) == 0 || (errno != ENOSPC && errno != EDQUOT && errno != EROFS)) return made;
  log.warn("no cache directory, bytes are fetched each time reason=\"{}\"", made.error().message());
  return {};
}

/// Two who write indexes and evict in one directory would take each other's bytes away. Nobody but the kernel remembers
/// it, so a program that was killed stands in nobody's way.
Result<Fd> occupy(const std::filesystem::path& directory) {
  Fd fd{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    return Error{ErrorKind::Storage, fmt::format("{} is in use by another mount; give this one another directory with "
                                                 "--cache-dir",
                                                 directory.string())};
  }
  return fd;
}

}  // namespace

Result<std::unique_ptr<Shelf>> Shelf::open(Clock& clock, const Options& options) {
  TRY(prepare(options.directory));
  auto occupied = TRY(occupy(options.directory));
  TRY(prepare(options.directory / "blobs"));
  const auto tag = options.directory / "CACHEDIR.TAG";
  if (::access(tag.c_str(), F_OK) != 0) (void)replace_file(tag, kCacheTag);
  return std::unique_ptr<Shelf>{
      new Shelf{clock, options, std::move(occupied), space_of(options.directory).value_or(DiskSpace{}).total}};
}

Shelf::Shelf(Clock& clock, const Options& options, Fd occupied, std::uint64_t disk_bytes)
    : clock_{clock},
      occupied_{std::move(occupied)},
      directory_{options.directory},
      blobs_{options.directory / "blobs"},
      limit_bytes_{options.limit_bytes != 0 ? options.limit_bytes : std::min(disk_bytes / 10, kDefaultLimitBytes)},
      keep_free_bytes_{disk_bytes / 100 * options.keep_free_percent},
      max_open_{max_open_files()},
      tender_{[this](std::stop_token stop) { tend(std::move(stop)); }} {}

Shelf::~Shelf() {
  tender_.request_stop();
  tender_.join();
  flush_changed();
}

std::shared_ptr<Reader> Shelf::reader(const ResourceRef& resource) {
  std::list<std::shared_ptr<Reader>> closed;  // their files are closed when the lock is not held any more
  auto [reader, is_new] = find_or_make(resource, closed);
  reader->open();
  if (is_new) {
    const auto bytes = reader->blob.disk_bytes();
    const Lock lock{mutex_};
    eviction_.resize(reader->blob.key(), bytes);
  }
  return reader;
}

std::pair<std::shared_ptr<Reader>, bool> Shelf::find_or_make(const ResourceRef& resource,
                                                             std::list<std::shared_ptr<Reader>>& closed) {
  const auto key = key_of(resource);
  const Lock lock{mutex_};
  auto& slot = slots_.try_emplace(key, Slot{.reader = {}, .open = open_.end(), .changed = false}).first->second;
  auto reader = slot.reader.lock();
  const bool is_new = !reader;
  if (is_new) slot.reader = reader = std::make_shared<Reader>(blobs_, key, digest_in(resource.checksum));
  eviction_.use(key);
  if (slot.open != open_.end()) {
    open_.splice(open_.begin(), open_, slot.open);
    return {reader, is_new};
  }
  open_.push_front(reader);
  slot.open = open_.begin();
  if (open_.size() > max_open_) {
    const auto oldest = slots_.find(open_.back()->blob.key());
    if (oldest != slots_.end()) oldest->second.open = open_.end();
    closed.splice(closed.begin(), open_, std::prev(open_.end()));
  }
  if (slots_.size() > 4 * max_open_)
    std::erase_if(slots_, [](const auto& entry) { return entry.second.reader.expired(); });
  return {reader, is_new};
}

void Shelf::keep(const std::shared_ptr<Reader>& reader, ChunkIndex chunk, const std::shared_ptr<const Bytes>& bytes,
                 unsigned generation) {
  if (generation != reader->blob.generation()) return;
  if (!write(reader, chunk, *bytes, generation)) overflow_.put(reader->blob.key(), chunk, bytes);
}

bool Shelf::write(const std::shared_ptr<Reader>& reader, ChunkIndex chunk, const Bytes& bytes, unsigned generation) {
  if (!disk_works() || !make_room(bytes.size())) return false;
  auto written = reader->blob.write(chunk, bytes, generation);
  if (!written && evict(kEvictAtOnce) > 0) written = reader->blob.write(chunk, bytes, generation);
  if (!written) {
    disk_failed(written.error());
    return false;
  }
  note_change(reader);
  return true;
}

std::shared_ptr<const Bytes> Shelf::load(Reader& reader, ChunkIndex chunk) {
  if (auto bytes = reader.blob.load(chunk)) return std::make_shared<const Bytes>(*std::move(bytes));
  return overflow_.get(reader.blob.key(), chunk);
}

void Shelf::note_change(const std::shared_ptr<Reader>& reader) {
  const auto bytes = reader->blob.disk_bytes();
  bool too_many = false;
  {
    const Lock lock{mutex_};
    eviction_.resize(reader->blob.key(), bytes);
    const auto place = slots_.find(reader->blob.key());
    if (place == slots_.end() || place->second.changed) return;
    auto& slot = place->second;
    // Changed blobs stay open; where they become many, whoever changes one writes its index himself.
    too_many = changed_.size() >= max_open_ / 2;
    if (!too_many) {
      slot.changed = true;
      changed_.push_back(reader);
    }
  }
  changes_.notify_all();
  if (too_many) flush(reader);
}

bool Shelf::drop(const std::shared_ptr<Reader>& reader, unsigned generation) {
  if (!reader->blob.drop(generation)) return false;
  overflow_.forget(reader->blob.key());
  const Lock lock{mutex_};
  eviction_.resize(reader->blob.key(), 0);
  return true;
}

bool Shelf::make_room(std::uint64_t bytes) {
  const auto space = space_of(blobs_);
  if (!space) return true;  // writing will tell
  std::uint64_t over = 0;
  {
    const Lock lock{mutex_};
    over = excess(eviction_.total_bytes(), bytes, limit_bytes_, space->unused, keep_free_bytes_);
  }
  return over == 0 || evict(over) >= over;
}

bool Shelf::in_use(const BlobKey& key) {
  const auto slot = slots_.find(key);
  if (slot == slots_.end()) return false;
  const auto reader = slot->second.reader.lock();
  if (!reader) return false;
  const long ours = 1 + (slot->second.open != open_.end() ? 1 : 0) + (slot->second.changed ? 1 : 0);
  return reader.use_count() > ours;
}

std::uint64_t Shelf::evict(std::uint64_t bytes) {
  std::vector<std::pair<BlobKey, std::shared_ptr<Reader>>> victims;
  std::uint64_t freed = 0;
  {
    const Lock lock{mutex_};
    const auto before = eviction_.total_bytes();
    for (const auto& key :
         eviction_.take_oldest(bytes, [this](const BlobKey& one) REQUIRES(mutex_) { return !in_use(one); })) {
      std::shared_ptr<Reader> reader;
      if (const auto slot = slots_.find(key); slot != slots_.end()) {
        reader = slot->second.reader.lock();
        if (slot->second.open != open_.end()) open_.erase(slot->second.open);
        if (slot->second.changed) std::erase(changed_, reader);
        slots_.erase(slot);
      }
      victims.emplace_back(key, std::move(reader));
    }
    freed = before - eviction_.total_bytes();
  }
  for (const auto& [key, reader] : victims) {
    if (reader) {
      reader->blob.drop(reader->blob.generation());
    } else {
      Blob{blobs_ / path_of(key), key}.drop(0);
    }
  }
  if (!victims.empty()) log.debug("evicted blobs={} bytes={}", victims.size(), freed);
  return freed;
}

bool Shelf::disk_works() {
  const Lock lock{mutex_};
  if (disk_rests_ && clock_.monotonic() >= disk_rests_until_) disk_rests_ = false;
  return !disk_rests_;
}

void Shelf::disk_failed(const Error& error) {
  {
    const Lock lock{mutex_};
    const auto now = clock_.monotonic();
    disk_rests_ = true;
    disk_rests_until_ = now + kDiskRest;
    if (complained_ && now < quiet_until_) return;
    complained_ = true;
    quiet_until_ = now + kComplaintsApart;
  }
  log.warn("bytes cannot be cached, they are fetched each time reason=\"{}\"", error.message());
}

std::uint64_t Shelf::disk_bytes() const {
  const Lock lock{mutex_};
  return eviction_.total_bytes();
}

void Shelf::tend(std::stop_token stop) {
  try {
    take_stock(stop);
    while (!stop.stop_requested()) {
      {
        Lock lock{mutex_};
        changes_.wait(lock, stop, [this]() REQUIRES(mutex_) { return !changed_.empty(); });
        changes_.wait_for(lock, stop, kGather, [] { return false; });
      }
      flush_changed();
    }
  } catch (const std::exception& problem) {
    log.error("the cache is not tended any more reason=\"{}\"", problem.what());
  }
}

void Shelf::take_stock(const std::stop_token& stop) {
  struct Found {
    BlobKey key;
    std::uint64_t bytes;
    timespec used;
  };
  std::vector<Found> found;
  std::error_code problem;
  for (std::filesystem::recursive_directory_iterator file{blobs_, problem}, end; !problem && file != end;
       file.increment(problem)) {
    if (stop.stop_requested()) return;
    const auto key = key_named(file->path().filename().string());
    struct stat blob {};
    struct stat index {};
    if (!key || ::lstat(file->path().c_str(), &blob) != 0 || !S_ISREG(blob.st_mode)) continue;
    const bool indexed = ::lstat((file->path().string() + ".index").c_str(), &index) == 0;
    found.push_back(
        {*key, static_cast<std::uint64_t>(blob.st_blocks) * 512 + 4096, indexed ? index.st_mtim : blob.st_mtim});
  }
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return std::pair{a.used.tv_sec, a.used.tv_nsec} < std::pair{b.used.tv_sec, b.used.tv_nsec};
  });
  {
    const Lock lock{mutex_};
    for (const auto& one : found) eviction_.found(one.key, one.bytes);
  }
  (void)make_room(0);
}

void Shelf::flush_changed() {
  std::vector<std::shared_ptr<Reader>> changed;
  {
    const Lock lock{mutex_};
    changed.swap(changed_);
    for (const auto& reader : changed) {
      if (const auto slot = slots_.find(reader->blob.key()); slot != slots_.end()) slot->second.changed = false;
    }
  }
  for (const auto& reader : changed) flush(reader);
}

void Shelf::flush(const std::shared_ptr<Reader>& reader) {
  // Bytes of a resource that was wrong once are not taken up by another process before they are proven.
  if (reader->verification.distrusted()) return;
  if (const auto flushed = reader->blob.flush(); !flushed) disk_failed(flushed.error());
}

}  // namespace icloudphotos::content
