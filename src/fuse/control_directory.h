// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/model/inode.h"
#include "icloudphotos/model/range.h"
#include "icloudphotos/tree/tree.h"

#include "fuse/change_file.h"

namespace icloudphotos::fuse {

/// What scripts ask the mount itself: a directory of the root that is there when looked up and never listed.
///
/// Shapes    `ready`: empty, and there while the tree is complete. `changes`: a line a change. `status.json`: an
///           inode's bytes never change, so each look-up makes a new inode of the text as it is then; the last few can
///           still be read.
/// Inodes    Those above the tree's 63 bits.
/// Threads   Any. Statuses are written on the thread inside.
class ControlDirectory {
 public:
  static constexpr std::string_view kName = ".icloudphotos";
  static constexpr std::string_view kStatusName = "status.json";
  static constexpr Inode kInode{std::uint64_t{1} << 63};
  [[nodiscard]] static bool has(Inode inode) { return inode.value >= kInode.value; }

  /// `status` may be empty: there is no `status.json` then.
  ControlDirectory(Clock& clock, std::function<std::string()> status);

  [[nodiscard]] bool has_status() const { return static_cast<bool>(status_); }
  /// Has the status written; `done` gets the file it is in, or is dropped when everything ends.
  void write_status(std::function<void(tree::Node)> done);
  /// Returns when no status is being written any more; none will be.
  void finish();

  /// Anything but `status.json`.
  [[nodiscard]] std::optional<tree::Node> look_up(std::string_view name) const;
  [[nodiscard]] std::optional<tree::Node> node(Inode inode) const;
  [[nodiscard]] std::optional<std::string> read(Inode file, Range range) const;
  [[nodiscard]] std::shared_ptr<const tree::Directory> list() const;

  /// Whether the tree is complete. From the first time on changes are noted: before, all there is is new.
  void set_ready(bool ready);
  [[nodiscard]] bool notes_changes() const;
  void note(const std::vector<std::string>& lines);
  /// Shows what was noted. `forget` makes the kernel forget a file's pages; under no lock, from one thread.
  void show_changes(const std::function<void(Inode)>& forget);

 private:
  using StatusDone = std::function<void(tree::Node)>;
  struct Status {
    Inode inode;
    std::string text;
    std::int64_t written_s = 0;
  };

  void serve(std::stop_token stop);
  [[nodiscard]] tree::Node keep(std::string text);
  [[nodiscard]] std::int64_t now_s() const;

  Clock& clock_;
  const std::function<std::string()> status_;
  const std::int64_t started_s_;
  ChangeFile changes_;
  mutable Mutex mutex_;
  std::condition_variable_any wanted_;
  std::vector<StatusDone> waiting_ GUARDED_BY(mutex_);
  std::deque<Status> statuses_ GUARDED_BY(mutex_);
  std::uint64_t next_status_ GUARDED_BY(mutex_);
  std::optional<std::int64_t> ready_since_s_ GUARDED_BY(mutex_);
  std::int64_t changed_s_ GUARDED_BY(mutex_);
  bool was_ready_ GUARDED_BY(mutex_) = false;
  std::jthread thread_;  ///< last member: joined before the rest goes
};

}  // namespace icloudphotos::fuse
