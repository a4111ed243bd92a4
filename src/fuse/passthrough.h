// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/model/inode.h"

namespace icloudphotos::fuse {

/// What the kernel knows of a file that it may read by itself. It gives it a number, or an error.
class BackingFiles {
 public:
  virtual ~BackingFiles() = default;
  /// Its number, which is positive, or a negated errno.
  [[nodiscard]] virtual int open(const Fd& file) = 0;
  virtual void close(int number) = 0;
};

/// The kernel behind a mount's device.
class KernelsBackingFiles final : public BackingFiles {
 public:
  explicit KernelsBackingFiles(int device) : device_{device} {}
  [[nodiscard]] int open(const Fd& file) override;
  void close(int number) override;

 private:
  const int device_;
};

/// Which open files the kernel reads by itself, and which it asks us for.
///
/// The kernel fails an open (EIO) that goes another way than one of the same file that is still open, or the same way
/// to another number: so all go the way of the first, and share its number until the last is released.
///
/// Threads   Any. `whole` is called under no lock.
class Passthrough {
 public:
  using Whole = std::function<std::shared_ptr<const Fd>()>;
  struct Way {
    int number = 0;  ///< Of the backing file; 0: by asking us.
  };

  explicit Passthrough(std::unique_ptr<BackingFiles> backing) : backing_{std::move(backing)} {}

  /// Counts an open file. Nothing, and not counted: it is not possible here, the kernel need not ask about opens at all.
  [[nodiscard]] std::optional<Way> open(Inode inode, const Whole& whole);
  void release(Inode inode);
  /// It is known not to be possible.
  void give_up(std::string_view reason);

 private:
  struct OpenFile {
    Way way;
    std::uint64_t count = 0;
  };
  [[nodiscard]] std::optional<Way> join(Inode inode) REQUIRES(mutex_);
  /// Its number, 0 if it has none this time; gives up if it is hopeless.
  [[nodiscard]] int back(const Fd& file) REQUIRES(mutex_);

  const std::unique_ptr<BackingFiles> backing_;
  Mutex mutex_;  ///< Held while the kernel numbers a file, so that two who open it get one number; it answers at once.
  std::unordered_map<Inode, OpenFile> open_ GUARDED_BY(mutex_);
  bool works_ GUARDED_BY(mutex_) = false;
  bool given_up_ GUARDED_BY(mutex_) = false;
};

}  // namespace icloudphotos::fuse
