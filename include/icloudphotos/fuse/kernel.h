// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "icloudphotos/base/result.h"
#include "icloudphotos/fuse/filesystem.h"

namespace icloudphotos::fuse {

struct MountOptions {
  std::filesystem::path mount_point;
  std::string source = "icloudphotos";  ///< What `mount` and `df` show in the first column.
  bool allow_other = false;
  bool passthrough = false;  ///< The kernel reads whole files by itself, where it can and we may.
  bool debug = false;        ///< Every request of the kernel on standard error.
};

/// A mount, from the moment the kernel has it.
///
/// Errors    mount: Usage (no permission), Refused (no /dev/fuse, a mount point that cannot be one), with a sentence
/// that says what to do. Threads   `run` belongs to one thread; `stop` and `drop` are for any. Lifetime  Destruction
/// unmounts. `Filesystem` must outlive it.
class Kernel {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Kernel>> mount(Filesystem& files, MountOptions options);
  virtual ~Kernel() = default;

  /// Serves until somebody unmounts or `stop` is called; `ready` is called once when the mount begins to answer.
  virtual void run(std::function<void()> ready) = 0;
  /// Ends `run` soon, whatever requests are open.
  virtual void stop() = 0;
  /// Makes the kernel forget exactly what became stale, on a thread of its own. Publish first, then drop.
  virtual void drop(tree::Stale stale) = 0;
  /// Calls `then` on that thread when all that was to be dropped until now is; not any more once the mount ends.
  virtual void when_dropped(std::function<void()> then) = 0;
};

}  // namespace icloudphotos::fuse
