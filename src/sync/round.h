// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>

#include "change_log.h"
#include "context.h"
#include "withheld.h"

namespace icloudphotos::sync {

/// What one round leaves for the next.
struct RoundMemory {
  bool look_for_libraries = false;  ///< Ask which libraries there are, though we know some.
};

/// One round: which libraries there are (if that is not known), the lists of those not complete, the changes of the
/// others. What goes on by itself asks only where iCloud says that something changed; what somebody asked for looks
/// everywhere.
class Round {
 public:
  Round(const Context& context, RoundMemory& memory) : context_{context}, memory_{memory} {}
  [[nodiscard]] Result<void> run();

 private:
  [[nodiscard]] Result<void> poll(std::vector<catalog::LibraryState> states);
  [[nodiscard]] Result<cloud::News> ask_for_news();
  [[nodiscard]] Result<void> find_libraries();
  template <class Concerns>
  [[nodiscard]] Result<void> visit_all(const std::vector<catalog::LibraryState>& states, Result<void> so_far,
                                       const Concerns& is_concerned);
  [[nodiscard]] Result<void> visit(const catalog::LibraryState& state);
  [[nodiscard]] Result<void> index(catalog::LibraryState state);
  [[nodiscard]] Result<void> begin_reading(catalog::LibraryState& state);
  [[nodiscard]] Result<void> follow(const catalog::LibraryState& state);
  [[nodiscard]] Result<void> let_go(const Library& library, const Withheld& withheld,
                                    const std::optional<SyncToken>& next, ChangeLog& log);
  [[nodiscard]] Result<void> start_over(catalog::LibraryState state);
  [[nodiscard]] Result<void> miss(const catalog::LibraryState& state, Error error);
  [[nodiscard]] Result<void> forget(const LibraryId& library);

  const Context& context_;
  RoundMemory& memory_;
  std::optional<std::map<LibraryId, std::optional<SyncToken>>> found_;  ///< What `find_libraries` found this round.
  bool all_prepared_ = true;
  bool missed_ = false;  ///< A library did not answer for itself.
};

}  // namespace icloudphotos::sync
