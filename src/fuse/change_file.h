// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/model/range.h"

namespace icloudphotos::fuse {

/// A file of lines that grows at its end, so that `tail -f` can follow it. When it has too many it begins anew with the
/// newer half, which `tail -f` takes for a truncated file.
///
/// The kernel keeps pages and takes what lies behind a file's end in the last of them for zeros. So added bytes can be
/// read first, then the kernel forgets its pages, and only then the file is longer.
///
/// Threads   Any; `show` by one at a time.
class ChangeFile {
 public:
  static constexpr std::size_t kMostLines = 10'000;

  /// Lines without their ends. They are kept, and not shown yet.
  void add(const std::vector<std::string>& lines);
  /// Shows what was added. `forget` makes the kernel forget the file's pages; called under no lock.
  void show(const std::function<void()>& forget);

  [[nodiscard]] std::uint64_t size() const;
  /// A part of what is there, which may reach beyond `size`.
  [[nodiscard]] std::string read(Range range) const;

 private:
  struct Text {
    std::string bytes;
    std::size_t lines = 0;
    /// Only so many of the newest lines stay.
    void keep(std::size_t most);
  };

  mutable Mutex mutex_;
  Text shown_ GUARDED_BY(mutex_);
  Text added_ GUARDED_BY(mutex_);
  std::uint64_t size_ GUARDED_BY(mutex_) = 0;
};

}  // namespace icloudphotos::fuse
