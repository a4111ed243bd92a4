// SPDX-License-Identifier: MIT
#include "card.h"

#include "icloudphotos/base/packing.h"

namespace icloudphotos::tree {
namespace {

std::uint8_t byte_of(Unpacker& from) { return static_cast<std::uint8_t>(from.number().value_or(0)); }
std::int64_t id_of(Unpacker& from) { return static_cast<std::int64_t>(from.number().value_or(0)); }

}  // namespace

std::string pack_files(const Card& card) {
  std::string out;
  pack_signed(out, card.changed_s);
  out.push_back(card.waiting ? 1 : 0);
  for (const CardFile& file : card.files) {
    pack_number(out, file.part);
    pack_number(out, file.where);
    pack_number(out, file.inode.value);
    pack_number(out, file.size);
    pack_signed(out, file.modified_s);
    pack_text(out, file.suffix);
  }
  return out;
}

std::string pack_places(const Card& card) {
  std::string out;
  for (const CardPlace& place : card.places) {
    pack_number(out, static_cast<std::uint64_t>(place.directory));
    pack_number(out, static_cast<std::uint64_t>(place.slot));
    pack_number(out, place.part);
    pack_signed(out, place.released_s);
  }
  return out;
}

Card unpack_card(std::string_view files, std::string_view places) {
  Card card;
  Unpacker from{files};
  card.changed_s = from.signed_number().value_or(0);
  card.waiting = byte_of(from) != 0;
  while (!from.at_end()) {
    CardFile file;
    file.part = byte_of(from);
    file.where = byte_of(from);
    file.inode = Inode{from.number().value_or(0)};
    file.size = from.number().value_or(0);
    file.modified_s = from.signed_number().value_or(0);
    file.suffix = from.text().value_or("");
    card.files.push_back(std::move(file));
  }
  Unpacker rest{places};
  while (!rest.at_end()) {
    CardPlace place;
    place.directory = id_of(rest);
    place.slot = id_of(rest);
    place.part = byte_of(rest);
    place.released_s = rest.signed_number().value_or(0);
    card.places.push_back(place);
  }
  return card;
}

}  // namespace icloudphotos::tree
