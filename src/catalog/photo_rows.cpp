// SPDX-License-Identifier: MIT
#include "photo_rows.h"

#include "delta_writer.h"
#include "packing.h"
#include "stored.h"

namespace icloudphotos::catalog {

Photo photo_of(const Query& row) {
  Photo photo;
  auto& asset = photo.asset;
  asset.id = AssetId{stored_id(row, 0)};
  asset.captured = time_point(row.maybe_integer(1));
  asset.added = time_point(row.maybe_integer(2));
  if (const auto offset = row.maybe_integer(3)) asset.utc_offset = std::chrono::seconds{*offset};
  asset.created = time_point(row.integer(4));
  asset.changed = time_point(row.integer(5));
  asset.favorite = row.integer(6) != 0;
  asset.hidden = row.integer(7) != 0;
  asset.deleted = row.integer(24) != 0;
  asset.subtype = row.integer(8);
  asset.subtype_v2 = row.integer(9);
  asset.render_type = row.integer(10);
  asset.adjustment_type = row.text(11);
  asset.burst = row.text(12);
  asset.title = row.text(13);
  asset.description = row.text(14);
  asset.keywords = unpack_texts(row.bytes(15));
  asset.resources = unpack_resources(row.bytes(16));
  asset.location = unpack_location(row.bytes(23));
  if (row.is_null(17)) return photo;
  asset.original = OriginalId{stored_id(row, 17)};
  if (row.integer(18) != static_cast<std::int64_t>(OriginalState::Known)) return photo;
  photo.original = Original{asset.original, row.text(19), row.text(20), unpack_resources(row.bytes(22)),
                            time_point(row.integer(21))};
  return photo;
}

}  // namespace icloudphotos::catalog
