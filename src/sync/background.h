// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>

#include "context.h"
#include "reading.h"

namespace icloudphotos::sync {

/// The readings of whole feeds that go on between rounds: of every library whose lists were read and whose feed was
/// not, once. They ask for one thing at a time.
class Background {
 public:
  enum class State {
    Idle,     ///< Nothing is to be read.
    Reading,  ///< Something was read, or its end was reached; there may be more.
  };

  /// Reads some pages of one library's feed, fewer when `gives_way` says so, and tells the listener what they changed.
  /// Errors: as `Reading::step`; when a library's feed cannot be read, those of the others are, before the Error is
  /// told. Then it is time for a pause.
  [[nodiscard]] Result<State> read_on(const Context& context, const std::function<bool()>& gives_way);

 private:
  [[nodiscard]] Result<void> read_slice(const Context& context, const catalog::LibraryState& state,
                                        const std::function<bool()>& gives_way);

  std::map<LibraryId, ReadingNotes> notes_;
  std::set<LibraryId> resting_;  ///< Failed since the last pause.
  std::optional<Error> trouble_;
};

}  // namespace icloudphotos::sync
