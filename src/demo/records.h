// SPDX-License-Identifier: MIT
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "icloudphotos/base/json.h"

#include "asked_before.h"
#include "content_urls.h"
#include "quirks.h"
#include "zone.h"

namespace icloudphotos::demo {

/// The fields a client asked for; all when it did not say.
class DesiredKeys {
 public:
  DesiredKeys() = default;
  explicit DesiredKeys(JsonView array);
  [[nodiscard]] bool wants(std::string_view field) const { return all_ || names_.contains(field); }

 private:
  bool all_ = true;
  std::set<std::string, std::less<>> names_;
};

/// What an answer depends on besides the zone.
struct AnswerContext {
  DesiredKeys keys;
  const ContentUrls& urls;
  std::string content_host;
  TimePoint now;
  const Quirks& quirks;
  AskedBefore& asked;
};

/// Writes records, each as one JSON object, as elements of an open array.
class RecordWriter {
 public:
  RecordWriter(JsonWriter& out, const Zone& zone, const AnswerContext& context)
      : out_{out}, zone_{zone}, context_{context} {}

  void master(PhotoId owner, const Photo& photo);
  void asset(PhotoId id, const Photo& photo);
  void album(const Album& album);
  void root_folder(std::string_view name);
  void relation(const Album& album, const Member& member, bool is_deleted = false);
  void count(std::string_view index, std::int64_t count);
  void indexing_state(std::string_view state, int progress);
  void tombstone(std::string_view name, Seq seq);
  void failure(std::string_view name, std::string_view code, std::string_view reason);
  void raw(std::string_view record) { out_.raw(record); }
  /// Whatever the record is now: itself or its tombstone.
  void current(const RecordKey& key);

 private:
  void begin(std::string_view name, std::string_view type);
  void end(const RecordKey& key, std::int64_t created_ms, std::int64_t modified_ms);
  void end_of_internal();
  void zone_id();

  void text(std::string_view field, std::string_view value);
  void integer(std::string_view field, std::int64_t value);
  void flag(std::string_view field, bool value, const Gaps& gaps);
  void without_value(std::string_view field, std::string_view type);
  void real(std::string_view field, double value);
  void timestamp(std::string_view field, std::int64_t ms);
  void encrypted(std::string_view field, std::string_view bytes);
  void reference(std::string_view field, std::string_view record);
  void rendition(PhotoId id, const Photo& photo, Slot slot);
  void resource(PhotoId id, const Photo& photo, Slot slot);
  void write_master(PhotoId owner, const Photo& photo);
  void write_asset(PhotoId id, const Photo& photo);
  void state(const Photo& photo);
  void other(const RecordKey& key);
  void share();
  void plugin_fields(const RecordKey& key);
  void file_name(const Photo& photo);
  void description(const Photo& photo);
  void adjustment(const Photo& photo);

  JsonWriter& out_;
  const Zone& zone_;
  const AnswerContext& context_;
  std::uint64_t manner_ = 0;  ///< how the record at hand words its numbers
};

/// The `recordChangeTag` of a record as it is now.
[[nodiscard]] std::string change_tag(const Zone& zone, const RecordKey& key);
/// `{"zoneName":…,"ownerRecordName":…,"zoneType":…}`
void write_zone_id(JsonWriter& out, const Zone& zone);

}  // namespace icloudphotos::demo
