// SPDX-License-Identifier: MIT
#include "cloud/plist.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <plist/plist.h>

#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::cloud {
namespace {

using Plist = Handle<void, plist_free>;

constexpr std::size_t kMaxBytes = std::size_t{64} << 10;  // keywords are a few hundred bytes, a place is one hundred
constexpr std::uint64_t kMaxElements = 1000;

/// Reads what surrounds a binary property list's objects, just far enough to see how much it would become.
class BinaryOutline {
 public:
  explicit BinaryOutline(std::string_view bytes) : bytes_{bytes} {}

  /// Whether it is one container of at most `kMaxElements` things that are no containers. libplist copies what is
  /// referred to twice and recurses into what is nested: a kilobyte of others would become gigabytes, or overflow the
  /// stack.
  [[nodiscard]] bool is_flat() {
    if (bytes_.size() < 8 + kTrailer) return false;
    const auto trailer = bytes_.size() - kTrailer;
    const auto offset_size = number(trailer + 6, 1);
    const auto ref_size = number(trailer + 7, 1);
    const auto count = number(trailer + 8, 8);
    const auto top = number(trailer + 16, 8);
    const auto table = number(trailer + 24, 8);
    if (offset_size < 1 || offset_size > 8 || ref_size < 1 || ref_size > 8) return false;
    if (count > bytes_.size() || top >= count || table > trailer || count * offset_size > trailer - table) return false;

    const auto object = number(table + top * offset_size, offset_size);
    if (object >= table) return false;
    const auto marker = number(object, 1);
    if (!is_container(marker)) return true;
    auto elements = marker & 0xf;
    auto refs = object + 1;
    if (elements == 0xf) {  // a number object follows that says how many
      if (refs + 1 > table) return false;
      const auto width = std::uint64_t{1} << std::min<std::uint64_t>(number(refs, 1) & 0xf, 4);
      if (width > 8 || refs + 1 + width > table) return false;
      elements = number(refs + 1, width);
      refs += 1 + width;
    }
    if (elements > kMaxElements) return false;
    if (marker >> 4 == kDictionary) elements *= 2;
    if (elements * ref_size > table - refs) return false;
    for (std::uint64_t i = 0; i < elements; ++i) {
      const auto element = number(refs + i * ref_size, ref_size);
      if (element >= count) return false;
      const auto at = number(table + element * offset_size, offset_size);
      if (at >= table || is_container(number(at, 1))) return false;
      if (number(at, 1) == kEmptyWideText) empty_wide_texts_.push_back(at);
    }
    return true;
  }

  /// The list with its empty texts written in the one way that libplist reads. To be had of a flat one.
  [[nodiscard]] std::string readable() const {
    std::string bytes{bytes_};
    for (const auto at : empty_wide_texts_) bytes[at] = static_cast<char>(kEmptyText);
    return bytes;
  }

 private:
  static constexpr std::size_t kTrailer = 32;
  static constexpr std::uint64_t kDictionary = 0xd;
  static constexpr std::uint64_t kEmptyText = 0x50;
  static constexpr std::uint64_t kEmptyWideText = 0x60;

  static bool is_container(std::uint64_t marker) { return marker >> 4 >= 0xa; }
  [[nodiscard]] std::uint64_t number(std::uint64_t at, std::uint64_t width) const {
    std::uint64_t value = 0;
    for (std::uint64_t i = 0; i < width; ++i) value = value << 8 | static_cast<unsigned char>(bytes_[at + i]);
    return value;
  }

  std::string_view bytes_;
  std::vector<std::size_t> empty_wide_texts_;
};

Plist parse(std::string_view bytes) {
  if (bytes.size() > kMaxBytes) return nullptr;
  std::string readable;
  if (bytes.starts_with("bplist")) {
    BinaryOutline outline{bytes};
    if (!outline.is_flat()) return nullptr;
    bytes = readable = outline.readable();
  } else if (!trim(bytes).starts_with('<')) {
    return nullptr;
  }
  plist_t raw = nullptr;
  plist_from_memory(bytes.data(), static_cast<std::uint32_t>(bytes.size()), &raw);
  return Plist{raw};
}

std::optional<double> number(plist_t node) {
  if (node == nullptr) return std::nullopt;
  if (plist_get_node_type(node) == PLIST_REAL) {
    double value = 0;
    plist_get_real_val(node, &value);
    return std::isfinite(value) ? std::optional{value} : std::nullopt;
  }
  if (plist_get_node_type(node) == PLIST_UINT) {
    std::uint64_t value = 0;
    plist_get_uint_val(node, &value);
    return static_cast<double>(static_cast<std::int64_t>(value));
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> plist_texts(std::string_view bytes) {
  std::vector<std::string> texts;
  const auto list = parse(bytes);
  if (!list || plist_get_node_type(list.get()) != PLIST_ARRAY) return texts;
  const auto count = std::min<std::uint64_t>(plist_array_get_size(list.get()), kMaxElements);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto node = plist_array_get_item(list.get(), i);
    if (node == nullptr || plist_get_node_type(node) != PLIST_STRING) continue;
    std::uint64_t length = 0;
    const char* text = plist_get_string_ptr(node, &length);
    if (text == nullptr) continue;
    std::string copy{text, static_cast<std::size_t>(length)};
    if (!copy.empty() && is_utf8(copy)) texts.push_back(std::move(copy));
  }
  return texts;
}

std::optional<Location> plist_location(std::string_view bytes) {
  const auto place = parse(bytes);
  if (!place || plist_get_node_type(place.get()) != PLIST_DICT) return std::nullopt;
  const auto latitude = number(plist_dict_get_item(place.get(), "lat"));
  auto longitude = number(plist_dict_get_item(place.get(), "lon"));
  if (!longitude) longitude = number(plist_dict_get_item(place.get(), "lng"));
  if (!latitude || !longitude) return std::nullopt;
  return Location{*latitude, *longitude, number(plist_dict_get_item(place.get(), "alt"))};
}

}  // namespace icloudphotos::cloud
