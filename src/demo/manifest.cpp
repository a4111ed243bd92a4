// SPDX-License-Identifier: MIT
#include "manifest.h"

#include <algorithm>
#include <functional>
#include <map>

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/base/text.h"

#include "embedded.h"
#include "listed_seed.h"

namespace icloudphotos::demo {
namespace {

/// The files a manifest names, read when first named; equal names give the same bytes.
class Shelf {
 public:
  using Reader = std::function<Result<std::string_view>(const std::string& name)>;
  explicit Shelf(Reader read) : read_{std::move(read)} {}

  Result<Media> media(const std::string& name) {
    if (const auto known = known_.find(name); known != known_.end()) return known->second;
    return known_.emplace(name, Media{TRY(read_(name))}).first->second;
  }

 private:
  Reader read_;
  std::map<std::string, Media> known_;
};

std::string text_of(JsonView value) { return std::string{value.text().value_or("")}; }

std::optional<std::string> optional_text(JsonView value) {
  if (const auto text = value.text()) return std::string{*text};
  return std::nullopt;
}

Result<std::optional<Rendition>> read_rendition(JsonView from, Shelf& shelf) {
  if (!from.is_object()) return std::optional<Rendition>{};
  return std::optional{Rendition{TRY(shelf.media(text_of(from["file"]))), text_of(from["type"]),
                                 static_cast<int>(from["width"].integer().value_or(0)),
                                 static_cast<int>(from["height"].integer().value_or(0))}};
}

NameEncoding read_encoding(JsonView from) {
  const auto name = from.text().value_or("base64");
  if (name == "string") return NameEncoding::String;
  if (name == "invalid_base64") return NameEncoding::InvalidBase64;
  if (name == "invalid_utf8") return NameEncoding::InvalidUtf8;
  return NameEncoding::Base64;
}

void read_description(JsonView from, Photo& photo) {
  photo.title = optional_text(from["title"]);
  photo.description = optional_text(from["description"]);
  from["keywords"].each([&](JsonView keyword) { photo.keywords.push_back(text_of(keyword)); });
  if (const JsonView place = from["location"]; place.is_object()) {
    photo.place =
        Place{place["lat"].number().value_or(0), place["lon"].number().value_or(0), place["alt"].number().value_or(0)};
  }
}

void read_state(JsonView from, Photo& photo) {
  photo.captured_ms = from["captured"].integer();
  photo.added_ms = from["added"].integer().value_or(0);
  photo.offset_s = from["offset"].integer();
  photo.time_zone = text_of(from["time_zone_name"]);
  photo.favorite = from["favorite"].boolean().value_or(false);
  photo.hidden = from["hidden"].boolean().value_or(false);
  photo.deleted_ms = from["deleted_at"].integer();
  photo.duration_ms = from["duration_ms"].integer().value_or(0);
  photo.orientation = from["orientation"].integer().value_or(1);
  photo.subtype = from["subtype"].integer().value_or(0);
  photo.subtype_v2 = from["subtype_v2"].integer().value_or(0);
  photo.burst_id = text_of(from["burst_id"]);
  photo.burst_flags = from["burst_flags"].integer().value_or(0);
  photo.adjustment_type = text_of(from["adjustment_type"]);
  photo.adjustment_render_type = from["adjustment_render_type"].integer().value_or(0);
  photo.no_download_url = from["no_download_url"].boolean().value_or(false);
  photo.late_master = from["late_master"].boolean().value_or(false);
  photo.modified_ms = photo.added_ms + (photo.is_edited() ? 3'600'000 : 1'000);
}

Result<Photo> read_photo(JsonView from, Shelf& shelf) {
  Photo photo;
  photo.asset = text_of(from["asset"]);
  constexpr std::pair<const char*, Slot> kMembers[] = {
      {"original", Slot::Original},     {"alternative", Slot::OriginalAlt}, {"live_video", Slot::OriginalVidCompl},
      {"edited_still", Slot::JpegFull}, {"edited_video", Slot::VidFull},    {"medium", Slot::JpegMed},
      {"thumb", Slot::JpegThumb},       {"video_medium", Slot::VidMed}};
  for (const auto& [member, slot] : kMembers) photo.at(slot) = TRY(read_rendition(from[member], shelf));
  const auto& original = photo.at(Slot::Original);
  if (photo.asset.empty() || !original)
    return Error{ErrorKind::Usage, "a photo of the library has no asset or original"};
  photo.master = original->media.checksum();
  photo.name = optional_text(from["name"]);
  photo.name_encoding = read_encoding(from["name_encoding"]);
  if (from["item_type"].exists()) {
    photo.item_type = optional_text(from["item_type"]);
  } else {
    photo.item_type = original->type;
  }
  read_state(from, photo);
  read_description(from, photo);
  return photo;
}

Album read_album(JsonView from) {
  Album album;
  album.id = text_of(from["id"]);
  album.is_folder = from["kind"].text() == "folder";
  album.name = optional_text(from["name"]);
  album.parent = text_of(from["parent"]);
  album.position = from["position"].integer().value_or(0);
  album.created_ms = from["created"].integer().value_or(0);
  album.modified_ms = album.created_ms;
  album.trashed = from["deleted"].boolean().value_or(false);
  std::int64_t position = 0;
  from["members"].each([&](JsonView asset) { album.members.push_back({text_of(asset), position += 1024}); });
  return album;
}

Result<SmallLibrary> read_library(std::string_view manifest, Shelf shelf, const std::shared_ptr<const void>& bytes) {
  const auto document = TRY(JsonDocument::parse(manifest));
  std::vector<Photo> personal, shared;
  const JsonView photos = document["photos"];
  for (std::size_t i = 0; i < photos.size(); ++i) {
    auto& zone = photos.at(i)["library"].text() == "shared" ? shared : personal;
    zone.push_back(TRY(read_photo(photos.at(i), shelf)));
  }
  std::vector<Album> albums;
  document["albums"].each([&](JsonView album) { albums.push_back(read_album(album)); });
  SmallLibrary library;
  library.personal = make_listed_seed(std::move(personal), std::move(albums), bytes);
  if (!shared.empty()) library.shared = make_listed_seed(std::move(shared), {}, bytes);
  return library;
}

}  // namespace

Result<SmallLibrary> load_embedded_library() {
  const auto find = [](const std::string& name) -> Result<std::string_view> {
    const auto files = embedded_files();
    const auto found = std::ranges::find(files, name, &EmbeddedFile::path);
    if (found == files.end()) return Error{ErrorKind::Usage, "the demo library was built without " + name};
    return found->bytes;
  };
  const std::string_view manifest = TRY(find("library.json"));
  return read_library(manifest, Shelf{find}, nullptr);
}

Result<SmallLibrary> load_library(const std::filesystem::path& directory) {
  const auto bytes = std::make_shared<std::vector<std::unique_ptr<std::string>>>();
  const auto read = [&](const std::string& name) -> Result<std::string_view> {
    auto content = read_file(directory / name);
    if (!content) return Error{ErrorKind::Usage, content.error().message()};
    return std::string_view{*bytes->emplace_back(std::make_unique<std::string>(std::move(*content)))};
  };
  const std::string_view manifest = TRY(read("library.json"));
  return read_library(manifest, Shelf{read}, bytes);
}

}  // namespace icloudphotos::demo
