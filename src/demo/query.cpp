// SPDX-License-Identifier: MIT
#include "query.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

#include "indexes.h"
#include "sync_tokens.h"

namespace icloudphotos::demo {
namespace {

using Answer = std::variant<std::string, Failure>;

constexpr std::int64_t kMaxRecords = 200;
constexpr std::string_view kRootFolder = "----Root-Folder----", kProjectFolder = "----Project-Root-Folder----";

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

Answer answer_indexing_state(const Zone& zone, const AnswerContext& context, const Quirks& quirks) {
  JsonWriter out;
  out.object().key("records").array();
  RecordWriter{out, zone, context}.indexing_state(quirks.indexing_running ? "RUNNING" : "FINISHED",
                                                  quirks.indexing_running ? 42 : 100);
  return finish(out, zone, "");
}

Answer answer_count(JsonView query, const Zone& zone, const AnswerContext& context, const Quirks& quirks) {
  JsonWriter out;
  out.object().key("records").array();
  RecordWriter writer{out, zone, context};
  const JsonView ids = filter_of(query, "indexCountID");
  const auto count = [&](JsonView id) {
    const auto name = id.text();
    if (!name) return;
    if (*name == "CPLAlbumByPositionLive") return writer.count(*name, static_cast<std::int64_t>(zone.albums().size()));
    if (!is_index(zone, *name)) return;  // an index nobody has heard of has no count
    const auto size = static_cast<std::int64_t>(zone.index(std::string{*name})->size());
    writer.count(*name, std::max<std::int64_t>(0, size + quirks.count_error));
  };
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
  JsonWriter out;
  out.object().key("records").array();
  RecordWriter writer{out, zone, context};
  const auto children = children_of(zone, parent);
  const std::size_t folders = parent.empty() ? 2 : 0;  // the root and the projects' root come first
  std::size_t next = first;
  for (; next < children.size() + folders && next - first < limit; ++next) {
    if (next < folders) {
      writer.root_folder(next == 0 ? kRootFolder : kProjectFolder);
    } else {
      writer.album(*children[next - folders]);
    }
  }
  const bool more = next < children.size() + folders;
  return finish(out, zone, more ? marker_of(of, static_cast<std::int64_t>(next)) : "");
}

/// The photos of one page and which of their records still fit.
struct Page {
  std::vector<std::pair<PhotoId, Photo>> masters, assets, relations;
  std::int64_t records = 0;
  std::int64_t next_rank = 0;
  bool more = false;
};

class PageMaker {
 public:
  PageMaker(const Zone& zone, const Quirks& quirks, std::int64_t limit, const Album* album)
      : zone_{zone}, quirks_{quirks}, limit_{limit}, album_{album} {}

  Page make(const Index& index, std::int64_t rank, int step) {
    const auto size = static_cast<std::int64_t>(index.size());
    for (; rank >= 0 && rank < size; rank += step) {
      if (!add(index[static_cast<std::size_t>(rank)])) {
        page_.more = true;
        break;
      }
    }
    page_.next_rank = rank;
    return std::move(page_);
  }

 private:
  bool add(PhotoId id) {
    Photo photo = zone_.photo(id);
    if (quirks_.picks_only && !photo.burst_id.empty() && (photo.burst_flags & 16) == 0) return true;
    const bool needs_master = !photo.late_master && !masters_.contains(photo.master);
    const std::int64_t cost = 1 + (needs_master ? 1 : 0) + (album_ != nullptr ? 1 : 0);
    if (page_.records + cost > limit_ && !quirks_.split_groups) return false;
    if (page_.records >= limit_) return false;
    if (needs_master && take()) {
      masters_.insert(photo.master);
      const PhotoId owner = zone_.master_owner(id);
      page_.masters.emplace_back(owner, owner == id ? photo : zone_.photo(owner));
    }
    const bool asset_fits = take();
    if (asset_fits) page_.assets.emplace_back(id, photo);
    const bool relation_fits = album_ == nullptr || take();
    if (album_ != nullptr && relation_fits) page_.relations.emplace_back(id, std::move(photo));
    return asset_fits && relation_fits;
  }
  bool take() {
    if (page_.records == limit_) return false;
    ++page_.records;
    return true;
  }

  const Zone& zone_;
  const Quirks& quirks_;
  const std::int64_t limit_;
  const Album* album_;
  Page page_;
  std::set<std::string> masters_;
};

void write_page(RecordWriter& writer, const Page& page, const Album* album) {
  for (const auto& [owner, photo] : page.masters) writer.master(owner, photo);
  for (const auto& [id, photo] : page.assets) writer.asset(id, photo);
  for (const auto& [id, photo] : page.relations) {
    const auto member = std::ranges::find(album->members, photo.asset, &Member::asset);
    if (member != album->members.end()) writer.relation(*album, *member);
  }
}

Answer answer_list(JsonView body, JsonView query, const std::string& index_name, const Zone& zone,
                   const AnswerContext& context, const Quirks& quirks) {
  const bool is_album = index_name.starts_with("CPLContainerRelation");
  if (is_album && zone.is_shared_library()) return bad_request("Index has invalid data");
  const auto album = is_album ? zone.album(filter_of(query, "parentId").text().value_or("")) : nullptr;
  if (is_album && !album) return bad_request("Index has invalid data");
  const bool descending = filter_of(query, "direction").text() == "DESCENDING";
  const auto limit = std::clamp<std::int64_t>(body["resultsLimit"].integer().value_or(kMaxRecords), 1, kMaxRecords);
  const std::string of = index_name + (descending ? "/down" : "/up");
  const std::int64_t rank = read_marker(body, of).value_or(filter_of(query, "startRank").integer().value_or(0));
  if (rank < 0) return bad_request("startRank must not be negative");
  const auto index = zone.index(index_name);
  const Page page = PageMaker{zone, quirks, limit, album.get()}.make(*index, rank, descending ? -1 : 1);
  JsonWriter out;
  out.object().key("records").array();
  RecordWriter writer{out, zone, context};
  write_page(writer, page, album.get());
  return finish(out, zone, page.more ? marker_of(of, page.next_rank) : "");
}

}  // namespace

Answer answer_query(JsonView body, const Zone& zone, const AnswerContext& context, const Quirks& quirks) {
  const JsonView query = body["query"];
  const auto type = query["recordType"].text();
  if (!type) return bad_request("BadRequestException: missing required field 'recordType'");
  if (*type == "CheckIndexingState") return answer_indexing_state(zone, context, quirks);
  if (zone.name() != "PrimarySync" && !zone.is_shared_library()) return bad_request("Index has invalid data");
  if (*type == "HyperionIndexCountLookup") return answer_count(query, zone, context, quirks);
  if (*type == "CPLAlbumByPositionLive") return answer_albums(body, query, zone, context);
  const auto index = index_of_list(*type, filter_of(query, "smartAlbum").text().value_or(""),
                                   filter_of(query, "parentId").text().value_or(""));
  if (!index) return bad_request("Type is not marked indexable: " + std::string{*type});
  return answer_list(body, query, *index, zone, context, quirks);
}

}  // namespace icloudphotos::demo
