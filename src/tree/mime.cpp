// SPDX-License-Identifier: MIT
#include "mime.h"

#include <algorithm>
#include <array>

namespace icloudphotos::tree {
namespace {

struct Type {
  std::string_view identifier;
  std::string_view mime;
};

// protocol/photos.md, appendix C. IANA's names; those of the shared MIME-info database where IANA has none.
constexpr auto kTypes = std::to_array<Type>({
    {"public.heic", "image/heic"},
    {"public.heif", "image/heif"},
    {"public.jpeg", "image/jpeg"},
    {"public.png", "image/png"},
    {"com.compuserve.gif", "image/gif"},
    {"org.webmproject.webp", "image/webp"},
    {"public.tiff", "image/tiff"},
    {"public.avif", "image/avif"},
    {"public.jpeg-2000", "image/jp2"},
    {"public.jpeg-xl", "image/jxl"},
    {"com.microsoft.bmp", "image/bmp"},
    {"public.pbm", "image/x-portable-anymap"},
    {"public.mpo-image", "image/jpeg"},  // several JPEGs in a row; everybody opens the first
    {"com.adobe.photoshop-image", "image/vnd.adobe.photoshop"},
    {"com.truevision.tga-image", "image/x-tga"},
    {"com.sgi.sgi-image", "image/x-sgi"},
    {"com.dji.mimo.pano.jpeg", "image/jpeg"},
    {"com.adobe.raw-image", "image/x-adobe-dng"},
    {"com.canon.cr2-raw-image", "image/x-canon-cr2"},
    {"com.canon.cr3-raw-image", "image/x-canon-cr3"},
    {"com.canon.crw-raw-image", "image/x-canon-crw"},
    {"com.sony.arw-raw-image", "image/x-sony-arw"},
    {"com.nikon.raw-image", "image/x-nikon-nef"},
    {"com.nikon.nrw-raw-image", "image/x-nikon-nrw"},
    {"com.fuji.raw-image", "image/x-fuji-raf"},
    {"com.panasonic.rw2-raw-image", "image/x-panasonic-rw2"},
    {"com.olympus.raw-image", "image/x-olympus-orf"},
    {"com.olympus.or-raw-image", "image/x-olympus-orf"},
    {"com.pentax.raw-image", "image/x-pentax-pef"},
    {"com.apple.quicktime-movie", "video/quicktime"},
    {"public.mpeg-4", "video/mp4"},
    {"com.apple.m4v-video", "video/x-m4v"},
    {"public.3gpp", "video/3gpp"},
    {"public.avi", "video/x-msvideo"},
    {"public.mpeg", "video/mpeg"},
    {"public.mpeg-2-video", "video/mpeg"},
    {"public.avchd-mpeg-2-transport-stream", "video/mp2t"},
    {"public.mp3", "audio/mpeg"},
    {"com.apple.m4a-audio", "audio/mp4"},
    {"com.adobe.pdf", "application/pdf"},
    {"com.adobe.illustrator.ai-image", "application/illustrator"},
});

}  // namespace

std::string_view mime_type_of(std::string_view type) {
  const auto* found =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const Type& row) { return row.identifier == type; });
  return found == kTypes.end() ? std::string_view{} : found->mime;
}

}  // namespace icloudphotos::tree
