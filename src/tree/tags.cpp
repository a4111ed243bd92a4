// SPDX-License-Identifier: MIT
#include "tags.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "legible.h"

namespace icloudphotos::tree {
namespace {

/// Tags in the order in which they came, each once.
class Tags {
 public:
  void add(std::string tag) {
    if (!tag.empty() && known_.insert(tag).second) tags_.push_back(std::move(tag));
  }
  std::vector<std::string> take() && { return std::move(tags_); }

 private:
  std::unordered_set<std::string> known_;
  std::vector<std::string> tags_;
};

std::string level(std::string_view name, char separator) {
  std::string made = legible_line(name);
  std::replace(made.begin(), made.end(), separator, '_');
  return made;
}

}  // namespace

std::vector<std::string> flat_tags(const Asset& asset, const std::vector<AlbumPath>& albums) {
  Tags tags;
  for (const std::string& keyword : asset.keywords) tags.add(legible_line(keyword));
  for (const AlbumPath& path : albums) {
    if (!path.empty()) tags.add(legible_line(path.back()));
  }
  return std::move(tags).take();
}

std::vector<std::string> nested_tags(const Asset& asset, const std::vector<AlbumPath>& albums, char separator) {
  Tags tags;
  for (const std::string& keyword : asset.keywords) tags.add(level(keyword, separator));
  for (const AlbumPath& path : albums) {
    std::string tag = "Albums";
    for (const std::string& name : path) {
      if (const std::string made = level(name, separator); !made.empty()) tag += separator + made;
    }
    if (tag != "Albums") tags.add(std::move(tag));
  }
  return std::move(tags).take();
}

}  // namespace icloudphotos::tree
