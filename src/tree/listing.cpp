// SPDX-License-Identifier: MIT
#include "listing.h"

#include <algorithm>
#include <string>

#include "arranger.h"

namespace icloudphotos::tree {
namespace {

// Places: 1 and 2 are "." and "..", then come directories by number, then files by slot.
constexpr std::uint64_t kFirstDirectory = 16;
constexpr std::uint64_t kFirstFile = std::uint64_t{1} << 40;
constexpr std::uint64_t kFilesOfASlot = 16;

std::string name_of(const catalog::TreeReader::Listed& listed, const CardFile& file) {
  std::string name{listed.stem};
  if (listed.part == kWholePhoto) name += file.suffix;
  return name;
}

/// The files shown under one claim.
template <class Use>
void each_file(const catalog::TreeReader::Listed& listed, const Card& card, const Bone& directory, Use use) {
  const CardPlace place{directory.row.number, listed.slot, static_cast<Part>(listed.part), 0};
  for (std::size_t i = 0; i < card.files.size(); ++i) {
    if (shows(place, card.files[i], directory.role())) use(card.files[i], i);
  }
}

}  // namespace

Node node_of(const Card& card, const CardFile& file, const Skeleton& skeleton, std::int64_t library) {
  Node node;
  node.complete = skeleton.is_whole(library);
  node.inode = file.inode;
  node.size = file.size;
  node.links = links_of(card, file, [&](std::int64_t number) {
    const Bone* bone = skeleton.numbered(number);
    return bone == nullptr ? Role::Fixed : bone->role();
  });
  node.modified_s = file.modified_s;
  node.changed_s = card.changed_s;
  return node;
}

Result<std::shared_ptr<Directory>> list(catalog::TreeReader& reader, const Skeleton& skeleton, const Bone& directory) {
  auto listing = std::make_shared<Directory>();
  listing->inode = directory.row.inode;
  listing->parent = skeleton.parent_of(directory);
  listing->complete = directory.complete;
  for (const Bone* bone : directory.below) {
    listing->entries.push_back(
        {bone->row.name, bone->node(), kFirstDirectory + static_cast<std::uint64_t>(bone->row.number)});
  }
  std::sort(listing->entries.begin(), listing->entries.end(),
            [](const Entry& a, const Entry& b) { return a.place < b.place; });
  if (!directory.complete || shown_in(directory.role()) == 0) return listing;
  TRY(reader.list(directory.row.number, [&](const catalog::TreeReader::Listed& listed) {
    const Card card = unpack_card(listed.files, listed.places);
    const auto first = kFirstFile + static_cast<std::uint64_t>(listed.slot) * kFilesOfASlot;
    each_file(listed, card, directory, [&](const CardFile& file, std::size_t i) {
      listing->entries.push_back(
          {name_of(listed, file), node_of(card, file, skeleton, directory.row.library), first + i});
    });
  }));
  return listing;
}

Result<std::optional<Node>> find_file(catalog::TreeReader& reader, const Skeleton& skeleton, const Bone& directory,
                                      std::string_view name, const TreeOptions& options) {
  std::optional<Node> found;
  if (!directory.complete || shown_in(directory.role()) == 0) return found;
  const auto use = [&](const catalog::TreeReader::Listed& listed) {
    const Card card = unpack_card(listed.files, listed.places);
    each_file(listed, card, directory, [&](const CardFile& file, std::size_t) {
      if (name_of(listed, file) == name) found = node_of(card, file, skeleton, directory.row.library);
    });
  };
  TRY(reader.find(directory.row.number, claim_hash_of_file(name, directory.role(), options), use));
  return found;
}

}  // namespace icloudphotos::tree
