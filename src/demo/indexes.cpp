// SPDX-License-Identifier: MIT
#include "indexes.h"

#include <algorithm>
#include <array>

#include "mix.h"

namespace icloudphotos::demo {
namespace {

struct Rule {
  std::string_view index;
  std::string_view list;    ///< record type of the list
  std::string_view filter;  ///< its `smartAlbum`
  bool (*holds)(const Traits&);
  std::int64_t (*newest_first)(const Traits&);
  std::string_view title = {};
};

bool is_visible(const Traits& traits) { return !traits.hidden && !traits.deleted; }
template <bool Traits::*Member>
bool is_visible_and(const Traits& traits) {
  return is_visible(traits) && traits.*Member;
}
template <std::int64_t Traits::*Member>
std::int64_t by(const Traits& traits) {
  return traits.*Member;
}

constexpr std::string_view kSmartList = "CPLAssetAndMasterInSmartAlbumByAssetDate";
template <bool Traits::*Member>
constexpr Rule smart(std::string_view index, std::string_view filter, std::string_view title) {
  return {index, kSmartList, filter, is_visible_and<Member>, by<&Traits::captured_ms>, title};
}

constexpr std::array kRules{
    Rule{kLibraryIndex, "CPLAssetAndMasterByAssetDateWithoutHiddenOrDeleted", "", is_visible, by<&Traits::captured_ms>,
         "All Photos"},
    Rule{"CPLAssetByAddedDate", "CPLAssetAndMasterByAddedDate", "", is_visible, by<&Traits::added_ms>, "Recents"},
    Rule{"CPLAssetHiddenByAssetDate", "CPLAssetAndMasterHiddenByAssetDate", "",
         [](const Traits& traits) { return traits.hidden && !traits.deleted; }, by<&Traits::captured_ms>, "Hidden"},
    Rule{"CPLAssetDeletedByExpungedDate", "CPLAssetAndMasterDeletedByExpungedDate", "",
         [](const Traits& traits) { return traits.deleted; }, by<&Traits::deleted_ms>, "Recently Deleted"},
    Rule{"CPLAssetBurstStackAssetByAssetDate", "CPLBurstStackAssetAndMasterByAssetDate", "",
         is_visible_and<&Traits::burst>, by<&Traits::captured_ms>, "Bursts"},
    smart<&Traits::favorite>("CPLAssetInSmartAlbumByAssetDate:Favorite", "FAVORITE", "Favorites"),
    smart<&Traits::video>("CPLAssetInSmartAlbumByAssetDate:Video", "VIDEO", "Videos"),
    smart<&Traits::live>("CPLAssetInSmartAlbumByAssetDate:Live", "LIVE", "Live Photos"),
    smart<&Traits::screenshot>("CPLAssetInSmartAlbumByAssetDate:Screenshot", "SCREENSHOT", "Screenshots"),
    smart<&Traits::panorama>("CPLAssetInSmartAlbumByAssetDate:Panorama", "PANORAMA", "Panoramas"),
    smart<&Traits::slo_mo>("CPLAssetInSmartAlbumByAssetDate:Slomo", "SLOMO", "Slo-mo"),
    smart<&Traits::time_lapse>("CPLAssetInSmartAlbumByAssetDate:Timelapse", "TIMELAPSE", "Time-lapse"),
    smart<&Traits::portrait>("CPLAssetInSmartAlbumByAssetDate:Depth", "DEPTH", "Portraits"),
    smart<&Traits::long_exposure>("CPLAssetInSmartAlbumByAssetDate:Exposure", "EXPOSURE", "Long Exposure"),
    smart<&Traits::animated>("CPLAssetInSmartAlbumByAssetDate:Animated", "ANIMATED", "Animated"),
    Rule{"CPLAssetInSmartAlbumByAssetDate:Selfie", kSmartList, "SELFIE", [](const Traits&) { return false; },
         by<&Traits::captured_ms>, "Selfies"},
};

std::shared_ptr<const Index> index_by_rule(const Zone& zone, const Rule& rule, Listing listing) {
  std::vector<std::pair<std::int64_t, PhotoId>> found;
  for (PhotoId id = 0; id < zone.end(); ++id) {
    if (!zone.exists(id) || (listing == Listing::Partial && is_unlisted(id))) continue;
    if (const Traits traits = zone.traits(id); rule.holds(traits)) found.emplace_back(-rule.newest_first(traits), id);
  }
  if (!std::ranges::is_sorted(found)) std::ranges::sort(found);
  auto index = std::make_shared<Index>();
  index->reserve(found.size());
  for (const auto& [date, id] : found) index->push_back(id);
  return index;
}

/// Which end of an album is new nobody has shown (photos.md 7.2): here the oldest comes first.
std::shared_ptr<const Index> index_of_album(const Zone& zone, const Album& album, bool by_position, Listing listing) {
  std::vector<std::pair<std::int64_t, PhotoId>> found;
  for (const Member& member : album.members) {
    const auto id = zone.find_asset(member.asset);
    if (!id) continue;  // in the shared library: the web cannot list it
    if (listing == Listing::Partial && is_unlisted(*id)) continue;
    const Traits traits = zone.traits(*id);
    if (!traits.deleted) found.emplace_back(by_position ? member.position : traits.captured_ms, *id);
  }
  std::ranges::sort(found);
  auto index = std::make_shared<Index>();
  for (const auto& [key, id] : found) index->push_back(id);
  return index;
}

const Rule* rule_of(std::string_view name) {
  const auto* rule = std::ranges::find(kRules, name, &Rule::index);
  return rule == kRules.end() ? nullptr : rule;
}

std::optional<std::string_view> after(std::string_view prefix, std::string_view name) {
  return name.starts_with(prefix) ? std::optional{name.substr(prefix.size())} : std::nullopt;
}

}  // namespace

bool is_unlisted(PhotoId id) { return mix(id) % 7 == 3; }

std::vector<std::string_view> lists_of(const Traits& traits) {
  std::vector<std::string_view> titles;
  for (const Rule& rule : kRules) {
    if (rule.holds(traits)) titles.push_back(rule.title);
  }
  return titles;
}

bool is_index(const Zone& zone, std::string_view name) {
  if (const auto album = after(kAlbumByDate, name)) return zone.album(*album) != nullptr;
  if (const auto album = after(kAlbumByPosition, name)) return zone.album(*album) != nullptr;
  return rule_of(name) != nullptr;
}

std::optional<std::string> index_of_list(std::string_view record_type, std::string_view smart_album,
                                         std::string_view parent) {
  if (record_type == "CPLContainerRelationLiveByAssetDate") return std::string{kAlbumByDate} + std::string{parent};
  if (record_type == "CPLContainerRelationLiveByPosition") return std::string{kAlbumByPosition} + std::string{parent};
  for (const Rule& rule : kRules) {
    if (rule.list == record_type && rule.filter == smart_album) return std::string{rule.index};
  }
  return std::nullopt;
}

std::shared_ptr<const Index> make_index(const Zone& zone, std::string_view name, Listing listing) {
  if (const auto id = after(kAlbumByDate, name)) {
    const auto album = zone.album(*id);
    return album ? index_of_album(zone, *album, false, listing) : std::make_shared<Index>();
  }
  if (const auto id = after(kAlbumByPosition, name)) {
    const auto album = zone.album(*id);
    return album ? index_of_album(zone, *album, true, listing) : std::make_shared<Index>();
  }
  const Rule* rule = rule_of(name);
  return rule != nullptr ? index_by_rule(zone, *rule, listing) : std::make_shared<Index>();
}

}  // namespace icloudphotos::demo
