// SPDX-License-Identifier: MIT
#include "icloudpd_names.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

#include "names.h"
#include "versions.h"

namespace icloudphotos::tree {
namespace {

constexpr std::string_view kForbidden = "<>:\"/\\|?*";
constexpr std::size_t kRecordLetters = 12;

// Its own table: NRF is what it says, and what is not here keeps its extension.
constexpr auto kExtensions = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"public.heic", "HEIC"},
    {"public.heif", "HEIF"},
    {"public.jpeg", "JPG"},
    {"public.png", "PNG"},
    {"com.apple.quicktime-movie", "MOV"},
    {"com.adobe.raw-image", "DNG"},
    {"com.canon.cr2-raw-image", "CR2"},
    {"com.canon.crw-raw-image", "CRW"},
    {"com.canon.cr3-raw-image", "CR3"},
    {"com.sony.arw-raw-image", "ARW"},
    {"com.fuji.raw-image", "RAF"},
    {"com.panasonic.rw2-raw-image", "RW2"},
    {"com.nikon.nrw-raw-image", "NRF"},
    {"com.nikon.raw-image", "NEF"},
    {"com.pentax.raw-image", "PEF"},
    {"com.olympus.raw-image", "ORF"},
    {"com.olympus.or-raw-image", "ORF"},
});

std::string_view extension_or(std::string_view type, std::string_view otherwise) {
  const auto* known =
      std::find_if(kExtensions.begin(), kExtensions.end(), [&](const auto& row) { return row.first == type; });
  return known == kExtensions.end() ? otherwise : known->second;
}

struct Split {
  std::string_view stem;
  std::string_view extension;  ///< With its dot.
};

/// At the last dot that has something but dots before it, as Python does.
Split split_name(std::string_view name) {
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || name.find_first_not_of('.') > dot) return {name, {}};
  return {name.substr(0, dot), name.substr(dot)};
}

std::string cleaned(std::string_view text, TreeOptions::Unicode unicode) {
  std::string name;
  for (const char c : mended(text)) {
    if (c == '\0' || kForbidden.find(c) != std::string_view::npos) {
      name += '_';
    } else if (c > 0 || unicode == TreeOptions::Unicode::Keep) {
      name += c;
    }
  }
  return name;
}

std::string base_name(const Original& original, std::string_view type, TreeOptions::Unicode unicode) {
  if (!original.file_name.empty()) return cleaned(original.file_name, unicode);
  std::string letters = original.id.value.substr(0, kRecordLetters);
  for (char& c : letters) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!plain) c = '_';
  }
  return fmt::format("{}.{}", letters, extension_or(type, "unknown"));
}

/// As much of the stem as fits, and never "." or "..".
std::string assemble(std::string_view stem, std::string_view insert, std::string_view dotted_extension) {
  const std::string tail = fmt::format("{}{}", insert, cut_at_code_point(dotted_extension, kLongestName / 2));
  const std::string name = fmt::format("{}{}", cut_at_code_point(stem, kLongestName - tail.size()), tail);
  return name == "." || name == ".." ? "_" + name : name;
}

/// What the files of one photo are called, which depends on its original.
class PhotoNames {
 public:
  PhotoNames(const Original& original, std::string_view type, const TreeOptions& options)
      : base_{base_name(original, type, options.unicode)}, type_{type}, live_{options.live} {}

  [[nodiscard]] std::string plain(std::string_view type) const {
    const auto [stem, extension] = split_name(base_);
    return assemble(stem, "", fmt::format(".{}", extension_or(type, extension.substr(extension.empty() ? 0 : 1))));
  }
  [[nodiscard]] std::string original() const { return plain(type_); }

  /// By its type; only where that is not enough `insert` tells it from the original.
  [[nodiscard]] std::string other(std::string_view type, std::string_view insert) const {
    const std::string name = plain(type);
    if (name != original()) return name;
    const auto [stem, extension] = split_name(name);
    return assemble(stem, insert, extension);
  }

  [[nodiscard]] std::string video(std::string_view insert) const {
    return assemble(split_name(base_).stem, insert, ".MOV");
  }
  [[nodiscard]] std::string live() const {
    const bool is_heic = split_name(original()).extension == ".HEIC";
    return video(is_heic && live_ == TreeOptions::LiveNames::Suffix ? "_HEVC" : "");
  }

 private:
  std::string base_;
  std::string_view type_;
  TreeOptions::LiveNames live_;
};

constexpr std::string_view kAdjusted = "-adjusted";

std::string name_of(const Resource& resource, const PhotoNames& names, bool has_live, TreeOptions::Versions shown) {
  const bool alone = shown == TreeOptions::Versions::Current;  // the edit has the original's place
  switch (resource.kind) {
    case ResourceKind::Alternative:
      return names.other(resource.type, kAlternativeSuffix);
    case ResourceKind::LiveVideo:
      return names.live();
    case ResourceKind::EditedVideo:
      if (has_live) return alone ? names.live() : names.video(kAdjusted);
      [[fallthrough]];
    case ResourceKind::EditedStill:
      return alone ? names.plain(resource.type) : names.other(resource.type, kAdjusted);
    default:
      return names.original();
  }
}

bool is_shown(const Version& file, bool has_original, TreeOptions::Versions shown) {
  const ResourceKind kind = file.resource->kind;
  switch (shown) {
    case TreeOptions::Versions::Both:
      return true;
    case TreeOptions::Versions::Original:
      return kind == ResourceKind::Original || kind == ResourceKind::LiveVideo ||
             (kind == ResourceKind::Alternative && !has_original);
    case TreeOptions::Versions::Current:
      return file.current;
  }
  return true;
}

}  // namespace

std::vector<IcloudpdFile> icloudpd_files(const catalog::Photo& photo, const TreeOptions& options) {
  if (!photo.original) return {};
  const Original& imported = *photo.original;
  const Resource* original = find_resource(imported.resources, ResourceKind::Original);
  const bool has_live = find_resource(imported.resources, ResourceKind::LiveVideo) != nullptr;
  const PhotoNames names{imported, original != nullptr && !original->type.empty() ? original->type : imported.type,
                         options};
  std::vector<IcloudpdFile> files;
  for (const Version& file : Versions{photo}) {
    if (!is_shown(file, original != nullptr, options.versions)) continue;
    files.push_back({file.resource, name_of(*file.resource, names, has_live, options.versions)});
  }
  return files;
}

std::string icloudpd_candidate(std::string_view wish, std::uint64_t bytes, std::uint32_t n) {
  const auto [stem, extension] = split_name(wish);
  if (n < 2) return assemble(stem, "", extension);
  return assemble(stem, n == 2 ? fmt::format("-{}", bytes) : fmt::format("-{}-{}", bytes, n - 1), extension);
}

Moment icloudpd_moment(const Asset& asset, const Layout& layout) {
  const TimePoint captured = asset.captured.value_or(TimePoint{});
  if (std::string filled = layout.fill(captured, asset.utc_offset); !filled.empty()) return {captured, filled};
  return {TimePoint{}, layout.fill(TimePoint{}, asset.utc_offset)};
}

}  // namespace icloudphotos::tree
