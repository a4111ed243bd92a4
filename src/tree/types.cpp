// SPDX-License-Identifier: MIT
#include "types.h"

#include <algorithm>
#include <array>
#include <string>

#include "icloudphotos/base/text.h"

namespace icloudphotos::tree {
namespace {

enum class Scope : std::uint8_t { Exact, Vague };

struct Type {
  std::string_view name;
  std::string_view extension;
  MediaKind kind;
  std::string_view also = {};  ///< Further extensions its files have, lower case, separated by blanks.
  Scope scope = Scope::Exact;
};

// protocol/photos.md, appendix C. NRW, not icloudpd's NRF. Vague types stand above many file formats.
constexpr auto kTypes = std::to_array<Type>({
    {"public.heic", "HEIC", MediaKind::Image, "heif hif heics"},
    {"public.heif", "HEIF", MediaKind::Image, "heic hif heics"},
    {"public.jpeg", "JPG", MediaKind::Image, "jpeg jpe jfif"},
    {"public.png", "PNG", MediaKind::Image},
    {"com.compuserve.gif", "GIF", MediaKind::Image},
    {"org.webmproject.webp", "WEBP", MediaKind::Image},
    {"public.tiff", "TIFF", MediaKind::Image, "tif"},
    {"public.avif", "AVIF", MediaKind::Image},
    {"public.jpeg-2000", "JP2", MediaKind::Image, "jpx jpf j2k"},
    {"public.jpeg-xl", "JXL", MediaKind::Image},
    {"com.microsoft.bmp", "BMP", MediaKind::Image, "dib"},
    {"public.pbm", "PBM", MediaKind::Image, "pgm ppm pnm"},
    {"public.mpo-image", "MPO", MediaKind::Image, "jpg"},
    {"com.adobe.photoshop-image", "PSD", MediaKind::Image},
    {"com.truevision.tga-image", "TGA", MediaKind::Image},
    {"com.sgi.sgi-image", "SGI", MediaKind::Image},
    {"com.dji.mimo.pano.jpeg", "JPG", MediaKind::Image, "jpeg"},
    {"com.adobe.raw-image", "DNG", MediaKind::Raw},
    {"com.canon.cr2-raw-image", "CR2", MediaKind::Raw},
    {"com.canon.cr3-raw-image", "CR3", MediaKind::Raw},
    {"com.canon.crw-raw-image", "CRW", MediaKind::Raw},
    {"com.sony.arw-raw-image", "ARW", MediaKind::Raw},
    {"com.nikon.raw-image", "NEF", MediaKind::Raw},
    {"com.nikon.nrw-raw-image", "NRW", MediaKind::Raw, "nrf"},
    {"com.fuji.raw-image", "RAF", MediaKind::Raw},
    {"com.panasonic.rw2-raw-image", "RW2", MediaKind::Raw},
    {"com.olympus.raw-image", "ORF", MediaKind::Raw},
    {"com.olympus.or-raw-image", "ORF", MediaKind::Raw},
    {"com.pentax.raw-image", "PEF", MediaKind::Raw},
    {"com.apple.quicktime-movie", "MOV", MediaKind::Video, "qt"},
    {"public.mpeg-4", "MP4", MediaKind::Video, "m4v"},
    {"com.apple.m4v-video", "M4V", MediaKind::Video, "mp4"},
    {"public.3gpp", "3GP", MediaKind::Video, "3gpp"},
    {"public.avi", "AVI", MediaKind::Video},
    {"public.mpeg", "MPG", MediaKind::Video, "mpeg"},
    {"public.mpeg-2-video", "M2V", MediaKind::Video},
    {"public.avchd-mpeg-2-transport-stream", "MTS", MediaKind::Video, "m2ts"},
    {"public.mp3", "MP3", MediaKind::Audio},
    {"com.apple.m4a-audio", "M4A", MediaKind::Audio},
    {"com.adobe.pdf", "PDF", MediaKind::Document},
    {"com.adobe.illustrator.ai-image", "AI", MediaKind::Document},
    {"public.image", "HEIC", MediaKind::Image, "", Scope::Vague},
    {"public.camera-raw-image", "RAW", MediaKind::Raw, "", Scope::Vague},
    {"public.movie", "MOV", MediaKind::Video, "", Scope::Vague},
    {"public.video", "MOV", MediaKind::Video, "", Scope::Vague},
    {"public.item", "", MediaKind::Unknown, "", Scope::Vague},
    {"public.data", "", MediaKind::Unknown, "", Scope::Vague},
    {"public.content", "", MediaKind::Unknown, "", Scope::Vague},
});

const Type* find_type(std::string_view name) {
  const auto* found = std::find_if(kTypes.begin(), kTypes.end(), [&](const Type& type) { return type.name == name; });
  return found == kTypes.end() ? nullptr : found;
}

bool has_extension(const Type& type, std::string_view lower) {
  if (type.scope == Scope::Vague) return false;
  if (ascii_iequals(type.extension, lower)) return true;
  for (std::string_view rest = type.also; !rest.empty();) {
    const auto blank = rest.find(' ');
    if (rest.substr(0, blank) == lower) return true;
    rest = blank == std::string_view::npos ? std::string_view{} : rest.substr(blank + 1);
  }
  return false;
}

bool says_raw(std::string_view type) { return ascii_lower(type).find("raw") != std::string::npos; }

}  // namespace

std::string_view extension_of(std::string_view type) {
  if (const Type* known = find_type(type)) return known->extension;
  return says_raw(type) ? "RAW" : "";
}

MediaKind kind_of_type(std::string_view type) {
  if (const Type* known = find_type(type)) return known->kind;
  return says_raw(type) ? MediaKind::Raw : MediaKind::Unknown;
}

MediaKind kind_of_extension(std::string_view extension) {
  const std::string lower = ascii_lower(extension);
  for (const Type& type : kTypes) {
    if (has_extension(type, lower)) return type.kind;
  }
  return MediaKind::Unknown;
}

Verdict judge_extension(std::string_view extension, std::string_view type) {
  const Type* known = find_type(type);
  if (known == nullptr || known->scope == Scope::Vague) return Verdict::Agrees;
  const std::string lower = ascii_lower(extension);
  if (has_extension(*known, lower)) return Verdict::Agrees;
  return kind_of_extension(lower) == MediaKind::Unknown ? Verdict::NoExtension : Verdict::Contradicts;
}

}  // namespace icloudphotos::tree
