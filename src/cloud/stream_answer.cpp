// SPDX-License-Identifier: MIT
#include "cloud/stream_answer.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "cloud/answer.h"
#include "cloud/fields.h"
#include "cloud/record_fields.h"

namespace icloudphotos::cloud {
namespace {

constexpr std::size_t kLongestGuid = 256;

std::string text_in(JsonView value) { return std::string{value.text().value_or("")}; }

bool is_video(const Original& original) {
  static constexpr std::array<std::string_view, 5> kOfVideos{"movie", "mpeg", "video", "avi", "3gpp"};
  return std::any_of(kOfVideos.begin(), kOfVideos.end(),
                     [&](std::string_view part) { return original.type.find(part) != std::string::npos; });
}

const Resource* find(const Original& original, ResourceKind kind) {
  const auto found = std::find_if(original.resources.begin(), original.resources.end(),
                                  [kind](const Resource& resource) { return resource.kind == kind; });
  return found == original.resources.end() ? nullptr : &*found;
}

/// What is shown of a photo that the album has no other file of.
const Resource* best_rendition(const Original& original) {
  const auto* video = find(original, ResourceKind::MediumVideo);
  const auto* still = find(original, ResourceKind::Medium);
  return video != nullptr && (still == nullptr || is_video(original)) ? video : still;
}

void make_file(Original& original, RecordsPage& page) {
  const auto* rendition = best_rendition(original);
  const bool has_file = std::any_of(page.urls.begin(), page.urls.end(), [&](const ContentUrl& url) {
    return url.record == original.id.value && url.resource.kind == ResourceKind::Original;
  });
  if (has_file || rendition == nullptr) return;
  auto file = *rendition;
  const auto known = std::find_if(page.urls.begin(), page.urls.end(), [&](const ContentUrl& url) {
    return url.record == original.id.value && url.resource == file;
  });
  file.kind = ResourceKind::Original;
  if (known != page.urls.end()) {
    const auto url = known->url;
    page.urls.push_back({original.id.value, file, url});
  }
  original.resources.insert(original.resources.begin(), std::move(file));
}

/// A photo that is all in one record has its original there.
void decode_lone_assets(JsonView answer, RecordsPage& page) {
  answer["records"].each([&](JsonView record) {
    const RecordFields fields{record["fields"]};
    if (!fields.reference(field::kMaster).empty() || is_true(record["deleted"]) || error_in(record)) return;
    const AssetId id{canonical_id(text_in(record["recordName"]))};
    const auto asset = std::find_if(page.delta.assets.begin(), page.delta.assets.end(),
                                    [&](const Asset& one) { return one.id == id; });
    if (asset == page.delta.assets.end()) return;
    const auto has_original = [&] {
      return std::any_of(page.delta.originals.begin(), page.delta.originals.end(),
                         [&](const Original& one) { return one.id.value == id.value; });
    };
    if (!has_original()) decode_original(record, id.value, page);
    asset->original = OriginalId{id.value};
  });
}

/// When the files were made, by original.
std::map<std::string, TimePoint> dates_in(JsonView answer) {
  std::map<std::string, TimePoint> dates;
  answer["records"].each([&](JsonView record) {
    const auto date = RecordFields{record["fields"]}.time(field::kFileCreated);
    if (date) dates.emplace(text_in(record["recordName"]), *date);
  });
  return dates;
}

}  // namespace

Result<std::vector<StreamAlbum>> decode_stream_albums(JsonView answer) {
  if (auto error = error_in(answer)) return *std::move(error);
  if (!answer["albums"].is_array())
    return Error{ErrorKind::Protocol, "iCloud's answer does not say what was asked for: the shared albums"};
  std::vector<StreamAlbum> albums;
  answer["albums"].each([&](JsonView one) {
    StreamAlbum album{text_in(one["albumguid"]), text_in(one["attributes"]["name"]), text_in(one["albumctag"]),
                      text_in(one["albumlocation"])};
    if (album.guid.empty() || album.guid.size() > kLongestGuid || album.guid.find('\0') != std::string::npos) return;
    if (!album.location.empty() && !album.location.ends_with('/')) album.location += '/';
    albums.push_back(std::move(album));
  });
  return albums;
}

std::optional<std::int64_t> decode_stream_count(JsonView answer) {
  const auto count = answer["albumassetcount"].integer();
  return count && *count >= 0 ? count : std::nullopt;
}

Result<RecordsPage> decode_stream_window(JsonView answer) {
  auto page = TRY(decode_records(answer));
  decode_lone_assets(answer, page);
  for (auto& original : page.delta.originals) make_file(original, page);
  const auto dates = dates_in(answer);
  for (auto& asset : page.delta.assets) {
    if (asset.captured) continue;
    for (const auto& record : {asset.original.value, asset.id.value})
      if (const auto date = dates.find(record); date != dates.end() && !asset.captured) asset.captured = date->second;
  }
  return page;
}

}  // namespace icloudphotos::cloud
