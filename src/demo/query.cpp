// SPDX-License-Identifier: MIT
#include "query.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

#include "indexes.h"
#include "pages.h"
#include "sync_tokens.h"

namespace icloudphotos::demo {
namespace {

using Answer = std::variant<std::string, Failure>;

constexpr std::int64_t kMaxRecords = 200;
constexpr std::string_view kRootFolder = "----Root-Folder----", kProjectFolder = "----Project-Root-Folder----";
constexpr std::string_view kAlbumIndex = "CPLAlbumByPositionLive";

Failure bad_request(std::string reason) { return {400, "BAD_REQUEST", std::move(reason)}; }

/// The value of a filter; `filterBy` may be one object or an array of them.
JsonView filter_of(JsonView query, std::string_view field) {
  const JsonView filters = query["filterBy"];
  if (filters.is_object()) return filters["fieldName"].text() == field ? filters["fieldValue"]["value"] : JsonView{};
  for (std::size_t i = 0; i < filters.size(); ++i) {
    if (filters.at(i)["fieldName"].text() == field) return filters.at(i)["fieldValue"]["value"];
  }
  return {};
}

std::string marker_of(std::string_view of, std::int64_t next) {
  return base64_encode(as_bytes(fmt::format("{}|{}", of, next)));
}

std::optional<std::int64_t> read_marker(JsonView body, std::string_view of) {
  const auto text = body["continuationMarker"].text();
  if (!text) return std::nullopt;
  const std::string inside = base64_decode(*text).value_or("");
  const std::size_t bar = inside.rfind('|');
  std::int64_t next = 0;
  if (bar == std::string::npos || inside.substr(0, bar) != of) return std::nullopt;
  const auto [end, error] = std::from_chars(inside.data() + bar + 1, inside.data() + inside.size(), next);
  return error == std::errc{} ? std::optional{next} : std::nullopt;
}

std::string finish(JsonWriter& out, const Zone& zone, const std::string& marker) {
  out.end();
  if (!marker.empty()) out.member("continuationMarker", marker);
  return out.member("syncToken", sync_token(zone.name(), {zone.last_seq(), 0})).end().take();
}

Answer answer_indexing_state(const Zone& zone, const AnswerContext& context) {
  JsonWriter out;
  out.object().key("records").array();
  RecordWriter{out, zone, context}.indexing_state(context.quirks.indexing_running ? "RUNNING" : "FINISHED",
                                                  context.quirks.indexing_running ? 42 : 100);
  return finish(out, zone, "");
}

/// What an index claims to hold.
std::int64_t count_of(const Zone& zone, const std::string& index, const AnswerContext& context) {
  const Quirks& quirks = context.quirks;
  std::int64_t error = quirks.count_error;
  if (quirks.counts == CountAnswer::Contradictory) error += context.asked.turn() % 2 == 0 ? 3 : -2;
  const auto size = index == kAlbumIndex
                        ? zone.albums().size()
                        : zone.index(index, quirks.unlisted ? Listing::Partial : Listing::Whole)->size();
  return std::max<std::int64_t>(0, static_cast<std::int64_t>(size) + error);
}

Answer answer_count(JsonView query, const Zone& zone, const AnswerContext& context) {
  if (context.quirks.counts == CountAnswer::Error) return Failure{500, "INTERNAL_ERROR", "no counts today"};
  JsonWriter out;
  out.object().key("records").array();
  RecordWriter writer{out, zone, context};
  const auto count = [&](JsonView id) {
    const std::string name{id.text().value_or("")};
    // An index nobody has heard of has no count.
    if (context.quirks.counts == CountAnswer::Missing || (name != kAlbumIndex && !is_index(zone, name))) return;
    writer.count(name, count_of(zone, name, context));
  };
  const JsonView ids = filter_of(query, "indexCountID");
  if (ids.is_array()) {
    ids.each(count);
  } else {
    count(ids);
  }
  return finish(out, zone, "");
}

std::vector<const Album*> children_of(const Zone& zone, std::string_view parent) {
  std::vector<const Album*> children;
  for (const auto& [id, album] : zone.albums()) {
    const std::string_view of = album->parent == kRootFolder ? std::string_view{} : std::string_view{album->parent};
    if (of == parent) children.push_back(album.get());
  }
  std::ranges::sort(children, {}, [](const Album* album) { return std::pair{album->position, album->id}; });
  return children;
}

Answer answer_albums(JsonView body, JsonView query, const Zone& zone, const AnswerContext& context) {
  if (zone.is_shared_library()) return bad_request("Index has invalid data");
  std::string_view parent = filter_of(query, "parentId").text().value_or("");
  if (parent == kRootFolder) parent = {};
  const std::string of = "albums/" + std::string{parent};
  const auto first = static_cast<std::size_t>(std::max<std::int64_t>(0, read_marker(body, of).value_or(0)));
  const auto limit = static_cast<std::size_t>(
      std::clamp<std::int64_t>(body["resultsLimit"].integer().value_or(kMaxRecords), 1, kMaxRecords));
  std::vector<Line> lines;
  const auto children = children_of(zone, parent);
  const std::size_t folders = parent.empty() ? 2 : 0;  // the root and the projects' root come first
  std::size_t next = first;
  for (; next < children.size() + folders && next - first < limit; ++next) {
    if (next < folders) {
      lines.emplace_back(
          [next](RecordWriter& writer) { writer.root_folder(next == 0 ? kRootFolder : kProjectFolder); });
    } else {
      lines.emplace_back([album = children[next - folders]](RecordWriter& writer) { writer.album(*album); });
    }
  }
  JsonWriter out;
  out.object().key("records").array();
  RecordWriter writer{out, zone, context};
  write_lines(writer, std::move(lines), context.quirks, first);
  const bool more = next < children.size() + folders;
  return finish(out, zone, more ? marker_of(of, static_cast<std::int64_t>(next)) : "");
}

Answer answer_list(JsonView body, JsonView query, const std::string& index_name, const Zone& zone,
                   const AnswerContext& context) {
  const bool is_album = index_name.starts_with("CPLContainerRelation");
  if (is_album && zone.is_shared_library()) return bad_request("Index has invalid data");
  const auto album = is_album ? zone.album(filter_of(query, "parentId").text().value_or("")) : nullptr;
  if (is_album && !album) return bad_request("Index has invalid data");
  const bool descending = filter_of(query, "direction").text() == "DESCENDING";
  const auto limit = std::clamp<std::int64_t>(body["resultsLimit"].integer().value_or(kMaxRecords), 1, kMaxRecords);
  const std::string of = index_name + (descending ? "/down" : "/up");
  const std::int64_t rank = read_marker(body, of).value_or(filter_of(query, "startRank").integer().value_or(0));
  if (rank < 0) return bad_request("startRank must not be negative");
  ListPage page = cut_page(zone, {index_name, album, rank, descending ? -1 : 1, limit}, context);
  JsonWriter out;
  out.object().key("records").array();
  RecordWriter writer{out, zone, context};
  write_lines(writer, std::move(page.lines), context.quirks, static_cast<std::uint64_t>(rank));
  return finish(out, zone, page.more ? marker_of(of, page.next_rank) : "");
}

}  // namespace

Answer answer_query(JsonView body, const Zone& zone, const AnswerContext& context) {
  const JsonView query = body["query"];
  const auto type = query["recordType"].text();
  if (!type) return bad_request("BadRequestException: missing required field 'recordType'");
  if (*type == "CheckIndexingState") return answer_indexing_state(zone, context);
  if (zone.name() != "PrimarySync" && !zone.is_shared_library()) return bad_request("Index has invalid data");
  if (*type == "HyperionIndexCountLookup") return answer_count(query, zone, context);
  if (*type == kAlbumIndex) return answer_albums(body, query, zone, context);
  const auto index = index_of_list(*type, filter_of(query, "smartAlbum").text().value_or(""),
                                   filter_of(query, "parentId").text().value_or(""));
  if (!index) return bad_request("Type is not marked indexable: " + std::string{*type});
  return answer_list(body, query, *index, zone, context);
}

}  // namespace icloudphotos::demo
