// SPDX-License-Identifier: MIT
#include "extended_attributes.h"

#include <algorithm>
#include <optional>

#include "icloudphotos/base/text.h"

#include "iso_time.h"
#include "legible.h"
#include "mime.h"
#include "place.h"
#include "types.h"

namespace icloudphotos::tree {
namespace {

/// Comma-separated, as long as whole words fit.
class CommaList {
 public:
  void add(std::string_view word) {
    const std::size_t comma = text_.empty() ? 0 : 1;
    if (word.empty() || text_.size() + comma + word.size() > kLongestAttribute) return;
    if (comma != 0) text_ += ',';
    text_ += word;
  }
  std::string take() && { return std::move(text_); }

 private:
  std::string text_;
};

std::string tags_text(const AttributeSource& source) {
  CommaList list;
  for (std::string tag : flat_tags(source.asset, source.albums)) {
    std::replace(tag.begin(), tag.end(), ',', ' ');
    list.add(legible_line(tag));
  }
  return std::move(list).take();
}

std::string comment_text(const Asset& asset) {
  std::string text = legible(asset.description);
  if (text.empty()) text = legible(asset.title);
  return std::string{cut_at_code_point(text, kLongestAttribute)};
}

std::string_view mime_text(const AttributeSource& source) {
  const bool told_by_item =
      source.file.type.empty() && source.file.kind == ResourceKind::Original && source.original != nullptr;
  return mime_type_of(told_by_item ? source.original->type : source.file.type);
}

bool is_edit(const Resource& file) {
  return file.kind == ResourceKind::EditedStill || file.kind == ResourceKind::EditedVideo;
}

bool has_raw(const Original* original) {
  return original != nullptr &&
         (kind_of_type(original->type) == MediaKind::Raw ||
          std::any_of(original->resources.begin(), original->resources.end(),
                      [](const Resource& file) { return kind_of_type(file.type) == MediaKind::Raw; }));
}

std::string state_text(const Asset& asset, const Original* original) {
  CommaList list;
  const auto say = [&](std::string_view word, bool is) {
    if (is) list.add(word);
  };
  say("favorite", asset.favorite);
  say("hidden", asset.hidden);
  say("deleted", asset.deleted);
  say("edited", std::any_of(asset.resources.begin(), asset.resources.end(), is_edit));
  say("live", asset.subtype_v2 == 2);
  say("raw", has_raw(original));
  say("burst", !asset.burst.empty());
  return std::move(list).take();
}

}  // namespace

std::vector<std::pair<std::string, std::string>> extended_attributes(const AttributeSource& source) {
  const Asset& asset = source.asset;
  std::vector<std::pair<std::string, std::string>> attributes;
  const auto tell = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) attributes.emplace_back(name, cut_at_code_point(value, kLongestAttribute));
  };
  tell("user.xdg.tags", tags_text(source));
  tell("user.baloo.rating", asset.favorite ? "10" : "");
  tell("user.xdg.comment", comment_text(asset));
  tell("user.mime_type", mime_text(source));
  tell("user.icloudphotos.checksum", source.file.checksum);
  tell("user.icloudphotos.asset", legible(asset.id.value));
  tell("user.icloudphotos.library", legible_line(source.library));
  tell("user.icloudphotos.added", asset.added ? iso_time(*asset.added, std::nullopt).value_or("") : "");
  const auto place = believable(asset.location);
  tell("user.icloudphotos.location", place ? decimal_degrees(*place) : "");
  tell("user.icloudphotos.state", state_text(asset, source.original));
  return attributes;
}

}  // namespace icloudphotos::tree
