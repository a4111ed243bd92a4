// SPDX-License-Identifier: MIT
#include "control.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

#include "quirk_names.h"
#include "shared_albums.h"
#include "truth.h"

namespace icloudphotos::demo {
namespace {

constexpr std::uint32_t kAddedBody = 100, kEditedBody = 101;  // kinds of patterns no computed library has
constexpr PhotoId kTruthAtOnce = 1000;

Error missing(std::string_view what) { return {ErrorKind::NotFound, "there is no " + std::string{what}}; }

/// "personal", "shared", or the name of a zone; "personal" when not given.
Result<std::shared_ptr<const Zone>> zone_named(const Library& library, std::string_view name) {
  const std::string_view wanted = name.empty() || name == "personal" ? "PrimarySync" : name;
  std::shared_ptr<const Zone> found;
  for (const ZoneEntry& entry : library.zones()) {
    const bool is_it = entry.zone->name() == wanted || (wanted == "shared" && entry.zone->is_shared_library());
    if (is_it && (!found || entry.left_at == 0)) found = entry.zone;
  }
  if (!found) return missing("library " + std::string{name});
  return found;
}

Result<std::shared_ptr<const Zone>> zone_of(const Library& library, JsonView body) {
  return zone_named(library, body["library"].text().value_or(""));
}

PhotoId number_of(const net::ServerRequest& request, std::string_view name, PhotoId otherwise) {
  const std::string text = request.query(name).value_or("");
  PhotoId number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} ? number : otherwise;
}

Digests digests_in(const net::ServerRequest& request) {
  return request.query("digests") == "no" ? Digests::None : Digests::All;
}

std::string done() { return R"({"done":true})"; }

Result<std::string> done(const Result<void>& result) {
  if (!result) return result.error();
  return done();
}

}  // namespace

Result<std::string> Control::run(std::string_view call, const net::ServerRequest& request) {
  const auto document = TRY(JsonDocument::parse(request.body.empty() ? "{}" : request.body));
  const JsonView body = document.root();
  if (call == "counters") return counters();
  if (call == "counters/reset") return parts_.journal.clear(), parts_.pauses.clear(), done();
  if (call == "truth") return truth(request);
  if (call == "code") return shown_code();
  if (call == "code/generate") return JsonWriter{}.object().member("code", parts_.codes.generate()).end().take();
  if (call == "quirks") return request.body.empty() ? quirks_now() : done(set_quirks(body));
  if (call == "edit") return done(edit(body));
  if (call == "add") return add(*TRY(zone_of(parts_.library, body)), body);
  if (call == "shared_albums") return truth_of_shared_albums(parts_.library, parts_.quirks.get(), digests_in(request));
  if (call.starts_with("shared_album/")) return shared_album_call(call.substr(call.find('/') + 1), body);
  if (call == "purge") return done(purge(body));
  if (call == "album") return album(body);
  if (call == "album/members") return done(members(body));
  if (call == "album/erase") return done(erase_album(body));
  if (call == "leave") return done(parts_.library.leave(TRY(zone_of(parts_.library, body))->name()));
  if (call == "approve") return parts_.setup.protection().approve(), done();
  if (call == "expire") return done(expire(body));
  if (call == "faults") return done(add_faults(body));
  if (call == "faults/clear") return parts_.faults.clear(), done();
  if (call == "settings") return done(settings(body));
  if (call == "security_key") return done(parts_.identity.keys().add(body));
  if (call == "password") return done(set_password(body));
  return missing("control call " + std::string{call});
}

Result<std::string> Control::truth(const net::ServerRequest& request) const {
  const auto zone = TRY(zone_named(parts_.library, request.query("library").value_or("")));
  return truth_of(*zone, number_of(request, "from", 0),
                  std::min(number_of(request, "count", kTruthAtOnce), kTruthAtOnce), parts_.quirks.get(),
                  digests_in(request));
}

Result<std::string> Control::quirks_now() const { return write_quirks(parts_.quirks.get()); }

Result<void> Control::set_quirks(JsonView from) {
  Quirks quirks = parts_.quirks.get();
  const SharedLibrary before = quirks.shared_library;
  TRY(read_quirks(from, quirks));
  parts_.quirks.set(quirks);
  if (quirks.shared_library != before) parts_.library.show_shared_library(quirks.shared_library);
  return {};
}

