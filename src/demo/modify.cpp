// SPDX-License-Identifier: MIT
#include "modify.h"

#include "icloudphotos/base/text.h"

#include "sync_tokens.h"

namespace icloudphotos::demo {
namespace {

constexpr std::size_t kMaxOperations = 200;

/// What became of one operation.
struct Outcome {
  std::string name;
  std::optional<RecordKey> record;  ///< as it is now
  bool deleted = false;
  Failure failure;  ///< when it is neither
  [[nodiscard]] bool failed() const { return !record && !deleted; }
};

Outcome failed(std::string name, std::string code, std::string reason) {
  return {std::move(name), {}, false, {400, std::move(code), std::move(reason)}};
}

JsonView value_of(JsonView record, std::string_view field) { return record["fields"][field]["value"]; }

std::optional<std::string> decoded(JsonView value) {
  const auto text = value.text();
  return text ? base64_decode(*text) : std::nullopt;
}

class Modifier {
 public:
  Modifier(ZoneEditor& editor, const AnswerContext& context)
      : editor_{editor}, now_ms_{context.now.time_since_epoch().count()}, quirks_{context.quirks} {}

  Outcome apply(JsonView operation) {
    const JsonView record = operation["record"];
    const std::string name{record["recordName"].text().value_or("")};
    const std::string kind{operation["operationType"].text().value_or("")};
    const std::string type{record["recordType"].text().value_or("")};
    const bool creates = kind == "create";
    const bool deletes = kind == "delete" || kind == "forceDelete";
    if (type == "CPLContainerRelation" || name.find("-IN-") != std::string::npos) {
      return deletes ? remove_member(name) : add_member(name, record);
    }
    if (type == "CPLAlbum")
      return creates ? create_album(record) : deletes ? erase_album(name) : update_album(name, record);
    if (deletes) return purge(name);
    if (type == "CPLAsset" && !creates) return update_asset(name, record);
    return failed(name, "BAD_REQUEST", "operation not supported");
  }

 private:
  [[nodiscard]] bool is_outdated(const RecordKey& key, JsonView record) const {
    const auto tag = record["recordChangeTag"].text();
    return quirks_.check_tags && tag && *tag != change_tag(editor_.zone(), key);
  }

  Outcome update_asset(const std::string& name, JsonView record) {
    const auto id = editor_.zone().find_asset(name);
    if (!id) return failed(name, "NOT_FOUND", "Record not found");
    if (is_outdated({RecordKind::Asset, *id, {}}, record))
      return failed(name, "CONFLICT", "client oplock error updating record");
    Photo photo = editor_.zone().photo(*id);
    if (value_of(record, "isExpunged").boolean() == true && photo.deleted_ms) return purge(name);
    photo.favorite = value_of(record, "isFavorite").boolean().value_or(photo.favorite);
    photo.hidden = value_of(record, "isHidden").boolean().value_or(photo.hidden);
    if (const auto deleted = value_of(record, "isDeleted").boolean()) {
      photo.deleted_ms = *deleted ? std::optional{photo.deleted_ms.value_or(now_ms_)} : std::nullopt;
    }
    if (auto title = decoded(value_of(record, "captionEnc"))) photo.title = std::move(title);
    if (auto text = decoded(value_of(record, "extendedDescEnc"))) photo.description = std::move(text);
    photo.modified_ms = now_ms_;
    editor_.put_photo(*id, std::move(photo), ZoneEditor::Touch::Asset);
    return {name, RecordKey{RecordKind::Asset, *id, {}}, false, {}};
  }

  Outcome purge(const std::string& name) {
    const auto id = editor_.zone().find_asset(name);
    if (!id) return failed(name, "NOT_FOUND", "Record not found");
    editor_.purge_photo(*id);
    return {name, {}, true, {}};
  }

  Outcome create_album(JsonView record) {
    Album album;
    album.id = std::string{record["recordName"].text().value_or(ascii_upper(random_uuid()))};
    album.name = decoded(value_of(record, "albumNameEnc"));
    album.parent = std::string{value_of(record, "parentId").text().value_or("")};
    album.is_folder = value_of(record, "albumType").integer() == 3;
    album.position = value_of(record, "position").integer().value_or(0);
    album.created_ms = album.modified_ms = now_ms_;
    if (editor_.zone().album(album.id)) return failed(album.id, "CONFLICT", "record to insert already exists");
    const std::string id = album.id;
    editor_.put_album(std::move(album));
    return {id, RecordKey{RecordKind::Album, 0, id}, false, {}};
  }

