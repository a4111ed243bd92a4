// SPDX-License-Identifier: MIT
#include "photos.h"

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/text.h"

#include "modify.h"
#include "query.h"
#include "sync_tokens.h"

namespace icloudphotos::demo {
namespace {

using Answer = std::variant<std::string, Failure>;

constexpr std::string_view kPrefix = "/database/1/com.apple.photos.cloud/production/";
constexpr std::size_t kMaxLookups = 200;

const Failure kNoZone{404, "ZONE_NOT_FOUND", "Zone does not exist"};

std::shared_ptr<const Zone> zone_of(const Library& library, Database database, JsonView body) {
  JsonView name = body["zoneID"]["zoneName"];
  if (!name.exists()) name = body["records"].at(0)["zoneID"]["zoneName"];  // some clients put it into each element
  return library.find(database, name.text().value_or(""));
}

void write_failure(JsonWriter& out, const Failure& failure) {
  out.object().member("serverErrorCode", failure.code).member("reason", failure.reason).end();
}

Answer answer_batch(JsonView body, const Library& library, Database database, AnswerContext& context) {
  JsonWriter out;
  out.object().key("batch").array();
  body["batch"].each([&](JsonView entry) {
    const auto zone = zone_of(library, database, entry);
    if (!zone) return write_failure(out, kNoZone);
    context.keys = DesiredKeys{entry["desiredKeys"]};
    const Answer answer = answer_query(entry, *zone, context);
    if (const auto* failure = std::get_if<Failure>(&answer)) return write_failure(out, *failure);
    out.raw(std::get<std::string>(answer));
  });
  return out.end().end().take();
}

/// Uploads take a while to be known everywhere.
bool is_too_fresh(const Photo& photo, const AnswerContext& context) {
  return photo.added_ms > context.now.time_since_epoch().count() - 1000 * context.quirks.fresh_s;
}

void look_up(RecordWriter& writer, const Zone& zone, const std::string& name, const AnswerContext& context) {
  const auto not_found = [&] { writer.failure(name, "NOT_FOUND", "Record not found"); };
  if (const auto id = zone.find_asset(name)) {
    return is_too_fresh(zone.photo(*id), context) ? not_found() : writer.current({RecordKind::Asset, *id, {}});
  }
  if (const auto album = zone.album(name)) return writer.album(*album);
  if (name == kShareRecord && zone.is_collection()) return writer.current({RecordKind::Other, 0, name});
  if (name.find("-IN-") != std::string::npos) {
    const auto album = zone.album(name.substr(name.rfind("-IN-") + 4));
    const std::string asset = name.substr(0, name.rfind("-IN-"));
    for (const Member& member : album ? album->members : std::vector<Member>{}) {
      if (member.asset == asset) return writer.relation(*album, member);
    }
  } else if (const auto owner = zone.find_master(name)) {
    const Photo photo = zone.photo(*owner);
    return is_too_fresh(photo, context) ? not_found() : writer.master(*owner, photo);
  }
  not_found();
}

Answer answer_lookup(JsonView body, const Zone& zone, const AnswerContext& context) {
  const JsonView records = body["records"];
  if (!records.is_array() || records.size() > kMaxLookups)
    return Failure{400, "BAD_REQUEST", "between 1 and 200 records are needed"};
  JsonWriter out;
  out.object().key("records").array();
  RecordWriter writer{out, zone, context};
  records.each(
      [&](JsonView record) { look_up(writer, zone, std::string{record["recordName"].text().value_or("")}, context); });
  return out.end().member("syncToken", sync_token(zone.name(), {zone.last_seq(), 0})).end().take();
}

}  // namespace

Answer Photos::operate(Database database, std::string_view operation, JsonView body, const Origin& origin,
                       const Quirks& quirks, TimePoint now) {
  AnswerContext context{DesiredKeys{body["desiredKeys"]}, urls_, origin.content_url(), now, quirks, asked_};
  if (operation == "zones/list") return feed_.zones(database);
  if (operation == "changes/database") return feed_.database_changes(database, body);
  if (operation == "changes/zone") return feed_.zone_changes(database, body, std::move(context));
  if (operation == "internal/records/query/batch") return answer_batch(body, library_, database, context);
  const bool is_record_call =
      operation == "records/query" || operation == "records/lookup" || operation == "records/modify";
  if (!is_record_call) return Failure{404, "NOT_FOUND", "no such operation: " + std::string{operation}};
  const auto zone = zone_of(library_, database, body);
  if (!zone) return kNoZone;
  if (operation == "records/query") return answer_query(body, *zone, context);
  if (operation == "records/lookup") return answer_lookup(body, *zone, context);
  return modify_records(body, library_, *zone, context);
}

net::ServerResponse Photos::answer(const net::ServerRequest& request, const Origin& origin, const Quirks& quirks,
                                   TimePoint now) {
  if (request.method != "POST") return failure_answer({405, "BAD_REQUEST", "only POST is understood"});
  if (!request.path.starts_with(kPrefix)) return failure_answer({404, "NOT_FOUND", "no such container"});
  const std::string_view rest = std::string_view{request.path}.substr(kPrefix.size());
  const std::size_t slash = rest.find('/');
  const std::string_view name = rest.substr(0, slash);
  if (slash == std::string_view::npos || (name != "private" && name != "shared"))
    return failure_answer({404, "NOT_FOUND", "no such database"});
  const Database database = name == "private" ? Database::Private : Database::Shared;
  const auto document = JsonDocument::parse(request.body.empty() ? "{}" : request.body);
  if (!document) return failure_answer({400, "BAD_REQUEST", "BadRequestException: the body is no JSON"});
  Answer answer = operate(database, rest.substr(slash + 1), document->root(), origin, quirks, now);
  if (const auto* failure = std::get_if<Failure>(&answer)) return failure_answer(*failure);
  return json_answer(200, std::get<std::string>(std::move(answer)));
}

}  // namespace icloudphotos::demo
