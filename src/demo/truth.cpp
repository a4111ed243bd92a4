// SPDX-License-Identifier: MIT
#include "truth.h"

#include <algorithm>

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::demo {
namespace {

void write_optional(JsonWriter& out, std::string_view name, const std::optional<std::string>& text) {
  out.key(name);
  if (text && is_utf8(*text)) {
    out.value(*text);
  } else {
    out.null();
  }
}

void write_optional(JsonWriter& out, std::string_view name, std::optional<std::int64_t> number) {
  out.key(name);
  if (number) {
    out.value(*number);
  } else {
    out.null();
  }
}

std::string_view name_of(NameEncoding encoding) {
  switch (encoding) {
    case NameEncoding::Base64:
      return "base64";
    case NameEncoding::String:
      return "string";
    case NameEncoding::InvalidBase64:
      return "invalid_base64";
    case NameEncoding::InvalidUtf8:
      return "invalid_utf8";
  }
  return {};
}

void write_resources(JsonWriter& out, const Photo& photo) {
  out.key("resources").array();
  for (const Slot slot : kSlots) {
    const auto& rendition = photo.at(slot);
    if (!rendition) continue;
    const bool on_asset = slot == Slot::JpegFull || slot == Slot::VidFull;
    out.object().member("resource", field_of(slot)).member("record", on_asset ? "asset" : "master");
    out.member("type", rendition->type).member("size", rendition->media.size());
    out.member("checksum", rendition->media.checksum());
    out.member("sha256", hex_encode(sha256(as_bytes(rendition->media.all()))));
    out.member("available", on_asset || !photo.no_download_url).end();
  }
  out.end();
}

void write_photo(JsonWriter& out, const Photo& photo) {
  out.object().member("asset", photo.asset).member("master", photo.master);
  write_optional(out, "name", photo.name);
  out.member("name_encoding", name_of(photo.name_encoding));
  write_optional(out, "item_type", photo.item_type);
  write_optional(out, "captured", photo.captured_ms);
  write_optional(out, "offset", photo.offset_s);
  out.member("added", photo.added_ms).member("modified", photo.modified_ms);
  out.member("favorite", photo.favorite).member("hidden", photo.hidden).member("deleted", photo.deleted_ms.has_value());
  out.member("subtype", photo.subtype).member("subtype_v2", photo.subtype_v2).member("burst_id", photo.burst_id);
  out.member("burst_flags", photo.burst_flags).member("adjustment_type", photo.adjustment_type);
  out.member("adjustment_render_type", photo.adjustment_render_type).member("duration_ms", photo.duration_ms);
  out.member("late_master", photo.late_master);
  write_optional(out, "title", photo.title);
  write_optional(out, "description", photo.description);
  out.key("keywords").array();
  for (const std::string& keyword : photo.keywords) out.value(keyword);
  out.end();
  write_resources(out, photo);
  out.end();
}

void write_album(JsonWriter& out, const Album& album, const Zone& zone) {
  out.object().member("id", album.id).member("kind", album.is_folder ? "folder" : "album");
  write_optional(out, "name", album.name);
  out.member("parent", album.parent).member("position", album.position).member("created", album.created_ms);
  out.member("deleted", album.trashed);
  out.key("members").array();
  for (const Member& member : album.members) out.value(member.asset);
  out.end();
  // Those a person sees in the album: here, not hidden, not deleted.
  out.key("visible_members").array();
  for (const Member& member : album.members) {
    const auto id = zone.find_asset(member.asset);
    if (!id) continue;
    if (const Traits traits = zone.traits(*id); !traits.hidden && !traits.deleted) out.value(member.asset);
  }
  out.end().end();
}

}  // namespace

std::string truth_of(const Zone& zone, PhotoId from, PhotoId count) {
  JsonWriter out;
  const PhotoId end = from >= zone.end() ? from : from + std::min<PhotoId>(count, zone.end() - from);
  out.object().member("zone", zone.name()).member("total", std::int64_t{zone.end()}).member("from", std::int64_t{from});
  out.member("next", std::int64_t{end}).key("photos").array();
  for (PhotoId id = from; id < end; ++id) {
    if (zone.exists(id)) write_photo(out, zone.photo(id));
  }
  out.end().key("albums").array();
  for (const auto& [id, album] : zone.albums()) {
    if (from == 0) write_album(out, *album, zone);
  }
  return out.end().end().take();
}

}  // namespace icloudphotos::demo