Result<void> Control::edit(JsonView body) {
  const auto zone = TRY(zone_of(parts_.library, body));
  const std::int64_t now = parts_.clock.now().time_since_epoch().count();
  return parts_.library.change(zone->name(), [&](ZoneEditor& editor) -> Result<void> {
    const auto id = editor.zone().find_asset(body["asset"].text().value_or(""));
    if (!id) return missing("such asset");
    Photo photo = editor.zone().photo(*id);
    photo.favorite = body["favorite"].boolean().value_or(photo.favorite);
    photo.hidden = body["hidden"].boolean().value_or(photo.hidden);
    if (const auto deleted = body["deleted"].boolean())
      photo.deleted_ms = *deleted ? std::optional{photo.deleted_ms.value_or(now)} : std::nullopt;
    if (const auto captured = body["captured"].integer()) photo.captured_ms = captured;
    if (const auto title = body["title"].text()) photo.title = *title;
    photo.no_download_url = body["no_download_url"].boolean().value_or(photo.no_download_url);
    bool touches_master = body["no_download_url"].exists();
    if (const auto name = body["name"].text()) photo.name = *name, touches_master = true;
    if (const auto edited = body["edited"].boolean()) {
      const Slot slot = photo.is_video() ? Slot::VidFull : Slot::JpegFull;
      photo.at(slot).reset();
      if (*edited) {
        const Pattern pattern{kEditedBody, ++serial_};
        photo.at(slot) = Rendition{patterns_.make(pattern, 4'321),
                                   photo.is_video() ? "com.apple.quicktime-movie" : "public.jpeg", 640, 480};
      }
      photo.adjustment_type = *edited ? "com.apple.photo" : "";
    }
    photo.modified_ms = now;
    editor.put_photo(*id, std::move(photo),
                     touches_master ? ZoneEditor::Touch::AssetAndMaster : ZoneEditor::Touch::Asset);
    return {};
  });
}

Photo Control::new_photo(JsonView body, std::uint64_t serial) {
  const std::int64_t now = parts_.clock.now().time_since_epoch().count();
  const auto size = static_cast<std::uint64_t>(std::max<std::int64_t>(0, body["bytes"].integer().value_or(5'000)));
  Photo photo;
  photo.asset = body["asset"].text().value_or(ascii_upper(random_uuid()));
  photo.at(Slot::Original) = Rendition{patterns_.make({kAddedBody, serial}, size),
                                       std::string{body["type"].text().value_or("public.jpeg")}, 800, 600};
  photo.at(Slot::JpegThumb) = Rendition{patterns_.make({kAddedBody + 2, serial}, 700), "public.jpeg", 160, 120};
  photo.master = photo.at(Slot::Original)->media.checksum();
  photo.item_type = photo.at(Slot::Original)->type;
  photo.name = std::string{body["name"].text().value_or(fmt::format("NEW_{:04}.JPG", serial))};
  photo.captured_ms = body["captured"].integer().value_or(now);
  photo.added_ms = photo.modified_ms = now;
  photo.offset_s = 0;
  photo.favorite = body["favorite"].boolean().value_or(false);
  return photo;
}

Result<std::string> Control::add(const Zone& zone, JsonView body) {
  std::vector<std::string> assets;
  TRY(parts_.library.change(zone.name(), [&](ZoneEditor& editor) -> Result<void> {
    for (std::int64_t i = 0; i < body["count"].integer().value_or(1); ++i) {
      Photo photo = new_photo(body, ++serial_);
      if (const auto sibling = body["sibling_of"].text()) {  // what "Duplicate" does on a phone
        const auto id = editor.zone().find_asset(*sibling);
        if (!id) return missing("such asset");
        const std::string asset = photo.asset;
        photo = editor.zone().photo(*id);
        photo.asset = asset;
      }
      assets.push_back(photo.asset);
      editor.add_photo(std::move(photo));
    }
    return {};
  }));
  JsonWriter out;
  out.object().key("assets").array();
  for (const std::string& asset : assets) out.value(asset);
  return out.end().end().take();
}

/// A photo taken out of a classic album is gone; one in a zone stays as deleted.
Result<std::string> Control::shared_album_call(std::string_view call, JsonView body) {
  const auto album = shared_album(parts_.library, body["album"].text().value_or(""));
  if (!album) return missing("such shared album");
  if (call == "add") return add(*album, body);
  const std::int64_t now = parts_.clock.now().time_since_epoch().count();
  return done(parts_.library.change(album->name(), [&](ZoneEditor& editor) -> Result<void> {
    if (call == "rename") return editor.rename(std::string{body["name"].text().value_or("")}), Result<void>{};
    const auto id = editor.zone().find_asset(body["asset"].text().value_or(""));
    if (call != "remove" || !id) return missing(call == "remove" ? "such asset" : "such call for shared albums");
    if (album->is_stream()) return editor.purge_photo(*id), Result<void>{};
    Photo photo = editor.zone().photo(*id);
    photo.deleted_ms = photo.modified_ms = now;
    editor.put_photo(*id, std::move(photo), ZoneEditor::Touch::Asset);
    return {};
  }));
}

Result<void> Control::purge(JsonView body) {
  const auto zone = TRY(zone_of(parts_.library, body));
  return parts_.library.change(zone->name(), [&](ZoneEditor& editor) -> Result<void> {
    const auto id = editor.zone().find_asset(body["asset"].text().value_or(""));
    if (!id) return missing("such asset");
    editor.purge_photo(*id);
    return {};
  });
}

Result<std::string> Control::album(JsonView body) {
  const auto zone = TRY(zone_of(parts_.library, body));
  const std::string id{body["id"].text().value_or(ascii_upper(random_uuid()))};
  TRY(parts_.library.change(zone->name(), [&](ZoneEditor& editor) -> Result<void> {
    Album album;
    if (const auto before = editor.zone().album(id)) album = *before;
    album.id = id;
    if (const auto name = body["name"].text()) album.name = *name;
    if (const auto parent = body["parent"].text()) album.parent = *parent;
    album.is_folder = body["folder"].boolean().value_or(album.is_folder);
    album.trashed = body["deleted"].boolean().value_or(album.trashed);
    album.position = body["position"].integer().value_or(album.position);
    album.modified_ms = parts_.clock.now().time_since_epoch().count();
    if (album.created_ms == 0) album.created_ms = album.modified_ms;
    editor.put_album(std::move(album));
    return {};
  }));
  return JsonWriter{}.object().member("id", id).end().take();
}

Result<void> Control::members(JsonView body) {
  const auto zone = TRY(zone_of(parts_.library, body));
  const std::string album{body["album"].text().value_or("")};
  return parts_.library.change(zone->name(), [&](ZoneEditor& editor) -> Result<void> {
    const auto found = editor.zone().album(album);
    if (!found) return missing("such album");
    std::int64_t position = found->members.empty() ? 0 : found->members.back().position;
    body["add"].each(
        [&](JsonView asset) { editor.add_member(album, std::string{asset.text().value_or("")}, position += 1024); });
    body["remove"].each([&](JsonView asset) { editor.remove_member(album, std::string{asset.text().value_or("")}); });
    return {};
  });
}

Result<void> Control::erase_album(JsonView body) {
  const auto zone = TRY(zone_of(parts_.library, body));
  return parts_.library.change(zone->name(), [&](ZoneEditor& editor) -> Result<void> {
    const std::string id{body["album"].text().value_or("")};
    if (!editor.zone().album(id)) return missing("such album");
    editor.erase_album(id);
    return {};
  });
}

Result<void> Control::add_faults(JsonView body) {
  if (!body.is_array()) return parts_.faults.add(body);
  for (std::size_t i = 0; i < body.size(); ++i) TRY(parts_.faults.add(body.at(i)));
  return {};
}

Result<void> Control::settings(JsonView body) {
  if (const auto ms = body["latency_ms"].integer()) parts_.settings.latency_ms = *ms;
  if (const auto rate = body["bytes_per_second"].integer())
    parts_.settings.bytes_per_second = static_cast<std::uint64_t>(std::max<std::int64_t>(0, *rate));
  if (const auto pause = body["pause_s"].integer()) parts_.settings.pause_s = *pause;
  if (const auto life = body["url_lifetime_s"].integer()) parts_.urls.set_lifetime(std::chrono::seconds{*life});
  return {};
}

}  // namespace icloudphotos::demo
