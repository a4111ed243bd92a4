// SPDX-License-Identifier: MIT
#include "versions.h"

#include <algorithm>

#include "icloudphotos/base/text.h"

#include "names.h"
#include "types.h"

namespace icloudphotos::tree {
namespace {

/// By type; `otherwise` for a type that does not tell.
std::string_view extension_or(const Resource& resource, std::string_view otherwise) {
  const std::string_view by_type = extension_of(resource.type);
  return by_type.empty() ? otherwise : by_type;
}

/// Slow motion is a speed ramp over the original: its "edit" is no file of its own (protocol/photos.md 9.3).
constexpr std::string_view kSlowMotion = "com.apple.video.slomo";

}  // namespace

const Resource* find_resource(const std::vector<Resource>& resources, ResourceKind kind) {
  const auto found =
      std::find_if(resources.begin(), resources.end(), [&](const Resource& resource) { return resource.kind == kind; });
  return found == resources.end() ? nullptr : &*found;
}

const Resource* resource_of(const catalog::Photo& photo, ResourceKind kind) {
  switch (kind) {
    case ResourceKind::Original:
    case ResourceKind::Alternative:
    case ResourceKind::LiveVideo:
      return photo.original ? find_resource(photo.original->resources, kind) : nullptr;
    case ResourceKind::EditedStill:
    case ResourceKind::EditedVideo:
      return find_resource(photo.asset.resources, kind);
    case ResourceKind::Medium:
    case ResourceKind::Thumbnail:
    case ResourceKind::MediumVideo:
      break;
  }
  const Resource* own = find_resource(photo.asset.resources, kind);
  return own != nullptr || !photo.original ? own : find_resource(photo.original->resources, kind);
}

Versions::Versions(const catalog::Photo& photo, const TreeOptions& options) {
  if (!photo.original) return;
  const Original& imported = *photo.original;
  const Resource* original = find_resource(imported.resources, ResourceKind::Original);
  if (original != nullptr) {
    const std::string& type = original->type.empty() ? imported.type : original->type;
    add(original, "", take_apart(imported.file_name, type).extension, "");
  }
  if (const Resource* other = find_resource(imported.resources, ResourceKind::Alternative)) {
    add(other, "", extension_or(*other, "BIN"), kAlternativeSuffix);
  }
  const Resource* live = find_resource(imported.resources, ResourceKind::LiveVideo);
  if (live != nullptr) add(live, "", extension_or(*live, "MOV"), kLiveSuffix);

  const bool rendered = photo.asset.adjustment_type != kSlowMotion;
  const Resource* still = rendered ? find_resource(photo.asset.resources, ResourceKind::EditedStill) : nullptr;
  const Resource* video = rendered ? find_resource(photo.asset.resources, ResourceKind::EditedVideo) : nullptr;
  if (still != nullptr) add(still, kEditedSuffix, extension_or(*still, "JPG"), "");
  if (video != nullptr) add(video, kEditedSuffix, extension_or(*video, "MOV"), kEditedLiveSuffix);

  // The edit takes the original's place; the edited video of a Live Photo takes the Live video's.
  const bool edited = still != nullptr || video != nullptr;
  const bool live_edited = live != nullptr && video != nullptr;
  for (std::size_t i = 0; i < count_; ++i) {
    Version& file = files_[i];
    switch (file.resource->kind) {
      case ResourceKind::Original:
        file.current = !edited || (live_edited && still == nullptr);
        break;
      case ResourceKind::LiveVideo:
        file.current = !live_edited;
        break;
      case ResourceKind::EditedStill:
      case ResourceKind::EditedVideo:
        file.current = true;
        break;
      default:
        file.current = original == nullptr && !edited;
        break;
    }
  }
  decide_where(options.versions);
  if (options.jpeg) add_rendition(photo);
}

void Versions::decide_where(TreeOptions::Versions shown) {
  const auto is_edit = [](const Version& file) {
    return file.resource->kind == ResourceKind::EditedStill || file.resource->kind == ResourceKind::EditedVideo;
  };
  bool any = false;
  for (std::size_t i = 0; i < count_; ++i) {
    Version& file = files_[i];
    file.where = InEverything;
    if (file.current) file.where |= InViews;
    if (file.raw) file.where |= InRaw;
    const bool wanted = shown == TreeOptions::Versions::Both ||
                        (shown == TreeOptions::Versions::Original ? !is_edit(file) : file.current);
    if (wanted) file.where |= InAllPhotos;
    any = any || wanted;
  }
  // All Photos has every photo, if need be in the only version there is.
  for (std::size_t i = 0; i < count_ && !any; ++i) files_[i].where |= InAllPhotos;
}

/// What JPEG shows: Apple's preview of the newest version, else that version itself. A small picture has no preview.
void Versions::add_rendition(const catalog::Photo& photo) {
  if (count_ == 0) return;
  const Version* shown = nullptr;
  for (const Version& file : *this) {
    if (file.current && file.resource->kind != ResourceKind::LiveVideo && shown == nullptr) shown = &file;
  }
  if (shown == nullptr) shown = begin();
  const bool video = kind_of_type(shown->resource->type) == MediaKind::Video;
  const Resource* rendition = resource_of(photo, video ? ResourceKind::MediumVideo : ResourceKind::Medium);
  if (rendition == nullptr) rendition = shown->resource;
  const auto extension = extension_or(*rendition, video ? "MP4" : "JPG");
  files_[count_++] = {
      .resource = rendition, .suffix = '.' + std::string{extension}, .current = false, .raw = false, .where = InJpeg};
}

bool Versions::has_original() const {
  return std::any_of(begin(), end(), [](const Version& file) { return file.resource->kind == ResourceKind::Original; });
}

void Versions::add(const Resource* resource, std::string_view between, std::string_view extension,
                   std::string_view if_taken) {
  const auto taken = [&](std::string_view suffix) {
    return std::any_of(begin(), end(), [&](const Version& file) { return ascii_iequals(file.suffix, suffix); });
  };
  std::string suffix = std::string{between} + '.' + std::string{extension};
  if (taken(suffix)) suffix = std::string{if_taken} + '.' + std::string{extension};
  MediaKind kind = kind_of_type(resource->type);
  if (kind == MediaKind::Unknown) kind = kind_of_extension(extension);
  files_[count_++] = {
      .resource = resource, .suffix = std::move(suffix), .current = false, .raw = kind == MediaKind::Raw, .where = 0};
}

}  // namespace icloudphotos::tree
