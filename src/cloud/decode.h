// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/base/secret.h"
#include "icloudphotos/model/library.h"

/// Answers of the photos service as values: pure functions, of documents that `read_answer` has found to be answers.
///
/// Shapes    Nothing is assumed about a field. Numbers may be strings, booleans numbers, anything null or missing; what
///           cannot be understood is left out, and counted where a photo may be lost by it.
/// Errors    What the service says inside an answer (see answer.h). Protocol: not the answer that was asked for.
/// Source    protocol/photos.md 2 to 14; the recorded answers in test/data/recorded.
namespace icloudphotos::cloud {

/// A zone in `zones/list` or `changes/database`.
struct ZoneNews {
  std::string name;
  std::string owner;
  std::optional<SyncToken> token;
  bool deleted = false;
};
struct ZonesPage {
  std::vector<ZoneNews> zones;
  std::optional<std::string> token;  ///< Of the database; no use for a zone.
  bool more = false;
};
[[nodiscard]] Result<ZonesPage> decode_zones(JsonView answer);

/// Where the bytes of a resource can be had at the moment.
struct ContentUrl {
  std::string record;  ///< The name of the original or asset that has the resource.
  Resource resource;
  Secret url;            ///< Empty: the bytes are not in the cloud (yet, or any more).
  bool is_sized = true;  ///< false: the record does not tell the size, and so does not have the resource yet.
};

/// A size was found out: the record has the resource after all.
void add_resource(const ContentUrl& found, Delta& delta);

/// The records of an answer, of whatever types.
struct RecordsPage {
  Delta delta;
  std::vector<ContentUrl> urls;
  std::vector<std::string> spelled;   ///< Names of assets and albums that have another spelling here (see Spellings).
  std::vector<std::string> missing;   ///< Names that were asked for and do not exist.
  std::optional<std::string> marker;  ///< Where the next page begins.
  std::optional<SyncToken> token;     ///< Of the zone, at this moment.
  std::size_t incomplete = 0;         ///< Records of photos and albums that say too little to be shown.
};
/// `records/query`, `records/lookup`, `records/modify`.
[[nodiscard]] Result<RecordsPage> decode_records(JsonView answer);
/// `changes/zone` for one zone. `delta.next` is never an empty token.
[[nodiscard]] Result<RecordsPage> decode_changes(JsonView answer, std::string_view zone_name);
/// One record, or the mark that one is gone.
void decode_record(JsonView record, RecordsPage& page);

/// What a record of any type says of an original, as the original of that id.
void decode_original(JsonView record, const std::string& id, RecordsPage& page);

/// `internal/records/query/batch` of count questions: one number each, in the order of the questions.
[[nodiscard]] Result<std::vector<std::optional<std::int64_t>>> decode_counts(JsonView answer);

/// `CheckIndexingState`.
struct IndexingState {
  bool finished = false;
  std::optional<SyncToken> token;
};
[[nodiscard]] Result<IndexingState> decode_indexing_state(JsonView answer);

/// What `<asset>-IN-<album>` names; `position` is 0.
[[nodiscard]] std::optional<Membership> membership_of_name(std::string_view record_name);

}  // namespace icloudphotos::cloud
