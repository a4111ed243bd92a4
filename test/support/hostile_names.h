// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace icloudphotos {

/// File names nobody should give a photo, the same ones for the same seed: pieces that have made trouble somewhere, put
/// together at random. Many are equal, or twins in case or normal form, and some are longer than any file system takes.
class HostileNames {
 public:
  explicit HostileNames(std::uint32_t seed) : random_{seed} {}

  [[nodiscard]] std::string next() {
    std::string name;
    for (std::size_t left = 1 + below(4); left > 0; --left) name += piece();
    if (below(2) == 0) name += extension();
    return name;
  }

 private:
  [[nodiscard]] std::size_t below(std::size_t limit) { return random_() % limit; }

  [[nodiscard]] std::string piece() {
    static const std::vector<std::string> kPieces{"IMG_0001",
                                                  "img_0001",
                                                  "IMG_0001 (2)",
                                                  "IMG_0001 (3)",
                                                  "",
                                                  ".",
                                                  "..",
                                                  "...",
                                                  "/",
                                                  "//",
                                                  "\\",
                                                  "../..",
                                                  std::string(1, '\0'),
                                                  "\n",
                                                  "\t",
                                                  "\x01",
                                                  "\x1b[31m",
                                                  "\x7f",
                                                  "\u0085",
                                                  " ",
                                                  "   ",
                                                  ". .",
                                                  ":",
                                                  "*?\"<>|",
                                                  "CON",
                                                  "con",
                                                  "aux",
                                                  "Lpt1",
                                                  "COM\u00b9",
                                                  "NUL.",
                                                  "conin$",
                                                  "-edited",
                                                  "-EDITED",
                                                  "-alternative",
                                                  "-live",
                                                  "-edited-live",
                                                  ".xmp",
                                                  ".XMP",
                                                  ".HEIC.xmp",
                                                  ".icloudphotos",
                                                  ".icloudphotos.jpg",
                                                  ".sh_thumbnails",
                                                  ".Sh_Thumbnails",
                                                  "caf\u00e9",
                                                  "cafe\u0301",
                                                  "CAF\u00c9",
                                                  "\u1e9e",
                                                  "\u00df",
                                                  "ss",
                                                  "\u0130",
                                                  "i\u0307",
                                                  "\u03a3",
                                                  "\u03c2",
                                                  "\u212b",
                                                  "\u00c5",
                                                  "\u1100\u1161",
                                                  "\uac00",
                                                  "\ufb01",
                                                  "\u0301",
                                                  "\u200d",
                                                  "\u202e",
                                                  "\u2028",
                                                  "\ufeff",
                                                  "\U0001f3d6\ufe0f\U0001f468\u200d\U0001f469\u200d\U0001f467",
                                                  "\u6625\u8282",
                                                  "\xff",
                                                  "\xc3",
                                                  "\xe2\x82",
                                                  "\xed\xa0\x80",
                                                  "\xf4\x90\x80\x80",
                                                  "\xc0\xaf",
                                                  "~",
                                                  "-",
                                                  "--",
                                                  "#",
                                                  "%00",
                                                  "$(ls)"};
    if (below(12) == 0) return repeated(kPieces[below(kPieces.size())]);
    return kPieces[below(kPieces.size())];
  }

  [[nodiscard]] std::string repeated(const std::string& piece) {
    std::string text;
    const std::size_t length = 200 + below(120);
    while (!piece.empty() && text.size() < length) text += piece;
    return text;
  }

  [[nodiscard]] std::string extension() {
    static const std::vector<std::string> kExtensions{".HEIC", ".heic",  ".JPG", ".jpeg", ".MOV",       ".xmp", ".",
                                                      ".DNG",  ".12345", ".v2",  ".J G",  ".abcdefghi", ".png", "."};
    return kExtensions[below(kExtensions.size())];
  }

  std::mt19937 random_;
};

}  // namespace icloudphotos
