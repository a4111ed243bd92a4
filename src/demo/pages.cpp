// SPDX-License-Identifier: MIT
#include "pages.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "odd_records.h"

namespace icloudphotos::demo {
namespace {

constexpr std::int64_t kPickedBurst = 16;
// Pages that small are asked for by clients that look for one photo; they stay as they are.
constexpr std::int64_t kSmallPage = 60;
constexpr std::uint64_t kEmptyOf = 4;

/// The photos of one page and which of their records still fit.
class PageMaker {
 public:
  PageMaker(const Zone& zone, const ListPlace& place, const AnswerContext& context)
      : zone_{zone}, place_{place}, quirks_{context.quirks}, limit_{place.limit} {}

  ListPage make(const Index& index) {
    add_odd_records();
    const auto size = static_cast<std::int64_t>(index.size());
    std::int64_t rank = place_.rank;
    const std::int64_t before = rank - place_.step;
    if (quirks_.repeated_photos && rank > 0 && before >= 0 && before < size && limit_ >= kSmallPage)
      add(index[static_cast<std::size_t>(before)]);
    for (; rank >= 0 && rank < size; rank += place_.step) {
      if (is_full() || !add(index[static_cast<std::size_t>(rank)])) {
        page_.more = true;
        break;
      }
    }
    page_.next_rank = rank;
    gather();
    return std::move(page_);
  }

 private:
  void add_odd_records() {
    if (!quirks_.odd_records || limit_ < kSmallPage) return;
    for (const std::string_view record : odd_records_of_list()) {
      odd_.emplace_back([record](RecordWriter& writer) { writer.raw(record); });
      --limit_;
    }
  }
  [[nodiscard]] bool is_full() const { return quirks_.short_pages > 0 && photos_ >= quirks_.short_pages; }

  bool add(PhotoId id) {
    const auto shown = std::make_shared<const Photo>(zone_.photo(id));
    const Photo& photo = *shown;
    if (quirks_.picks_only && !photo.burst_id.empty() && (photo.burst_flags & kPickedBurst) == 0) return true;
    const bool needs_master = !photo.late_master && !known_masters_.contains(photo.master);
    const std::int64_t cost = 1 + (needs_master ? 1 : 0) + (place_.album ? 1 : 0);
    if (records_ + cost > limit_ && !quirks_.split_groups) return false;
    if (records_ >= limit_) return false;
    if (needs_master && take()) {
      known_masters_.insert(photo.master);
      const PhotoId owner = zone_.master_owner(id);
      const auto of = owner == id ? shown : std::make_shared<const Photo>(zone_.photo(owner));
      masters_.emplace_back([owner, of](RecordWriter& writer) { writer.master(owner, *of); });
    }
    const bool asset_fits = take();
    if (asset_fits) assets_.emplace_back([id, shown](RecordWriter& writer) { writer.asset(id, *shown); });
    const bool relation_fits = !place_.album || take();
    if (place_.album && relation_fits) add_relation(photo.asset);
    if (asset_fits && relation_fits) ++photos_;
    return asset_fits && relation_fits;
  }
  void add_relation(const std::string& asset) {
    const auto member = std::ranges::find(place_.album->members, asset, &Member::asset);
    if (member == place_.album->members.end()) return;
    relations_.emplace_back(
        [album = place_.album, member = *member](RecordWriter& writer) { writer.relation(*album, member); });
  }
  bool take() {
    if (records_ == limit_) return false;
    ++records_;
    return true;
  }
  void gather() {
    for (auto* lines : {&masters_, &assets_, &relations_, &odd_})
      std::ranges::move(*lines, std::back_inserter(page_.lines));
  }

  const Zone& zone_;
  const ListPlace& place_;
  const Quirks& quirks_;
  std::int64_t limit_;
  std::int64_t records_ = 0, photos_ = 0;
  ListPage page_;
  std::vector<Line> masters_, assets_, relations_, odd_;
  std::set<std::string> known_masters_;
};

/// Some pages, never the first, show nothing to the first who asks.
bool is_empty_at_first(const Zone& zone, const ListPlace& place, const AnswerContext& context) {
  if (!context.quirks.empty_list_pages || place.rank == 0) return false;
  const std::string what = fmt::format("{} {} {}", zone.name(), place.index, place.rank);
  return mix(std::hash<std::string>{}(what)) % kEmptyOf == 0 && context.asked.is_first(what);
}

}  // namespace

ListPage cut_page(const Zone& zone, const ListPlace& place, const AnswerContext& context) {
  const auto index = zone.index(place.index, context.quirks.unlisted ? Listing::Partial : Listing::Whole);
  if (is_empty_at_first(zone, place, context) && place.rank < static_cast<std::int64_t>(index->size()))
    return {{}, place.rank, true};
  return PageMaker{zone, place, context}.make(*index);
}

}  // namespace icloudphotos::demo