  Outcome update_album(const std::string& name, JsonView record) {
    const auto before = editor_.zone().album(name);
    if (!before) return failed(name, "NOT_FOUND", "Record not found");
    if (is_outdated({RecordKind::Album, 0, name}, record))
      return failed(name, "CONFLICT", "client oplock error updating record");
    Album album = *before;
    if (auto new_name = decoded(value_of(record, "albumNameEnc"))) album.name = std::move(new_name);
    album.trashed = value_of(record, "isDeleted").boolean().value_or(album.trashed);
    album.position = value_of(record, "position").integer().value_or(album.position);
    if (const auto parent = value_of(record, "parentId").text()) album.parent = *parent;
    album.modified_ms = now_ms_;
    editor_.put_album(std::move(album));
    return {name, RecordKey{RecordKind::Album, 0, name}, false, {}};
  }

  Outcome erase_album(const std::string& name) {
    if (!editor_.zone().album(name)) return failed(name, "NOT_FOUND", "Record not found");
    editor_.erase_album(name);
    return {name, {}, true, {}};
  }

  Outcome add_member(const std::string& name, JsonView record) {
    const auto asset = value_of(record, "itemId").text(), album = value_of(record, "containerId").text();
    if (!asset || !album || !editor_.zone().album(*album) || !editor_.zone().find_asset(*asset))
      return failed(name, "VALIDATING_REFERENCE_ERROR", "the album or photo is not there");
    const std::string item = editor_.zone().photo(*editor_.zone().find_asset(*asset)).asset;
    editor_.add_member(std::string{*album}, item, value_of(record, "position").integer().value_or(1024));
    return {name, RecordKey{RecordKind::Relation, 0, relation_name(item, *album)}, false, {}};
  }

  Outcome remove_member(const std::string& name) {
    const std::size_t middle = name.rfind("-IN-");
    if (middle == std::string::npos) return failed(name, "BAD_REQUEST", "not the name of a relation");
    editor_.remove_member(name.substr(middle + 4), name.substr(0, middle));
    return {name, {}, true, {}};
  }

  ZoneEditor& editor_;
  const std::int64_t now_ms_;
  const Quirks& quirks_;
};

std::string write_outcomes(const std::vector<Outcome>& outcomes, bool rolled_back, const Zone& zone,
                           const AnswerContext& context) {
  JsonWriter out;
  out.object().key("records").array();
  RecordWriter writer{out, zone, context};
  for (const Outcome& outcome : outcomes) {
    if (outcome.failed()) {
      writer.failure(outcome.name, outcome.failure.code, outcome.failure.reason);
    } else if (rolled_back) {
      writer.failure(outcome.name, "ATOMIC_ERROR", "another operation of the request failed");
    } else if (outcome.deleted) {
      out.object().member("recordName", outcome.name).member("deleted", true).end();
    } else {
      writer.current(*outcome.record);
    }
  }
  return out.end().member("syncToken", sync_token(zone.name(), {zone.last_seq(), 0})).end().take();
}

}  // namespace

std::variant<std::string, Failure> modify_records(JsonView body, Library& library, const Zone& zone,
                                                  const AnswerContext& context) {
  const JsonView operations = body["operations"];
  if (!operations.is_array() || operations.size() == 0 || operations.size() > kMaxOperations)
    return Failure{400, "BAD_REQUEST", "between 1 and 200 operations are needed"};
  const bool atomic = body["atomic"].boolean().value_or(true);
  std::vector<Outcome> outcomes;
  const auto done = library.change(zone.name(), [&](ZoneEditor& editor) -> Result<void> {
    Modifier modifier{editor, context};
    bool all_done = true;
    operations.each([&](JsonView operation) {
      outcomes.push_back(modifier.apply(operation));
      all_done = all_done && !outcomes.back().failed();
    });
    if (atomic && !all_done) return Error{ErrorKind::Rejected, "rolled back"};
    return {};
  });
  const auto after = library.find(zone.name());
  if (!after) return Failure{404, "ZONE_NOT_FOUND", "Zone does not exist"};
  return write_outcomes(outcomes, !done, *after, context);
}

}  // namespace icloudphotos::demo
