// SPDX-License-Identifier: MIT
#include "withheld.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "icloudphotos/base/text.h"

namespace icloudphotos::sync {
namespace {

constexpr std::string_view kIn = "-IN-";

std::string name_of(const Membership& membership) {
  return ascii_upper(membership.asset.value + std::string{kIn} + membership.album.value);
}

bool names_a_relation(const std::string& upper) { return upper.find(kIn) != std::string::npos; }

}  // namespace

/// First what goes, then what is there: that is what wins in one page, too.
Result<void> Withheld::take_from(const catalog::Catalog& catalog, Delta& page) {
  take_relations(page);
  TRY(take_gone(catalog, page));
  TRY(take_leaving(catalog, page));
  forget_what_returns(page);
  return {};
}

void Withheld::take_relations(Delta& page) {
  for (auto& membership : std::exchange(page.left, {})) {
    if (relations_ == Relations::Wait) left_.insert_or_assign(name_of(membership), std::move(membership));
  }
}

Result<void> Withheld::take_gone(const catalog::Catalog& catalog, Delta& page) {
  for (auto& name : std::exchange(page.gone, {})) {
    auto upper = ascii_upper(name);
    const bool relation = names_a_relation(upper);
    if (relation && relations_ == Relations::Drop) continue;
    if (!relation && TRY(catalog.kept_by(page.library, name)).empty()) {
      page.gone.push_back(std::move(name));
      continue;
    }
    leaving_.erase(AssetId{name});
    gone_[std::move(upper)].push_back(std::move(name));
  }
  return {};
}

Result<void> Withheld::take_leaving(const catalog::Catalog& catalog, Delta& page) {
  for (auto& asset : std::exchange(page.assets, {})) {
    bool leaves = false;
    if (asset.hidden || asset.deleted) {
      for (const auto& kept : TRY(catalog.kept_by(page.library, asset.id.value))) {
        leaves = leaves || (kept.id == asset.id && (!kept.hidden || asset.deleted));
      }
    }
    leaving_.erase(asset.id);
    gone_.erase(ascii_upper(asset.id.value));
    if (leaves) {
      auto id = asset.id;
      leaving_.emplace(std::move(id), std::move(asset));
    } else {
      page.assets.push_back(std::move(asset));
    }
  }
  return {};
}

void Withheld::forget_what_returns(const Delta& page) {
  for (const auto& original : page.originals) gone_.erase(ascii_upper(original.id.value));
  for (const auto& membership : page.memberships) {
    const auto name = name_of(membership);
    left_.erase(name);
    gone_.erase(name);
  }
}

Result<void> Withheld::add_to(Losses& losses, const catalog::Catalog& catalog, const LibraryId& library) const {
  for (const auto& [upper, names] : gone_) {
    for (const auto& name : names) {
      for (const auto& kept : TRY(catalog.kept_by(library, name))) losses.add(kept.id);
    }
  }
  for (const auto& [id, asset] : leaving_) losses.add(id);
  losses.sort();
  return {};
}

Delta Withheld::as_delta(const LibraryId& library, const std::optional<SyncToken>& next) const {
  Delta delta;
  delta.library = library;
  delta.next = next;
  for (const auto& [upper, names] : gone_) delta.gone.insert(delta.gone.end(), names.begin(), names.end());
  for (const auto& [name, membership] : left_) delta.left.push_back(membership);
  for (const auto& [id, asset] : leaving_) delta.assets.push_back(asset);
  return delta;
}

}  // namespace icloudphotos::sync
