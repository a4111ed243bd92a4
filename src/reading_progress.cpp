// SPDX-License-Identifier: MIT
#include "reading_progress.h"

#include <chrono>

namespace icloudphotos {

ui::ReadSoFar ReadingProgress::note(const LibraryId& library, std::int64_t known, std::optional<std::int64_t> counted) {
  const auto at = clock_.monotonic();
  const Lock lock{mutex_};
  if (!now_ || now_->library != library) {
    first_known_ = known;
    since_ = at;
  }
  now_ =
      Now{library, {known, counted, known - first_known_, std::chrono::floor<std::chrono::milliseconds>(at - since_)}};
  return now_->so_far;
}

void ReadingProgress::settle() {
  const Lock lock{mutex_};
  now_.reset();
}

std::optional<ReadingProgress::Now> ReadingProgress::now() const {
  const Lock lock{mutex_};
  return now_;
}

}  // namespace icloudphotos
