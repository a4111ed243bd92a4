// SPDX-License-Identifier: MIT
#include "roll_call.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "digest.h"
#include "feed.h"
#include "list_plan.h"
#include "requests.h"

namespace icloudphotos::sync {
namespace {

/// The list of a whole library, walked for the names in it.
class ListCall {
 public:
  ListCall(const Context& context, const LibraryId& library, std::optional<std::int64_t> counted)
      : context_{context},
        query_{library, std::nullopt},
        plan_{cloud::Photos::stride(query_), {2 * context.options.requests_in_flight, 2}},
        requests_{context.options.requests_in_flight, context.stop} {
    if (counted) plan_.expect(*counted);
  }

  Result<std::unordered_set<std::uint64_t>> run() {
    ask();
    TRY(requests_.finish([]() -> Result<void> { return {}; }));
    return std::move(present_);
  }

 private:
  void ask() {
    for (const auto rank : plan_.due()) {
      requests_.ask(
          Requests::Turn::First,
          [this, rank](std::stop_token stop) { return context_.photos.window(query_, rank, std::move(stop)); },
          [this, rank](Result<Delta> answer) -> Result<void> {
            const auto window = TRY(std::move(answer));
            const auto before = present_.size();
            for (const auto& asset : window.assets) present_.insert(digest_of(asset.id));
            // A window of nothing new counts as empty: a far side that repeats itself comes to an end.
            const bool brings = present_.size() > before;
            plan_.answered(rank, brings ? static_cast<std::int64_t>(window.assets.size()) : 0);
            ask();
            return {};
          });
    }
  }

  const Context& context_;
  cloud::ListQuery query_;
  ListPlan plan_;
  std::unordered_set<std::uint64_t> present_;
  Requests requests_;  ///< last member: its threads end before the rest goes
};

Result<std::unordered_set<std::uint64_t>> in_the_feed(const Context& context, const LibraryId& library) {
  std::unordered_set<std::uint64_t> present;
  std::optional<SyncToken> cursor;
  TRY(read_changes(context, library, cursor, [&](const Delta& page) -> Result<void> {
    for (const auto& name : page.gone) present.erase(digest_of(AssetId{name}));
    for (const auto& asset : page.assets) {
      if (asset.hidden || asset.deleted) {
        present.erase(digest_of(asset.id));
      } else {
        present.insert(digest_of(asset.id));
      }
    }
    return {};
  }));
  return present;
}

}  // namespace

Result<std::optional<std::int64_t>> count_of(const Context& context, const Library& library) {
  if (!library.has_lists) return std::optional<std::int64_t>{};
  const std::vector<cloud::ListQuery> queries{{library.id, std::nullopt}};
  auto counts = context.photos.counts(queries, context.stop);
  if (counts && counts->size() == 1) return counts->front();
  if (!counts && concerns_everything(counts.error().kind())) return std::move(counts).error();
  return std::optional<std::int64_t>{};
}

Result<std::vector<std::uint64_t>> call_the_roll(const Context& context, const Library& library,
                                                 std::optional<std::int64_t> counted) {
  auto listed = library.has_lists ? ListCall(context, library.id, counted).run()
                                  : Result<std::unordered_set<std::uint64_t>>{Error{ErrorKind::Rejected, "no lists"}};
  const bool listless = !listed && listed.error().kind() == ErrorKind::Rejected;
  const auto present = listless ? TRY(in_the_feed(context, library.id)) : TRY(std::move(listed));
  std::vector<std::uint64_t> roll{present.begin(), present.end()};
  std::sort(roll.begin(), roll.end());
  return roll;
}

}  // namespace icloudphotos::sync
