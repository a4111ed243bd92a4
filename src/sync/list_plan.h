// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace icloudphotos::sync {

/// Which windows of one list to ask for, so that no photo is missed though windows come short, empty or out of order,
/// and though the far side's count is only a hint.
///
/// Each answer covers as many ranks as it has photos. What is not covered is asked for again; an empty window among
/// others is believed after three answers. The end is believed after empty windows beyond everything seen: one when the
/// count agrees, two when there is none or it is too small, five when it promises more. Source
/// protocol/photos.md 7.5, 7.6.
class ListPlan {
 public:
  /// How many windows to ask for at once beyond what was seen.
  struct Ahead {
    int counted = 1;  ///< With a count that says they are there.
    int blind = 1;    ///< With none.
  };
  ListPlan(std::int64_t stride, Ahead ahead) : stride_{stride}, ahead_{ahead} {}

  /// The far side's count of the list.
  void expect(std::int64_t count);
  /// Ranks to ask for now; each is given out until it is answered.
  [[nodiscard]] std::vector<std::int64_t> due();
  /// The window at `rank` came with so many photos. More than a stride are neighbours' photos, repeated.
  void answered(std::int64_t rank, std::int64_t photos);
  /// The list does not exist (any more).
  void abandon() { abandoned_ = true; }

  [[nodiscard]] bool done() const;
  /// How many ranks from the first on are covered without a gap.
  [[nodiscard]] std::int64_t begun() const {
    return covered_.empty() || covered_.begin()->first > 0 ? 0 : covered_.begin()->second;
  }
  /// The rank after the last photo seen.
  [[nodiscard]] std::int64_t reach() const { return covered_.empty() ? 0 : covered_.rbegin()->second; }

 private:
  [[nodiscard]] std::int64_t skip(std::int64_t rank) const;
  [[nodiscard]] std::int64_t horizon() const;
  [[nodiscard]] int empties_needed(std::int64_t end) const;
  [[nodiscard]] int tries_right_after(std::int64_t end) const;
  [[nodiscard]] int empties_beyond() const;
  [[nodiscard]] int tries(std::int64_t rank) const;
  void ask(std::int64_t rank, std::vector<std::int64_t>& due);
  void cover(std::int64_t begin, std::int64_t end);

  std::int64_t stride_;
  Ahead ahead_;
  std::optional<std::int64_t> count_;
  bool abandoned_ = false;
  std::int64_t short_end_ = -1;  ///< Where the last window that held some photos, but not a stride of them, ended.
  std::map<std::int64_t, std::int64_t> covered_;  ///< Begin to end, apart from each other.
  std::map<std::int64_t, int> empty_;             ///< How often the window at a rank came empty.
  std::map<std::int64_t, std::int64_t> asked_;    ///< Rank to where the answer is expected to end.
};

}  // namespace icloudphotos::sync
