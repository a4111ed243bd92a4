// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "change_log.h"
#include "context.h"
#include "list_plan.h"
#include "requests.h"

namespace icloudphotos::sync {

/// What a walk met.
struct Listing {
  bool listable = true;  ///< The list of the whole library exists.
  std::optional<std::int64_t> counted;
  std::vector<std::uint64_t> seen;  ///< Digests of what the whole list showed: eight bytes each, for a million.
};

/// Reads all lists of a library, the whole one and every album, by parallel windows, into the catalog.
class Walk {
 public:
  Walk(const Context& context, LibraryId library, ChangeLog& log);

  /// Errors: NotFound when there is no such library (any more); as `cloud::Photos`; Storage. What was read stays.
  [[nodiscard]] Result<Listing> run();

 private:
  struct List {
    cloud::ListQuery query;
    ListPlan plan;
    std::unordered_map<std::uint64_t, std::int64_t> first_seen;  ///< Digest of a window's first asset to its rank.
    bool finished = false;
    bool urgent = false;  ///< Somebody waits for it.
  };

  List& add_list(cloud::ListQuery query, int ahead_blind);
  void ask_for_albums();
  void ask_for_counts(const std::vector<List*>& lists);
  void ask_for_windows(List& list);
  [[nodiscard]] Result<void> use_albums(Result<std::vector<Album>> answer);
  [[nodiscard]] Result<void> keep_counts(const std::vector<List*>& lists,
                                         const std::vector<std::optional<std::int64_t>>& counts);
  [[nodiscard]] Result<void> use_counts(const std::vector<List*>& lists,
                                        Result<std::vector<std::optional<std::int64_t>>> answer);
  [[nodiscard]] Result<void> use_window(List& list, std::int64_t rank, Result<Delta> answer);
  [[nodiscard]] std::int64_t photos_in(List& list, std::int64_t rank, const Delta& window);
  [[nodiscard]] Result<void> tell_newest(const List& whole);
  void hurry();
  [[nodiscard]] Result<void> tell_urgent();
  [[nodiscard]] Result<void> go_on(List& list);
  [[nodiscard]] Result<void> write();

  const Context& context_;
  LibraryId library_;
  std::map<std::int64_t, TimePoint> reached_;  ///< Rank of a window of the whole list to where its photos end.
  std::int64_t next_news_ = 1;                 ///< Ranks without a gap that are worth telling next.
  ChangeLog& log_;
  Listing listing_;
  Delta unwritten_;
  std::vector<std::unique_ptr<List>> lists_;
  std::unordered_set<AlbumId> albums_;
  std::size_t wanted_ = 0;     ///< Albums somebody waits for, as far as they were looked for among the lists.
  std::vector<List*> urgent_;  ///< Of these, those not told of yet.
  Requests requests_;          ///< last member: its threads end before the rest goes
};

}  // namespace icloudphotos::sync
