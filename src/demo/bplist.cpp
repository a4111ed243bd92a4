// SPDX-License-Identifier: MIT
#include "bplist.h"

#include <bit>

namespace icloudphotos::demo {
namespace {

constexpr std::int64_t kMsUntil2001 = 978'307'200'000;  // a plist's dates count seconds from 2001

void append_big_endian(std::string& to, std::uint64_t number, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) to.push_back(static_cast<char>(number >> shift));
}

/// Objects one after another, then a table of their offsets. One byte a reference: at most 256 objects, which is enough
/// here, and the first object added is the root.
class BinaryPlist {
 public:
  std::size_t add(std::string object) {
    objects_.push_back(std::move(object));
    return objects_.size() - 1;
  }
  std::size_t add_marked(unsigned kind, std::size_t count, std::string_view content) {
    std::string object;
    if (count < 15) {
      object.push_back(static_cast<char>(kind << 4 | count));
    } else {
      object.push_back(static_cast<char>(kind << 4 | 15));
      object.push_back(0x11);  // a two-byte integer follows
      append_big_endian(object, count, 2);
    }
    return add(object.append(content));
  }
  std::size_t add_double(unsigned marker, double value) {
    std::string object(1, static_cast<char>(marker));
    append_big_endian(object, std::bit_cast<std::uint64_t>(value), 8);
    return add(std::move(object));
  }
  /// UTF-16 would be right for anything beyond ASCII; so it is used for all.
  std::size_t add_string(std::string_view utf8) {
    const std::string units = utf16(utf8);
    return add_marked(6, units.size() / 2, units);
  }
  [[nodiscard]] std::string finish(std::size_t root) const {
    std::string text = "bplist00";
    std::string table;
    for (const std::string& object : objects_) {
      append_big_endian(table, text.size(), 4);
      text += object;
    }
    const std::size_t table_at = text.size();
    text += table;
    text.append(6, '\0');
    text += '\4';  // bytes an offset
    text += '\1';  // bytes a reference
    append_big_endian(text, objects_.size(), 8);
    append_big_endian(text, root, 8);
    append_big_endian(text, table_at, 8);
    return text;
  }

 private:
  static std::string utf16(std::string_view utf8) {
    std::string units;
    for (std::size_t i = 0; i < utf8.size();) {
      const auto lead = static_cast<unsigned char>(utf8[i]);
      const int length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
      std::uint32_t code = length == 1 ? lead : lead & (0xffU >> (length + 1));
      for (int k = 1; k < length && i + k < utf8.size(); ++k) code = code << 6 | (utf8[i + k] & 0x3fU);
      i += length;
      if (code >= 0x10000) {
        append_big_endian(units, 0xd800 + ((code - 0x10000) >> 10), 2);
        code = 0xdc00 + ((code - 0x10000) & 0x3ff);
      }
      append_big_endian(units, code, 2);
    }
    return units;
  }
  std::vector<std::string> objects_;
};

}  // namespace

std::string bplist_of(const std::vector<std::string>& strings) {
  BinaryPlist plist;
  std::string references;
  for (const std::string& text : strings) references.push_back(static_cast<char>(plist.add_string(text)));
  return plist.finish(plist.add_marked(0xa, strings.size(), references));
}

std::string bplist_of(const Place& place, std::int64_t taken_ms) {
  constexpr unsigned kReal = 0x23, kDate = 0x33;
  BinaryPlist plist;
  std::string keys, values;
  const auto add = [&](std::string_view key, unsigned marker, double value) {
    keys.push_back(static_cast<char>(plist.add_string(key)));
    values.push_back(static_cast<char>(plist.add_double(marker, value)));
  };
  add("lat", kReal, place.latitude);
  add("lon", kReal, place.longitude);
  add("alt", kReal, place.altitude);
  add("speed", kReal, -1);
  add("course", kReal, -1);
  add("horzAcc", kReal, 5);
  add("vertAcc", kReal, 3);
  add("timestamp", kDate, static_cast<double>(taken_ms - kMsUntil2001) / 1000);
  return plist.finish(plist.add_marked(0xd, keys.size(), keys + values));
}

}  // namespace icloudphotos::demo
