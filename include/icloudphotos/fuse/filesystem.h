// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/content/store.h"
#include "icloudphotos/model/inode.h"
#include "icloudphotos/model/range.h"
#include "icloudphotos/tree/tree.h"

namespace icloudphotos::fuse {

struct FilesystemOptions {
  uid_t uid = 0;
  gid_t gid = 0;
  mode_t umask = 022;
  bool extended_attributes = false;                   ///< Files have some; else none are ever asked about.
  std::chrono::milliseconds incomplete_wait{30'000};  ///< How long a reader waits for a listing that is not whole yet.
  /// The text of `.icloudphotos/status.json`, asked for whenever somebody looks; without it there is no such file. May
  /// take a moment, not wait for the network. Called on a thread of its own until `finish` has returned.
  std::function<std::string()> status{};
  /// Told when somebody begins to wait for what is in an incomplete directory. Must not wait.
  std::function<void(Inode)> awaited{};
};

/// A node as `stat` shows it. An `st_ino` of 0 says "no such name", which may be remembered like any other answer.
struct Found {
  struct stat attributes {};
  bool lasting = true;     ///< The attributes may be remembered until we say otherwise.
  bool name_lasts = true;  ///< So may what the name stands for, or that there is none.
};

using DirectoryRef = std::shared_ptr<const tree::Directory>;

template <class T>
using Done = std::function<void(Result<T>)>;

class Calls;
class ControlDirectory;
class ReadAhead;

/// What a file system means here, free of libfuse.
///
/// Shapes    Read-only. A name missing from a directory that is not complete makes the caller wait for
/// `incomplete_wait`; so
///           does opening such a directory, which then gives what is known (its `complete` is false: end it with
///           Incomplete).
/// Errors    Gone: an inode that is not there (any more). Incomplete, Cancelled, and those of `content::Store::read`.
/// Threads   Any. Every `done` runs exactly once, under no lock of ours: at once, or later on another thread.
/// Lifetime  `finish` answers all that wait; call it before what the `done`s refer to goes.
/// Reading   Who reads one file after another finds the next ones fetched.
/// Root      Has `.icloudphotos` for who looks it up; it is in no listing.
class Filesystem {
 public:
  using CallId = std::uint64_t;

  Filesystem(const tree::Tree& tree, content::Store& store, Clock& clock, FilesystemOptions options);
  ~Filesystem();

  /// Announces a request that may wait, so that it can be interrupted from here on. `caller` is the thread that waits
  /// for it.
  [[nodiscard]] CallId begin(pid_t caller);
  /// The caller was sent a signal. A fatal one ends the call with Cancelled at once; quick, takes no lock a reply
  /// holds.
  void interrupt(CallId call);

  void lookup(Inode directory, std::string_view name, CallId call, Done<Found> done);
  void open_directory(Inode inode, CallId call, Done<DirectoryRef> done);
  void read(Inode file, Range range, CallId call, Done<content::Slice> done);
  [[nodiscard]] Result<Found> attributes(Inode inode) const;
  /// Attributes of an entry in a listing: as they are now, also when the listing is of an earlier moment. Nothing: the
  /// name does not stand for that any more.
  [[nodiscard]] std::optional<Found> listed(const tree::Directory& listing, std::string_view name,
                                            const tree::Node& node) const;
  /// As `content::Store::whole`.
  [[nodiscard]] std::shared_ptr<const Fd> whole(Inode file) const;
  [[nodiscard]] bool has_extended_attributes() const { return options_.extended_attributes; }
  [[nodiscard]] Result<tree::Attributes> extended_attributes(Inode inode) const;
  /// How much there is and how much of it is free. Until `set_room` says more: all originals, and nothing.
  [[nodiscard]] struct statvfs space() const;
  struct Room {
    std::uint64_t total_bytes = 0;
    std::uint64_t used_bytes = 0;
  };
  void set_room(Room room);

  /// The tree has news: those who wait are tried again.
  void tree_changed();
  /// Whether everything is shown: `.icloudphotos/ready` is there while it is. Until it was so once nothing is noted in
  /// `.icloudphotos/changes`.
  void set_ready(bool ready);
  /// Writes down what became stale, in words, for `.icloudphotos/changes`; `show_changes` shows it. `Kernel::drop` does
  /// both.
  void note_changes(const tree::Stale& stale);
  void show_changes(const std::function<void(Inode)>& forget);
  /// Whether the kernel can remember that a name which came had been missing: it is never told so of a directory that
  /// is incomplete.
  [[nodiscard]] bool may_be_known_missing(const tree::Stale::Name& name) const;
  /// Whether an inode that lost a name has no other one.
  [[nodiscard]] bool is_gone(Inode inode) const;

  /// Answers all that wait (Cancelled), and from now on whoever would have to wait.
  void finish();

 private:
  [[nodiscard]] Found found(const tree::Node& node) const;
  [[nodiscard]] Result<Found> found_or_gone(Result<std::optional<tree::Node>> node) const;
  /// The answer, or nothing while it has to be waited for.
  [[nodiscard]] std::optional<Result<Found>> look(Inode directory, std::string_view name) const;
  /// Whether all of the library a directory is in is known, and not only the directory.
  [[nodiscard]] bool is_known_whole(Inode directory) const;
  void look_up_status(CallId call, Done<Found> done);
  /// Where a directory is now, ending in a slash; nothing: nowhere.
  [[nodiscard]] std::optional<std::string> path_of(Inode directory, std::map<Inode, std::string>& known) const;

  const tree::Tree& tree_;
  content::Store& store_;
  Clock& clock_;
  const FilesystemOptions options_;
  std::shared_ptr<Calls> calls_;
  std::unique_ptr<ControlDirectory> control_;
  std::unique_ptr<ReadAhead> ahead_;
  mutable Mutex mutex_;
  std::optional<Room> room_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::fuse
