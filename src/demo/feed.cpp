// SPDX-License-Identifier: MIT
#include "feed.h"

#include <algorithm>

#include "lines.h"
#include "odd_records.h"
#include "sync_tokens.h"

namespace icloudphotos::demo {
namespace {

constexpr std::int64_t kMaxRecords = 200;
// Nothing odd is put into pages smaller than this.
constexpr std::int64_t kSmallPage = 60;

std::string scope_of(Database database) { return "database/" + std::string{name_of(database)}; }

void write_zone_failure(JsonWriter& out, JsonView zone_id, std::string_view code, std::string_view reason) {
  out.object().key("zoneID").raw(zone_id.exists() ? zone_id.dump() : "{}");
  out.member("serverErrorCode", code).member("reason", reason).end();
}

/// Where to begin, or the end of the history for a client that sends an empty token.
std::variant<SyncPlace, BadToken> place_of(JsonView entry, const Zone& zone) {
  const auto token = entry["syncToken"].text();
  if (!token) return SyncPlace{};
  if (token->empty()) return SyncPlace{zone.last_seq(), 0};
  auto place = read_sync_token(zone.name(), *token);
  if (const auto* at = std::get_if<SyncPlace>(&place); at != nullptr && at->seq > zone.last_seq())
    return BadToken::Unknown;
  return place;
}

/// Records that are no news, in pages that have room for them; nothing for a client that knows all.
std::vector<Line> odd_lines(const Zone& zone, const SyncPlace& from, std::int64_t limit, const Quirks& quirks) {
  std::vector<Line> lines;
  if (limit < kSmallPage || from.seq == zone.last_seq()) return lines;
  const auto add = [&](std::string_view record) {
    lines.emplace_back([record](RecordWriter& writer) { writer.raw(record); });
  };
  const bool is_beginning = from.seq == 0;
  if (quirks.odd_records) std::ranges::for_each(odd_records_of_feed(), add);
  if (quirks.odd_records && is_beginning) std::ranges::for_each(odd_records_of_history(), add);
  if (quirks.orphans && is_beginning && zone.name() == "PrimarySync") {
    std::ranges::for_each(orphan_masters(), add, &Orphan::json);
    std::ranges::for_each(orphan_assets(), add, &Orphan::json);
  }
  return lines;
}

void write_changes(JsonWriter& out, const Zone& zone, const SyncPlace& from, std::int64_t limit,
                   const AnswerContext& context) {
  const Quirks& quirks = context.quirks;
  out.object().key("zoneID");
  write_zone_id(out, zone);
  const bool pauses = from.seq < zone.last_seq() && from.pause < static_cast<std::uint64_t>(quirks.empty_pages);
  std::vector<Line> lines;
  if (!pauses) lines = odd_lines(zone, from, limit, quirks);
  const std::size_t room = static_cast<std::size_t>(limit) - lines.size();
  const Zone::Changes page = pauses ? Zone::Changes{{}, from.seq, true} : zone.changes(from.seq, room);
  for (const RecordKey& key : page.records) lines.emplace_back([key](RecordWriter& writer) { writer.current(key); });
  out.member("syncToken", sync_token(zone.name(), {page.up_to, pauses ? from.pause + 1 : 0}));
  out.key("moreComing");
  if (!page.more && quirks.null_more_coming) {
    out.null();
  } else {
    out.value(page.more);
  }
  out.key("records").array();
  RecordWriter writer{out, zone, context};
  write_lines(writer, std::move(lines), quirks, from.seq);
  out.end().end();
}

}  // namespace

std::string Feed::database_token(Database database) {
  return sync_token(scope_of(database), {library_.last_seq(), ++asked_});
}

std::string Feed::zones(Database database) {
  JsonWriter out;
  out.object().member("moreComing", false).member("syncToken", database_token(database)).key("zones").array();
  for (const ZoneEntry& entry : library_.zones()) {
    if (entry.database != database || entry.left_at != 0) continue;
    out.object().key("zoneID");
    write_zone_id(out, *entry.zone);
    out.member("syncToken", sync_token(entry.zone->name(), {entry.zone->last_seq(), 0})).end();
  }
  return out.end().end().take();
}

std::string Feed::database_changes(Database database, JsonView body) {
  Seq since = 0;
  bool knows = false;
  if (const auto token = body["syncToken"].text(); token && !token->empty()) {
    const auto place = read_sync_token(scope_of(database), *token);
    if (const auto* at = std::get_if<SyncPlace>(&place)) since = at->seq, knows = true;
  }
  JsonWriter out;
  out.object().member("syncToken", database_token(database)).member("moreComing", false).key("zones").array();
  for (const ZoneEntry& entry : library_.zones()) {
    const bool left = entry.left_at != 0;
    if (entry.database != database || (left && !knows)) continue;
    const Seq changed_at = left ? entry.left_at : std::max(entry.zone->last_seq(), entry.came_at);
    if (knows && changed_at <= since) continue;
    out.object().key("zoneID");
    write_zone_id(out, *entry.zone);
    if (left) {
      out.member("deleted", true);
    } else {
      out.member("syncToken", sync_token(entry.zone->name(), {entry.zone->last_seq(), 0}));
    }
    out.end();
  }
  return out.end().end().take();
}

std::string Feed::zone_changes(Database database, JsonView body, AnswerContext context) const {
  JsonWriter out;
  out.object().key("zones").array();
  body["zones"].each([&](JsonView entry) {
    const JsonView id = entry["zoneID"];
    const auto zone = library_.find(database, id["zoneName"].text().value_or(""));
    if (!zone) return write_zone_failure(out, id, "ZONE_NOT_FOUND", "Zone does not exist");
    const auto place = place_of(entry, *zone);
    if (const auto* bad = std::get_if<BadToken>(&place)) {
      return write_zone_failure(
          out, id, "BAD_REQUEST",
          *bad == BadToken::Unknown ? "Unknown sync continuation type" : "Invalid continuation format");
    }
    const JsonView own_limit = entry["resultsLimit"];
    const auto limit = (own_limit.exists() ? own_limit : body["resultsLimit"]).integer().value_or(kMaxRecords);
    context.keys = DesiredKeys{entry["desiredKeys"].exists() ? entry["desiredKeys"] : body["desiredKeys"]};
    write_changes(out, *zone, std::get<SyncPlace>(place), std::clamp<std::int64_t>(limit, 1, kMaxRecords), context);
  });
  return out.end().end().take();
}

}  // namespace icloudphotos::demo
