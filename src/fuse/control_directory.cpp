// SPDX-License-Identifier: MIT
#include "fuse/control_directory.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "icloudphotos/base/log.h"

namespace icloudphotos::fuse {
namespace {

constexpr Log kLog{"fuse"};

constexpr std::string_view kReadyName = "ready";
constexpr std::string_view kChangesName = "changes";
constexpr Inode kReady{ControlDirectory::kInode.value + 1};
constexpr Inode kChanges{ControlDirectory::kInode.value + 2};
/// What a listing says of status.json, which has no inode before it is looked up.
constexpr Inode kAnyStatus{ControlDirectory::kInode.value + 3};
/// A program reads a status right after it has opened it.
constexpr std::size_t kKeptStatuses = 64;
/// An NFS server remembers inodes of an earlier mount, so they begin with the time.
constexpr unsigned kStatusesAMillisecond = 12;

tree::Node file(Inode inode, std::uint64_t size, std::int64_t changed_s) {
  tree::Node node;
  node.inode = inode;
  node.size = size;
  node.modified_s = changed_s;
  node.changed_s = changed_s;
  return node;
}

}  // namespace

ControlDirectory::ControlDirectory(Clock& clock, std::function<std::string()> status)
    : clock_{clock},
      status_{std::move(status)},
      started_s_{now_s()},
      next_status_{kInode.value | static_cast<std::uint64_t>(clock.now().time_since_epoch().count())
                                      << kStatusesAMillisecond},
      changed_s_{started_s_} {
  if (status_) thread_ = std::jthread{[this](std::stop_token stop) { serve(stop); }};
}

std::int64_t ControlDirectory::now_s() const {
  return std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count();
}

void ControlDirectory::write_status(StatusDone done) {
  {
    const Lock lock{mutex_};
    waiting_.push_back(std::move(done));
  }
  wanted_.notify_one();
}

void ControlDirectory::finish() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void ControlDirectory::serve(std::stop_token stop) {
  for (;;) {
    std::vector<StatusDone> waiting;
    {
      Lock lock{mutex_};
      if (!wanted_.wait(lock, stop, [this]() REQUIRES(mutex_) { return !waiting_.empty(); })) return;
      if (stop.stop_requested()) return;
      waiting = std::exchange(waiting_, {});
    }
    std::string text;
    try {
      text = status_();
    } catch (const std::exception& error) {
      kLog.error("the status cannot be written reason={}", error.what());
    }
    const auto node = keep(std::move(text));
    for (const auto& done : waiting) done(node);
  }
}

tree::Node ControlDirectory::keep(std::string text) {
  const auto now = now_s();
  const Lock lock{mutex_};
  const auto& status = statuses_.emplace_back(Status{Inode{next_status_++}, std::move(text), now});
  const auto node = file(status.inode, status.text.size(), now);
  if (statuses_.size() > kKeptStatuses) statuses_.pop_front();
  return node;
}

std::optional<tree::Node> ControlDirectory::look_up(std::string_view name) const {
  if (name == kChangesName) return node(kChanges);
  const Lock lock{mutex_};
  if (name == kReadyName && ready_since_s_) return file(kReady, 0, *ready_since_s_);
  return std::nullopt;
}

std::optional<tree::Node> ControlDirectory::node(Inode inode) const {
  const auto size = changes_.size();
  const Lock lock{mutex_};
  if (inode == kInode) {
    auto directory = file(kInode, 0, started_s_);
    directory.kind = tree::NodeKind::Directory;
    directory.links = 2;
    return directory;
  }
  if (inode == kChanges) return file(kChanges, size, changed_s_);
  // Who has it open may look at it, also when there is no such name any more.
  if (inode == kReady) return file(kReady, 0, ready_since_s_.value_or(started_s_));
  const auto status =
      std::find_if(statuses_.begin(), statuses_.end(), [&](const Status& each) { return each.inode == inode; });
  if (status == statuses_.end()) return std::nullopt;
  return file(inode, status->text.size(), status->written_s);
}

std::optional<std::string> ControlDirectory::read(Inode inode, Range range) const {
  if (inode == kReady) return std::string{};
  if (inode == kChanges) return changes_.read(range);
  const Lock lock{mutex_};
  for (const auto& status : statuses_) {
    if (status.inode != inode) continue;
    const Range part = range.within(status.text.size());
    return status.text.substr(part.offset, part.length);
  }
  return std::nullopt;
}

std::shared_ptr<const tree::Directory> ControlDirectory::list() const {
  auto listing = std::make_shared<tree::Directory>();
  listing->inode = kInode;
  listing->parent = kRootInode;
  std::uint64_t place = 3;
  const auto put = [&](std::string_view name, Inode inode) {
    listing->entries.push_back({std::string{name}, file(inode, 0, 0), place});
  };
  put(kChangesName, kChanges);
  ++place;
  const Lock lock{mutex_};
  if (ready_since_s_) put(kReadyName, kReady);
  ++place;
  if (status_) put(kStatusName, kAnyStatus);
  return listing;
}

void ControlDirectory::set_ready(bool ready) {
  const auto now = now_s();
  const Lock lock{mutex_};
  if (ready == ready_since_s_.has_value()) return;
  ready_since_s_ = ready ? std::optional{now} : std::nullopt;
  was_ready_ = was_ready_ || ready;
}

bool ControlDirectory::notes_changes() const {
  const Lock lock{mutex_};
  return was_ready_;
}

void ControlDirectory::note(const std::vector<std::string>& lines) { changes_.add(lines); }

void ControlDirectory::show_changes(const std::function<void(Inode)>& forget) {
  const auto now = now_s();
  {
    const Lock lock{mutex_};
    changed_s_ = now;
  }
  changes_.show([&] { forget(kChanges); });
}

}  // namespace icloudphotos::fuse
