// SPDX-License-Identifier: MIT
#include "truth.h"

#include <algorithm>

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/text.h"

#include "indexes.h"
#include "missing_values.h"
#include "odd_records.h"

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

void write_resources(JsonWriter& out, const Photo& photo, Digests digests) {
  out.key("resources").array();
  for (const Slot slot : kSlots) {
    const auto& rendition = photo.at(slot);
    if (!rendition || (slot == Slot::Original && photo.gaps.original_res)) continue;
    const bool on_asset = slot == Slot::JpegFull || slot == Slot::VidFull;
    out.object().member("resource", field_of(slot)).member("record", on_asset ? "asset" : "master");
    out.member("type", rendition->type).member("size", rendition->media.size());
    out.member("checksum", rendition->media.checksum());
    if (digests == Digests::All) out.member("sha256", hex_encode(sha256(as_bytes(rendition->media.all()))));
    out.member("available", on_asset || !photo.no_download_url).end();
  }
  out.end();
}

template <class Texts>
void write_texts(JsonWriter& out, std::string_view name, const Texts& texts) {
  out.key(name).array();
  for (const auto& text : texts) out.value(text);
  out.end();
}

void write_place(JsonWriter& out, const Photo& photo) {
  out.key("location");
  if (!photo.place) return static_cast<void>(out.null());
  out.object().member("lat", photo.place->latitude).member("lon", photo.place->longitude);
  out.member("alt", photo.place->altitude).end();
}

/// The photo as records with gaps tell of it.
Photo as_told(const Zone& zone, PhotoId id, const Quirks& quirks) {
  Photo photo = zone.photo(id);
  if (!quirks.missing_values) return photo;
  return with_gaps_of_asset(with_gaps_of_master(std::move(photo), zone.master_owner(id)), id);
}

}  // namespace

void write_true_photo(JsonWriter& out, const Zone& zone, PhotoId id, const Quirks& quirks, Digests digests) {
  const Photo photo = as_told(zone, id, quirks);
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
  write_texts(out, "keywords", photo.keywords);
  write_place(out, photo);
  out.member("time_zone", photo.time_zone).member("orientation", photo.orientation);
  write_texts(out, "lists", lists_of(zone.traits(id)));
  out.member("listed", !quirks.unlisted || !is_unlisted(id));
  write_texts(out, "gaps", names_of(photo.gaps));
  write_resources(out, photo, digests);
  out.end();
}

namespace {

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

void write_orphans(JsonWriter& out, const Zone& zone, const Quirks& quirks) {
  const bool has_them = quirks.orphans && zone.name() == "PrimarySync";
  const auto write = [&](std::string_view kind, std::span<const Orphan> orphans) {
    out.key(kind).array();
    for (const Orphan& orphan : orphans) {
      if (has_them) out.value(orphan.name);
    }
    out.end();
  };
  out.key("orphans").object();
  write("assets", orphan_assets());
  write("masters", orphan_masters());
  out.end();
}

}  // namespace

std::string truth_of(const Zone& zone, PhotoId from, PhotoId count, const Quirks& quirks, Digests digests) {
  JsonWriter out;
  const PhotoId end = from >= zone.end() ? from : from + std::min<PhotoId>(count, zone.end() - from);
  out.object().member("zone", zone.name()).member("total", std::int64_t{zone.end()}).member("from", std::int64_t{from});
  out.member("next", std::int64_t{end}).key("photos").array();
  for (PhotoId id = from; id < end; ++id) {
    if (zone.exists(id)) write_true_photo(out, zone, id, quirks, digests);
  }
  out.end().key("albums").array();
  for (const auto& [id, album] : zone.albums()) {
    if (from == 0) write_album(out, *album, zone);
  }
  out.end();
  write_orphans(out, zone, quirks);
  return out.end().take();
}

}  // namespace icloudphotos::demo
