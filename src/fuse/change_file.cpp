// SPDX-License-Identifier: MIT
#include "fuse/change_file.h"

#include <utility>

namespace icloudphotos::fuse {

void ChangeFile::Text::keep(std::size_t most) {
  std::size_t from = 0;
  for (; lines > most; --lines) from = bytes.find('\n', from) + 1;
  bytes.erase(0, from);
}

void ChangeFile::add(const std::vector<std::string>& lines) {
  const Lock lock{mutex_};
  for (const auto& line : lines) added_.bytes.append(line) += '\n';
  added_.lines += lines.size();
  added_.keep(kMostLines);
}

void ChangeFile::show(const std::function<void()>& forget) {
  Text all;
  bool anew = false;
  {
    const Lock lock{mutex_};
    if (added_.lines == 0) return;
    anew = shown_.lines + added_.lines > kMostLines;
    if (anew) {
      all = std::exchange(shown_, {});
      all.bytes += added_.bytes;
      all.lines += std::exchange(added_, {}).lines;
      all.keep(kMostLines / 2);
      size_ = 0;
    }
  }
  if (anew) forget();  // nobody finds a new line behind an old one's beginning
  {
    const Lock lock{mutex_};
    if (anew) shown_ = std::move(all);
    shown_.bytes += added_.bytes;
    shown_.lines += std::exchange(added_, {}).lines;
  }
  forget();
  const Lock lock{mutex_};
  size_ = shown_.bytes.size();
}

std::uint64_t ChangeFile::size() const {
  const Lock lock{mutex_};
  return size_;
}

std::string ChangeFile::read(Range range) const {
  const Lock lock{mutex_};
  const Range part = range.within(shown_.bytes.size());
  return shown_.bytes.substr(part.offset, part.length);
}

}  // namespace icloudphotos::fuse
