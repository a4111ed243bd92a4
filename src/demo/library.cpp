// SPDX-License-Identifier: MIT
#include "library.h"

#include <algorithm>

namespace icloudphotos::demo {

std::string_view name_of(Database database) {
  switch (database) {
    case Database::Private:
      return "private";
    case Database::Shared:
      return "shared";
    case Database::Streams:
      return "streams";
  }
  return {};
}

Library::Library(std::vector<ZoneEntry> zones) : zones_{std::move(zones)} {
  const Lock lock{mutex_};
  for (const ZoneEntry& entry : zones_) last_ = std::max(last_, entry.zone->last_seq());
}

std::vector<ZoneEntry> Library::zones() const {
  const Lock lock{mutex_};
  return zones_;
}

std::shared_ptr<const Zone> Library::find(Database database, std::string_view zone) const {
  const Lock lock{mutex_};
  for (const ZoneEntry& entry : zones_) {
    if (entry.database == database && entry.left_at == 0 && entry.zone->name() == zone) return entry.zone;
  }
  return nullptr;
}

std::shared_ptr<const Zone> Library::find(std::string_view zone) const {
  for (const Database database : {Database::Private, Database::Shared, Database::Streams}) {
    if (auto found = find(database, zone)) return found;
  }
  return nullptr;
}

Seq Library::last_seq() const {
  const Lock lock{mutex_};
  return last_;
}

Result<void> Library::change(std::string_view zone, const std::function<Result<void>(ZoneEditor&)>& edit) {
  const Lock one_at_a_time{editing_};
  const auto before = find(zone);
  if (!before) return Error{ErrorKind::NotFound, "there is no zone " + std::string{zone}};
  Seq next = last_seq();
  ZoneEditor editor{*before, next};
  TRY(edit(editor));
  const auto after = editor.finish();
  const Lock lock{mutex_};
  last_ = next;
  for (ZoneEntry& entry : zones_) {
    if (entry.zone == before) entry.zone = after;
  }
  return {};
}

void Library::show(Database database, const std::shared_ptr<const Zone>& zone, bool shown) {
  const auto entry = std::ranges::find_if(
      zones_, [&](const ZoneEntry& each) { return each.database == database && each.zone->name() == zone->name(); });
  if (entry == zones_.end()) {
    if (shown) zones_.push_back({database, zone, 0, ++last_});
    return;
  }
  if (shown && entry->left_at != 0) entry->left_at = 0, entry->came_at = ++last_;
  if (!shown && entry->left_at == 0) entry->left_at = ++last_;
  entry->zone = zone;
}

void Library::show_shared_library(SharedLibrary where) {
  const Lock one_at_a_time{editing_};
  const Lock lock{mutex_};
  std::shared_ptr<const Zone> zone;
  for (const ZoneEntry& entry : zones_) {
    if (entry.zone->is_shared_library() && (!zone || entry.zone->last_seq() > zone->last_seq())) zone = entry.zone;
  }
  if (!zone) return;
  zone = zone->owned_by(where == SharedLibrary::Participant ? kOtherOwner : kAccountOwner);
  show(Database::Private, zone, where == SharedLibrary::Owner || where == SharedLibrary::Both);
  show(Database::Shared, zone, where == SharedLibrary::Participant || where == SharedLibrary::Both);
}

Result<void> Library::leave(std::string_view zone) {
  const Lock lock{mutex_};
  bool was_there = false;
  for (ZoneEntry& entry : zones_) {
    if (entry.zone->name() != zone || entry.left_at != 0) continue;
    entry.left_at = ++last_;
    was_there = true;
  }
  if (!was_there) return Error{ErrorKind::NotFound, "there is no zone " + std::string{zone}};
  return {};
}

}  // namespace icloudphotos::demo
