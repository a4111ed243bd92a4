// SPDX-License-Identifier: MIT
#include "fuse/passthrough.h"

#include <cerrno>
#include <string>

#include <sys/ioctl.h>

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/log.h"

namespace icloudphotos::fuse {
namespace {

constexpr Log log{"fuse"};

/// linux/fuse.h of Linux 6.9: fuse_backing_map and what it is for.
struct BackingMap {
  std::int32_t fd = -1;
  std::uint32_t flags = 0;
  std::uint64_t padding = 0;
};
constexpr unsigned long kBackingOpen = _IOW(229, 1, BackingMap);
constexpr unsigned long kBackingClose = _IOW(229, 2, std::uint32_t);

/// Why no file of this mount can be passed through; empty: another one may.
std::string hopeless(int error_number) {
  switch (error_number) {
    case EPERM:
      return "the kernel lets only root (CAP_SYS_ADMIN, outside of containers) do it";
    case ELOOP:
      return "the cache is on a file system that stands on another one; give --cache-dir on a disk";
    case ENOTTY:
    case EINVAL:
    case EOPNOTSUPP:
      return system_message(error_number);
    default:
      return {};
  }
}

void say_impossible(std::string_view reason) {
  log.warn("passthrough is not possible, files are read the normal way reason=\"{}\"", reason);
}

}  // namespace

int KernelsBackingFiles::open(const Fd& file) {
  BackingMap map;
  map.fd = file.get();
  const int number = ::ioctl(device_, kBackingOpen, &map);
  return number < 0 ? -errno : number;
}

void KernelsBackingFiles::close(int number) {
  const auto id = static_cast<std::uint32_t>(number);
  ::ioctl(device_, kBackingClose, &id);
}

std::optional<Passthrough::Way> Passthrough::join(Inode inode) {
  const auto found = open_.find(inode);
  if (found == open_.end()) return std::nullopt;
  ++found->second.count;
  return found->second.way;
}

std::optional<Passthrough::Way> Passthrough::open(Inode inode, const Whole& whole) {
  {
    const Lock lock{mutex_};
    if (given_up_) return std::nullopt;
    if (const auto way = join(inode)) return way;
  }
  const auto file = whole();
  const Lock lock{mutex_};
  if (const auto way = join(inode)) return way;  // meanwhile somebody else was first
  const Way way{file ? back(*file) : 0};
  if (given_up_) return std::nullopt;
  open_.emplace(inode, OpenFile{way, 1});
  return way;
}

int Passthrough::back(const Fd& file) {
  const int number = backing_->open(file);
  if (number > 0) {
    works_ = true;
    return number;
  }
  const auto reason = hopeless(-number);
  if (works_ || reason.empty()) {
    log.debug("a file is not passed through reason=\"{}\"", system_message(-number));
  } else if (!given_up_) {
    given_up_ = true;
    say_impossible(reason);
  }
  return 0;
}

void Passthrough::release(Inode inode) {
  const Lock lock{mutex_};
  const auto found = open_.find(inode);
  if (found == open_.end() || --found->second.count > 0) return;
  if (found->second.way.number > 0) backing_->close(found->second.way.number);
  open_.erase(found);
}

void Passthrough::give_up(std::string_view reason) {
  {
    const Lock lock{mutex_};
    if (std::exchange(given_up_, true)) return;
  }
  say_impossible(reason);
}

}  // namespace icloudphotos::fuse
