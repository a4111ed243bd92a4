// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "icloudphotos/catalog/catalog.h"
#include "icloudphotos/tree/options.h"

#include "layout.h"

// What the downloader icloudpd calls files, so that a copy from the mount onto its archive finds everything there
// (product.md, appendix A). Observed with icloudpd 1.32.2 on the demo library, with TZ=America/Denver and TZ=UTC:
//
//   file, type                                   options               called
//   flight.gif, city lights.mp4, ticket.pdf                            as they are: only types of its table are renamed
//   photo.jpg, "aux", "..", ".leading dot.jpg"                         photo.JPG, aux.JPG, ...JPG, ".leading dot.JPG"
//   IMG_2001.HEIC that is a JPEG                                       IMG_2001.JPG
//   "scan" of an unknown type                                          "scan."
//   no name                                                            ASlOpT7qeYca.JPG, from the master's record name
//   Mum/Dad.jpg, 12:30.jpg; a newline and a tab                        Mum_Dad.JPG, 12_30.JPG; stay as they are
//   café.jpg in NFC, in NFD; 春节照片.jpg                                caf.JPG, cafe.JPG; .jpg.JPG
//                                                keep unicode          café.JPG twice, not normalised; 春节照片.JPG
//   12:30.jpg and the older 12?30.jpg                                  12_30.JPG and 12_30-2932.JPG
//   IMG_2240.HEIC, Live                                                IMG_2240.HEIC, IMG_2240_HEVC.MOV
//   IMG_2240.HEIC, Live, and IMG_2240.MOV        live: original        IMG_2240-31722.MOV is the older one
//   IMG_0877.JPG, Live                                                 IMG_0877.JPG, IMG_0877.MOV
//   IMG_3120.HEIC edited to a JPEG               original, adjusted    IMG_3120.HEIC, IMG_3120.JPG
//   IMG_4102.JPG edited to a JPEG                original, adjusted    IMG_4102.JPG, IMG_4102-adjusted.JPG
//                                                adjusted              IMG_4102.JPG is the edit
//   IMG_4010.HEIC, Live, edited to a JPEG        adjusted              IMG_4010.JPG, IMG_4010_HEVC.MOV
//   IMG_6002.DNG with JPEG                                             IMG_6002.DNG
//                                                original, alternative IMG_6002.DNG, IMG_6002.JPG
//
//   captured                                                           filed under, mtime
//   11 June 2024, 21:12 in Denver                                      2024/06/11 by the host's clock, to the second
//   1825, 1904, 2040                                                   as they say: no date is absurd
//   1 January of the year 1                                            1/01/01; west of Greenwich it ends with an error
//   never                                                              the first second of 1970 by the host's clock
//
// Edits have the mtime of the photo. It does not download edited videos, the second of two assets of one master, and
// names of more than 255 bytes; the names we give those are our own: IMG_1-adjusted.MOV for the edited video of a Live Photo
// or of a MOV, and a stem cut to what fits. One thing we cannot do as it does: a name that is
// there but empty makes it write ".JPG", which we take for no name.
namespace icloudphotos::tree {

/// A file of a photo, with the whole name it would have if it were alone. Wishes can be equal, within a photo too.
struct IcloudpdFile {
  const Resource* resource = nullptr;  ///< Lives as long as the photo.
  std::string name;
};

/// The files that `options.versions` asks for: icloudpd's "original" is without the other half of a RAW pair, which we
/// show when there is nothing else. Names are legal on Linux, at most 255 bytes long, and always have a dot behind
/// a stem, so that none is ".icloudphotos".
[[nodiscard]] std::vector<IcloudpdFile> icloudpd_files(const catalog::Photo& photo, const TreeOptions& options);

/// The n-th candidate for a wish, from 1: the wish itself, "NAME-<bytes>.EXT", "NAME-<bytes>-2.EXT"; at most 255 bytes.
/// Names are told apart by their bytes, as on icloudpd's disks: case and normal form count.
[[nodiscard]] std::string icloudpd_candidate(std::string_view wish, std::uint64_t bytes, std::uint32_t n);

/// When icloudpd takes a photo to be from: when it was captured, else the start of 1970. Never undated.
[[nodiscard]] Moment icloudpd_moment(const Asset& asset, const Layout& layout);

}  // namespace icloudphotos::tree
