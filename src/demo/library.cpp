// SPDX-License-Identifier: MIT
#include "library.h"

#include <algorithm>

namespace icloudphotos::demo {

std::string_view name_of(Database database) { return database == Database::Private ? "private" : "shared"; }

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
  auto found = find(Database::Private, zone);
  return found ? found : find(Database::Shared, zone);
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

Result<void> Library::leave(std::string_view zone) {
  const Lock lock{mutex_};
  for (ZoneEntry& entry : zones_) {
    if (entry.zone->name() != zone || entry.left_at != 0) continue;
    entry.left_at = ++last_;
    return {};
  }
  return Error{ErrorKind::NotFound, "there is no zone " + std::string{zone}};
}

}  // namespace icloudphotos::demo
