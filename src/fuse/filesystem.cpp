// SPDX-License-Identifier: MIT
#include "icloudphotos/fuse/filesystem.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <limits.h>

#include "icloudphotos/base/text.h"

#include "fuse/calls.h"
#include "fuse/control_directory.h"
#include "fuse/read_ahead.h"

namespace icloudphotos::fuse {
namespace {

constexpr std::uint64_t kStatBlock = 512;
/// What Python and others read at once when a program looks at a file's head: all of it may have to be fetched.
constexpr blksize_t kBestRead = 64 << 10;
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
    : tree_{tree},
      store_{store},
      clock_{clock},
      options_{std::move(options)},
      calls_{std::make_shared<Calls>(clock)},
      control_{std::make_unique<ControlDirectory>(clock, options_.status)},
      ahead_{std::make_unique<ReadAhead>(tree, store)} {}

Filesystem::~Filesystem() = default;

Filesystem::CallId Filesystem::begin(pid_t caller) { return calls_->begin(caller); }
void Filesystem::interrupt(CallId call) { calls_->interrupt(call); }
void Filesystem::tree_changed() { calls_->news(); }
void Filesystem::set_ready(bool ready) { control_->set_ready(ready); }
void Filesystem::show_changes(const std::function<void(Inode)>& forget) { control_->show_changes(forget); }

void Filesystem::finish() {
  calls_->finish();
  control_->finish();
}

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
  attributes.st_blksize = kBestRead;
  attributes.st_mtim.tv_sec = node.modified_s;
  attributes.st_atim.tv_sec = node.modified_s;
  attributes.st_ctim.tv_sec = node.changed_s;
  found.lasting = node.complete;
  // Until a library is known whole nobody is told which of its photos lost their names.
  found.name_lasts = node.complete || directory;
  // What is in the control directory changes without anybody being told.
  if (ControlDirectory::has(node.inode) && node.kind == tree::NodeKind::File) found.lasting = found.name_lasts = false;
  return found;
}

Result<Found> Filesystem::found_or_gone(Result<std::optional<tree::Node>> node) const {
  if (!node) return std::move(node).error();
  if (!*node) return Error{ErrorKind::Gone, "no such inode"};
  return found(**node);
}

Result<Found> Filesystem::attributes(Inode inode) const {
  return found_or_gone(ControlDirectory::has(inode) ? control_->node(inode) : tree_.node(inode));
}

Result<tree::Attributes> Filesystem::extended_attributes(Inode inode) const {
  return ControlDirectory::has(inode) ? tree::Attributes{} : tree_.attributes(inode);
}

std::optional<Found> Filesystem::listed(const tree::Directory& listing, std::string_view name,
                                        const tree::Node& node) const {
  if (ControlDirectory::has(listing.inode)) return std::nullopt;
  // What the kernel is told here it remembers, also after having been told that it is out of date.
  if (listing.generation == tree_.generation()) return found(node);
  const auto now = tree_.look_up(listing.inode, name);
  return now && *now && (*now)->inode == node.inode ? std::optional{found(**now)} : std::nullopt;
}

std::optional<Result<Found>> Filesystem::look(Inode parent, std::string_view name) const {
  // The kernel's NFS export looks up these two; anybody else's are answered by the kernel itself.
  if (name == ".") return attributes(parent);
  if (parent == kRootInode && name == ControlDirectory::kName) return attributes(ControlDirectory::kInode);
  if (parent == ControlDirectory::kInode) {
    if (name == "..") return attributes(kRootInode);
    const auto node = control_->look_up(name);
    Found none;
    none.name_lasts = false;
    return node ? found(*node) : none;
  }
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
  if (!(*directory)->complete) return std::nullopt;
  Found none;
  none.name_lasts = is_known_whole(parent);
  return none;
}

void Filesystem::lookup(Inode directory, std::string_view name, CallId call, Done<Found> done) {
  if (directory == ControlDirectory::kInode && name == ControlDirectory::kStatusName && control_->has_status())
    return look_up_status(call, std::move(done));
  if (auto answer = look(directory, name)) {
    calls_->end(call);
    return done(std::move(*answer));
  }
  if (options_.awaited) options_.awaited(directory);
  calls_->wait(call, clock_.monotonic() + options_.incomplete_wait,
               [this, directory, name = std::string{name}, done = std::move(done)](Calls::Why why) {
                 if (why == Calls::Why::Signal || why == Calls::Why::Over) return done(cancelled()), true;
                 if (auto answer = look(directory, name)) return done(std::move(*answer)), true;
                 if (why == Calls::Why::News) return false;
                 done(Error{ErrorKind::Incomplete, "the directory is not known completely yet"});
                 return true;
               });
}

void Filesystem::look_up_status(CallId call, Done<Found> done) {
  const auto answer = std::make_shared<FirstAnswer<Found>>(std::move(done));
  calls_->wait(call, clock_.monotonic() + options_.incomplete_wait, [answer](Calls::Why why) {
    if (why == Calls::Why::News) return false;
    (*answer)(why == Calls::Why::Deadline ? Error{ErrorKind::Incomplete, "the status takes too long"} : cancelled());
    return true;
  });
  control_->write_status([this, call, answer](const tree::Node& node) {
    (*answer)(found(node));
    calls_->end(call);
  });
}

void Filesystem::open_directory(Inode inode, CallId call, Done<DirectoryRef> done) {
  const auto open = [this, inode]() -> Result<DirectoryRef> {
    if (inode == ControlDirectory::kInode) return control_->list();
    auto directory = TRY(tree_.directory(inode));
    if (!directory) return Error{ErrorKind::Gone, "no such directory"};
    return directory;
  };
  if (auto directory = open(); !directory || (*directory)->complete) {
    calls_->end(call);
    return done(std::move(directory));
  }
  if (options_.awaited) options_.awaited(inode);
  calls_->wait(call, clock_.monotonic() + options_.incomplete_wait, [open, done = std::move(done)](Calls::Why why) {
    if (why == Calls::Why::Signal || why == Calls::Why::Over) return done(cancelled()), true;
    auto now = open();
    if (now && !(*now)->complete && why == Calls::Why::News) return false;
    done(std::move(now));
    return true;
  });
}

void Filesystem::read(Inode file, Range range, CallId call, Done<content::Slice> done) {
  if (ControlDirectory::has(file)) {
    calls_->end(call);
    const auto text = control_->read(file, range);
    if (!text) return done(Error{ErrorKind::Gone, "no such file"});
    return done(slice_of(*text, {0, text->size()}));
  }
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
  const bool begins = ahead_->note(file, resource.size, range);
  // The store may outlive us and answer then.
  store_.read(resource, range, [calls = calls_, call, answer](Result<content::Slice> slice) {
    (*answer)(std::move(slice));
    calls->end(call);
  });
  if (begins) ahead_->begun(file);
}

std::shared_ptr<const Fd> Filesystem::whole(Inode file) const {
  if (ControlDirectory::has(file)) return nullptr;
  const auto content = tree_.content(file);
  const auto* resource = content && *content ? std::get_if<ResourceRef>(&**content) : nullptr;
  auto bytes = resource != nullptr ? store_.whole(*resource) : nullptr;
  if (bytes) ahead_->begun(file);  // of what is read of it we hear nothing
  return bytes;
}

bool Filesystem::is_known_whole(Inode directory) const {
  for (std::optional<Inode> above = directory; above; above = tree_.parent(*above)) {
    const auto node = tree_.node(*above);
    if (!node || !*node || !(*node)->complete) return false;
    if (*above == kRootInode) return true;
  }
  return false;
}

bool Filesystem::is_gone(Inode inode) const {
  const auto node = tree_.node(inode);
  return node && !*node;
}

bool Filesystem::may_be_known_missing(const tree::Stale::Name& name) const {
  if (!name.came) return true;
  const auto directory = tree_.node(name.directory);
  return !directory || !*directory || (*directory)->complete;
}

std::optional<std::string> Filesystem::path_of(Inode directory, std::map<Inode, std::string>& known) const {
  if (directory == kRootInode) return std::string{};
  if (const auto found = known.find(directory); found != known.end()) return found->second;
  const auto parent = tree_.parent(directory);
  const auto above = parent ? path_of(*parent, known) : std::nullopt;
  const auto listing = above ? tree_.directory(*parent) : nullptr;
  if (!listing || !*listing) return std::nullopt;
  for (const auto& entry : (*listing)->entries) {
    if (entry.node.inode == directory) return known[directory] = *above + entry.name + "/";
  }
  return std::nullopt;
}

void Filesystem::note_changes(const tree::Stale& stale) {
  if (!control_->notes_changes()) return;
  const auto time = fmt::gmtime(std::chrono::system_clock::to_time_t(clock_.now()));
  std::map<Inode, std::string> known;
  std::vector<std::string> lines;
  const auto skipped = stale.names.size() - std::min(stale.names.size(), ChangeFile::kMostLines);
  for (auto name = stale.names.begin() + static_cast<std::ptrdiff_t>(skipped); name != stale.names.end(); ++name) {
    // Nowhere: the directory went as well, which has a line of its own.
    const auto path = path_of(name->directory, known);
    if (!path) continue;
    const std::string_view word = name->deleted ? "removed" : name->came ? "added" : "changed";
    lines.push_back(fmt::format("{:%FT%TZ} {} {}{}", time, word, *path, name->name));
  }
  control_->note(lines);
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
