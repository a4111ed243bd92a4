// SPDX-License-Identifier: MIT
#include "card.h"

namespace icloudphotos::tree {
namespace {

void put_number(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) out.push_back(static_cast<char>((number & 0x7f) | 0x80));
  out.push_back(static_cast<char>(number));
}

/// Numbers of either sign, small ones short.
void put_signed(std::string& out, std::int64_t number) {
  put_number(out, (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63));
}

/// Takes values from the front; after the first that is cut short everything is 0.
class Taker {
 public:
  explicit Taker(std::string_view bytes) : rest_{bytes} {}
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  std::uint64_t number() {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<std::uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      number |= std::uint64_t{byte & 0x7fU} << shift;
      if ((byte & 0x80U) == 0) return number;
    }
    rest_ = {};
    return 0;
  }
  std::int64_t signed_number() {
    const auto number = this->number();
    return static_cast<std::int64_t>((number >> 1) ^ (~(number & 1) + 1));
  }
  std::uint8_t byte() { return static_cast<std::uint8_t>(number()); }
  std::string_view text() {
    const auto size = number();
    if (size > rest_.size()) {
      rest_ = {};
      return {};
    }
    const auto text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::string pack_files(const Card& card) {
  std::string out;
  put_signed(out, card.changed_s);
  out.push_back(card.waiting ? 1 : 0);
  for (const CardFile& file : card.files) {
    put_number(out, file.part);
    put_number(out, file.where);
    put_number(out, file.inode.value);
    put_number(out, file.size);
    put_signed(out, file.modified_s);
    put_number(out, file.suffix.size());
    out += file.suffix;
  }
  return out;
}

std::string pack_places(const Card& card) {
  std::string out;
  for (const CardPlace& place : card.places) {
    put_number(out, static_cast<std::uint64_t>(place.directory));
    put_number(out, static_cast<std::uint64_t>(place.slot));
    put_number(out, place.part);
    put_signed(out, place.released_s);
  }
  return out;
}

Card unpack_card(std::string_view files, std::string_view places) {
  Card card;
  Taker from{files};
  card.changed_s = from.signed_number();
  card.waiting = from.byte() != 0;
  while (!from.at_end()) {
    CardFile file;
    file.part = from.byte();
    file.where = from.byte();
    file.inode = Inode{from.number()};
    file.size = from.number();
    file.modified_s = from.signed_number();
    file.suffix = from.text();
    card.files.push_back(std::move(file));
  }
  Taker rest{places};
  while (!rest.at_end()) {
    CardPlace place;
    place.directory = static_cast<std::int64_t>(rest.number());
    place.slot = static_cast<std::int64_t>(rest.number());
    place.part = rest.byte();
    place.released_s = rest.signed_number();
    card.places.push_back(place);
  }
  return card;
}

}  // namespace icloudphotos::tree
