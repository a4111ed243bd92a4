// SPDX-License-Identifier: MIT
#include "packing.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "icloudphotos/base/packing.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::catalog {
namespace {

constexpr char kFormat = 1;
constexpr std::size_t kUuidBytes = 16;
constexpr std::size_t kDigestBytes = 21;
constexpr std::size_t kDigestText = 28;

/// Types that are stored as their place here, counted from 1. Never reorder; append.
constexpr std::array<std::string_view, 24> kTypes{"public.heic",
                                                  "public.jpeg",
                                                  "public.png",
                                                  "com.apple.quicktime-movie",
                                                  "public.mpeg-4",
                                                  "public.heif",
                                                  "com.compuserve.gif",
                                                  "public.tiff",
                                                  "com.adobe.raw-image",
                                                  "com.apple.m4v-video",
                                                  "org.webmproject.webp",
                                                  "com.canon.cr2-raw-image",
                                                  "com.canon.cr3-raw-image",
                                                  "com.sony.arw-raw-image",
                                                  "com.nikon.raw-image",
                                                  "com.fuji.raw-image",
                                                  "com.panasonic.rw2-raw-image",
                                                  "com.olympus.raw-image",
                                                  "com.olympus.or-raw-image",
                                                  "com.pentax.raw-image",
                                                  "com.canon.crw-raw-image",
                                                  "com.nikon.nrw-raw-image",
                                                  "public.3gpp",
                                                  "com.microsoft.bmp"};

enum ChecksumForm : std::uint8_t { NoChecksum = 0, BinaryChecksum = 1, TextChecksum = 2 };

std::optional<std::string> uuid_bytes(std::string_view id) {
  if (id.size() != 36) return std::nullopt;
  std::string digits;
  for (std::size_t i = 0; i < id.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (id[i] == '-') || (id[i] >= 'a' && id[i] <= 'f')) return std::nullopt;
    if (!dash) digits.push_back(id[i]);
  }
  return hex_decode(digits);
}

std::string uuid_text(std::string_view bytes) {
  auto text = ascii_upper(hex_encode(as_bytes(bytes)));
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) text.insert(dash, "-");
  return text;
}

/// The bytes that come back as exactly this text.
std::optional<std::string> base64_bytes(std::string_view text) {
  auto bytes = base64_decode(text);
  if (bytes && base64_encode(as_bytes(*bytes)) == text) return bytes;
  return std::nullopt;
}

void put_resource(std::string& out, const Resource& resource) {
  pack_number(out, static_cast<std::uint64_t>(resource.kind));
  const auto* const type = std::find(kTypes.begin(), kTypes.end(), resource.type);
  const bool listed = type != kTypes.end();
  pack_number(out, listed ? static_cast<std::uint64_t>(type - kTypes.begin()) + 1 : 0);
  if (!listed) pack_text(out, resource.type);
  pack_number(out, resource.size);
  const auto binary = base64_bytes(resource.checksum);
  pack_number(out, resource.checksum.empty() ? NoChecksum : binary ? BinaryChecksum : TextChecksum);
  if (!resource.checksum.empty()) pack_text(out, binary ? *binary : resource.checksum);
}

std::optional<Resource> take_resource(Unpacker& from) {
  Resource resource;
  const auto kind = from.number();
  if (!kind || *kind < static_cast<std::uint64_t>(ResourceKind::Original) ||
      *kind > static_cast<std::uint64_t>(ResourceKind::MediumVideo)) {
    return std::nullopt;
  }
  resource.kind = static_cast<ResourceKind>(*kind);
  const auto type = from.number();
  if (!type || *type > kTypes.size()) return std::nullopt;
  const auto type_text = *type == 0 ? from.text() : std::optional{kTypes[*type - 1]};
  const auto size = type_text ? from.number() : std::nullopt;
  const auto form = size ? from.number() : std::nullopt;
  if (!form || *form > TextChecksum) return std::nullopt;
  resource.type = *type_text;
  resource.size = *size;
  if (*form == NoChecksum) return resource;
  const auto checksum = from.text();
  if (!checksum) return std::nullopt;
  resource.checksum = *form == BinaryChecksum ? base64_encode(as_bytes(*checksum)) : std::string{*checksum};
  return resource;
}

}  // namespace

PackedId pack_id(std::string_view id) {
  if (auto uuid = uuid_bytes(id)) return {std::move(*uuid), true};
  if (id.size() == kDigestText) {
    auto digest = base64_bytes(id);
    if (digest && digest->size() == kDigestBytes) return {std::move(*digest), true};
  }
  return {std::string{id}, false};
}

std::string unpack_id(std::string_view stored, bool binary) {
  if (!binary) return std::string{stored};
  return stored.size() == kUuidBytes ? uuid_text(stored) : base64_encode(as_bytes(stored));
}

std::optional<std::string> pack_resources(const std::vector<Resource>& resources) {
  if (resources.empty()) return std::nullopt;
  std::string out{kFormat};
  for (const auto& resource : resources) put_resource(out, resource);
  return out;
}

std::vector<Resource> unpack_resources(std::string_view packed) {
  std::vector<Resource> resources;
  if (packed.empty() || packed.front() != kFormat) return resources;
  Unpacker from{packed.substr(1)};
  while (!from.at_end()) {
    auto resource = take_resource(from);
    if (!resource) break;
    resources.push_back(std::move(*resource));
  }
  return resources;
}

std::optional<std::string> pack_texts(const std::vector<std::string>& texts) {
  if (texts.empty()) return std::nullopt;
  std::string out{kFormat};
  for (const auto& text : texts) pack_text(out, text);
  return out;
}

std::vector<std::string> unpack_texts(std::string_view packed) {
  std::vector<std::string> texts;
  if (packed.empty() || packed.front() != kFormat) return texts;
  Unpacker from{packed.substr(1)};
  while (!from.at_end()) {
    const auto text = from.text();
    if (!text) break;
    texts.emplace_back(*text);
  }
  return texts;
}

std::optional<std::string> pack_location(const std::optional<Location>& location) {
  if (!location) return std::nullopt;
  std::string out{kFormat};
  const auto put = [&out](double value) {
    auto bits = std::bit_cast<std::uint64_t>(value);
    for (int i = 0; i < 8; ++i, bits >>= 8) out.push_back(static_cast<char>(bits & 0xff));
  };
  put(location->latitude);
  put(location->longitude);
  if (location->altitude) put(*location->altitude);
  return out;
}

std::optional<Location> unpack_location(std::string_view packed) {
  if ((packed.size() != 17 && packed.size() != 25) || packed.front() != kFormat) return std::nullopt;
  const auto take = [packed](std::size_t at) {
    std::uint64_t bits = 0;
    for (std::size_t i = 8; i-- > 0;) bits = bits << 8 | static_cast<std::uint8_t>(packed[at + i]);
    return std::bit_cast<double>(bits);
  };
  Location location{take(1), take(9), std::nullopt};
  if (packed.size() == 25) location.altitude = take(17);
  return location;
}

}  // namespace icloudphotos::catalog
