// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/sync/syncer.h"

#include "losses.h"

namespace icloudphotos::sync {

struct Context;

/// Decides whether a library really lost as much as somebody says (product.md 7). What is not believed is not written,
/// and its token not moved: it is asked for again and comes here again.
///
/// What says so is never its own witness. A change feed and a reading of it come from one log, and asking twice gives
/// the same answer twice; the lists and Apple's counter come from indexes kept apart from that log (protocol/photos.md
/// 0.1, 13.5). So the lists are walked, in a later round, when whatever went wrong for a moment has passed: none of the
/// lost may be in them, they must show what stays, and the counter, where there is one, must be nearer to what would be
/// left than to what is shown. Where there is no other source (a library without lists; the list of libraries), the
/// same one is asked again, but not before a poll's time has passed.
///
/// A doubt lives as long as the program: after a restart the first answer is doubted anew, and nothing was lost by it.
class Guard {
 public:
  /// Who says so.
  enum class Origin {
    Changes,  ///< Changes since the last round.
    Feed,     ///< A reading of the whole feed.
    Library,  ///< The library itself, which is not there any more.
  };

  /// `asked`: a person wants to know now, so that no source rests.
  void begin_round(Monotonic now, bool asked);
  /// What is held back, as somebody was told, is right.
  void accept(const std::vector<HeldBack>& told);

  enum class Verdict {
    Believed,
    HeldBack,  ///< Nobody else was asked, or nobody could say.
    Refuted,   ///< The lists say otherwise.
  };
  /// Errors: of asking the second source; Storage.
  [[nodiscard]] Result<Verdict> judge(const Context& context, const Library& library, Origin origin,
                                      const Losses& losses);
  /// The same for a library that is neither found nor listed. The personal one is never believed gone: every account
  /// has it.
  [[nodiscard]] bool is_gone(const Context& context, const catalog::LibraryState& state);
  /// Nobody says so any more.
  void settle(const LibraryId& library, Origin origin) { doubts_.erase({library, origin}); }
  void settle(const LibraryId& library);
  /// Whether it is of no use to look at this again in this round.
  [[nodiscard]] bool rests(const LibraryId& library, Origin origin) const;

  /// One for each library.
  [[nodiscard]] std::vector<HeldBack> held_back() const;

 private:
  struct Doubt {
    HeldBack held;
    std::uint64_t judged_in = 0;    ///< Round.
    std::uint64_t rests_until = 0;  ///< Round.
    int refuted = 0;
    Monotonic since{};
    std::int64_t most = 0;  ///< Of what was lost when this was first doubted.
    bool accepted = false;
    HeldBack accepted_as;
  };
  [[nodiscard]] static bool covers(const HeldBack& accepted, const HeldBack& now);
  [[nodiscard]] Result<Verdict> ask_others(const Context& context, const Library& library, const Losses& losses,
                                           Doubt& doubt);
  [[nodiscard]] Verdict refuted(Doubt& doubt, const char* by);
  [[nodiscard]] bool a_poll_has_passed(const Context& context, const Doubt& doubt) const;

  std::map<std::pair<LibraryId, Origin>, Doubt> doubts_;
  std::uint64_t round_ = 1;
  Monotonic now_{};
  bool asked_ = false;
};

}  // namespace icloudphotos::sync
