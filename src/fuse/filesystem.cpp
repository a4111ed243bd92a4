// SPDX-License-Identifier: MIT
#include "icloudphotos/fuse/filesystem.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>

#include <limits.h>

#include "icloudphotos/base/text.h"

#include "fuse/calls.h"

namespace icloudphotos::fuse {
namespace {

constexpr std::uint64_t kStatBlock = 512;
constexpr unsigned long kSpaceBlock = 4096;

/// Gives an answer on, once; what comes later is too late.
template <class T>
class FirstAnswer {
 public:
  explicit FirstAnswer(Done<T> done) : done_{std::move(done)} {}
  void operator()(Result<T> result) {
    if (!given_.exchange(true)) done_(std::move(result));
  }

 private:
  std::atomic<bool> given_ = false;
  Done<T> done_;
};

/// A part of a text, as a read gives it.
content::Slice slice_of(std::string_view text, Range range) {
  const Range part = range.within(text.size());
  const auto bytes = as_bytes(text).subspan(part.offset, part.length);
  return {Bytes{bytes.begin(), bytes.end()}};
}

Error cancelled() { return Error{ErrorKind::Cancelled, "interrupted"}; }

}  // namespace

Filesystem::Filesystem(const tree::Tree& tree, content::Store& store, Clock& clock, FilesystemOptions options)
    : tree_{tree}, store_{store}, clock_{clock}, options_{options}, calls_{std::make_shared<Calls>(clock)} {}

Filesystem::~Filesystem() = default;

Filesystem::CallId Filesystem::begin(pid_t caller) { return calls_->begin(caller); }
void Filesystem::interrupt(CallId call) { calls_->interrupt(call); }
void Filesystem::tree_changed() { calls_->news(); }
void Filesystem::finish() { calls_->finish(); }

Found Filesystem::found(const tree::Node& node) const {
  Found found;
  auto& attributes = found.attributes;
  const bool directory = node.kind == tree::NodeKind::Directory;
  const mode_t type = directory ? S_IFDIR : S_IFREG;
  const mode_t permissions = node.secluded ? 0700 : directory ? 0555 : 0444;
  attributes.st_ino = node.inode.value;
  attributes.st_mode = type | (permissions & ~options_.umask);
  attributes.st_nlink = node.links;
  attributes.st_uid = options_.uid;
  attributes.st_gid = options_.gid;
  attributes.st_size = static_cast<off_t>(node.size);
  attributes.st_blocks = static_cast<blkcnt_t>((node.size + kStatBlock - 1) / kStatBlock);
  attributes.st_blksize = 1 << 20;  // a chunk: what one read costs anyway
  attributes.st_mtim.tv_sec = node.modified_s;
  attributes.st_atim.tv_sec = node.modified_s;
  attributes.st_ctim.tv_sec = node.changed_s;
  found.lasting = node.complete;
  return found;
}

Result<Found> Filesystem::found_or_gone(Result<std::optional<tree::Node>> node) const {
  if (!node) return std::move(node).error();
  if (!*node) return Error{ErrorKind::Gone, "no such inode"};
  return found(**node);
}

Result<Found> Filesystem::attributes(Inode inode) const { return found_or_gone(tree_.node(inode)); }

Result<tree::Attributes> Filesystem::extended_attributes(Inode inode) const { return tree_.attributes(inode); }

std::optional<Found> Filesystem::listed(const tree::Directory& listing, const tree::Node& node) const {
  // What the kernel is told here it remembers for an hour, also after having been told that it is out of date.
  if (listing.generation == tree_.generation()) return found(node);
  const auto now = attributes(node.inode);
  return now ? std::optional{*now} : std::nullopt;
}

std::optional<Result<Found>> Filesystem::look(Inode parent, std::string_view name) const {
  // The kernel's NFS export looks up these two; anybody else's are answered by the kernel itself.
  if (name == ".") return attributes(parent);
  if (name == "..") {
    const auto above = tree_.parent(parent);
    return above ? attributes(*above) : Error{ErrorKind::Gone, "no such directory"};
  }
  // Asked first: what is not found in a directory that was complete before is not there.
  const auto directory = tree_.node(parent);
  if (!directory || !*directory) return found_or_gone(directory);
  auto node = tree_.look_up(parent, name);
  if (!node) return std::move(node).error();
  if (*node) return found(**node);
  if ((*directory)->complete) return Found{};
  return std::nullopt;
}

void Filesystem::lookup(Inode directory, std::string_view name, CallId call, Done<Found> done) {
  if (auto answer = look(directory, name)) {
    calls_->end(call);
    return done(std::move(*answer));
  }
  calls_->wait(call, clock_.monotonic() + options_.incomplete_wait,
               [this, directory, name = std::string{name}, done = std::move(done)](Calls::Why why) {
                 if (why == Calls::Why::Signal || why == Calls::Why::Over) return done(cancelled()), true;
                 if (auto answer = look(directory, name)) return done(std::move(*answer)), true;
                 if (why == Calls::Why::News) return false;
                 done(Error{ErrorKind::Incomplete, "the directory is not known completely yet"});
                 return true;
               });
}

void Filesystem::open_directory(Inode inode, CallId call, Done<DirectoryRef> done) {
  const auto open = [this, inode]() -> Result<DirectoryRef> {
    auto directory = TRY(tree_.directory(inode));
    if (!directory) return Error{ErrorKind::Gone, "no such directory"};
    return directory;
  };
  if (auto directory = open(); !directory || (*directory)->complete) {
    calls_->end(call);
    return done(std::move(directory));
  }
  calls_->wait(call, clock_.monotonic() + options_.incomplete_wait, [open, done = std::move(done)](Calls::Why why) {
    if (why == Calls::Why::Signal || why == Calls::Why::Over) return done(cancelled()), true;
    auto now = open();
    if (now && !(*now)->complete && why == Calls::Why::News) return false;
    done(std::move(now));
    return true;
  });
}

void Filesystem::read(Inode file, Range range, CallId call, Done<content::Slice> done) {
  const auto content = tree_.content(file);
  if (!content || !*content) {
    calls_->end(call);
    return done(content ? Error{ErrorKind::Gone, "no such file"} : content.error());
  }
  if (const auto* text = std::get_if<std::string>(&**content)) {
    calls_->end(call);
    return done(slice_of(*text, range));
  }
  const auto& resource = std::get<ResourceRef>(**content);
  // The store bounds the time; here the read only becomes one that a signal can end.
  const auto answer = std::make_shared<FirstAnswer<content::Slice>>(std::move(done));
  calls_->wait(call, std::nullopt, [answer](Calls::Why why) {
    if (why == Calls::Why::News) return false;
    (*answer)(cancelled());
    return true;
  });
  // The store may outlive us and answer then.
  store_.read(resource, range, [calls = calls_, call, answer](Result<content::Slice> slice) {
    (*answer)(std::move(slice));
    calls->end(call);
  });
}

void Filesystem::set_room(Room room) {
  const Lock lock{mutex_};
  room_ = room;
}

struct statvfs Filesystem::space() const {
  const auto totals = tree_.totals();
  Room room{totals.bytes, totals.bytes};
  {
    const Lock lock{mutex_};
    room = room_.value_or(room);
  }
  struct statvfs space {};
  space.f_bsize = kSpaceBlock;
  space.f_frsize = kSpaceBlock;
  space.f_blocks = (room.total_bytes + kSpaceBlock - 1) / kSpaceBlock;
  space.f_bfree = (room.total_bytes - std::min(room.used_bytes, room.total_bytes)) / kSpaceBlock;
  space.f_bavail = space.f_bfree;
  space.f_files = totals.files;
  space.f_namemax = NAME_MAX;
  return space;
}

}  // namespace icloudphotos::fuse
