// SPDX-License-Identifier: MIT
#include "library_tree.h"

#include <algorithm>

namespace icloudphotos::tree {

Node DirectoryNode::node() const {
  return {.inode = listing->inode,
          .kind = NodeKind::Directory,
          .complete = listing->complete,
          .size = 0,
          .links = links,
          .modified_s = newest_s,
          .changed_s = newest_s};
}

const LibraryTree::File* LibraryTree::find_file(Inode inode) const {
  const auto place =
      by_inode_.find(inode.value, [&](std::uint32_t candidate) { return files_[candidate].inode == inode.value; });
  return place ? &files_[*place] : nullptr;
}

const DirectoryNode* LibraryTree::find_directory(Inode inode) const {
  const auto found = directories_.find(inode);
  return found == directories_.end() ? nullptr : &found->second;
}

Node LibraryTree::node(const File& file) const {
  return {.inode = Inode{file.inode},
          .kind = NodeKind::File,
          .complete = true,
          .size = file.size,
          .links = file.links,
          .modified_s = file.modified_s,
          .changed_s = file.changed_s};
}

ResourceRef LibraryTree::resource(const File& file) const {
  const Photo& photo = photos_[file.photo];
  return {.library = id_,
          .asset = AssetId{text_.substr(photo.text, photo.asset_length)},
          .original = OriginalId{text_.substr(photo.text + photo.asset_length, photo.original_length)},
          .kind = file.kind,
          .size = file.size,
          .checksum = text_.substr(file.checksum, file.checksum_length)};
}

bool LibraryTree::taken(const Number& number) const {
  const Inode inode{number.inode};
  if (const File* file = find_file(inode)) return file->check != number.check;
  if (const DirectoryNode* directory = find_directory(inode)) return directory->check != number.check;
  return false;
}

std::size_t LibraryTree::memory_bytes() const {
  std::size_t bytes = text_.capacity() + photos_.capacity() * sizeof(Photo) + files_.capacity() * sizeof(File) +
                      by_inode_.memory_bytes() + directories_.size() * (sizeof(DirectoryNode) + 48);
  for (const auto& [inode, directory] : directories_) {
    bytes += sizeof(Directory) + directory.listing->entries.capacity() * sizeof(Entry);
    for (const Entry& entry : directory.listing->entries) {
      if (entry.name.capacity() > 15) bytes += entry.name.capacity() + 1;
    }
  }
  return bytes;
}

std::uint32_t LibraryTree::add_photo(const AssetId& asset, const OriginalId& original) {
  photos_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(asset.value.size()),
                     static_cast<std::uint32_t>(original.value.size())});
  text_ += asset.value;
  text_ += original.value;
  return static_cast<std::uint32_t>(photos_.size() - 1);
}

std::uint32_t LibraryTree::add_file(File file, std::string_view checksum) {
  checksum = checksum.substr(0, UINT16_MAX);  // Apple's have 28 characters
  file.checksum_length = static_cast<std::uint16_t>(checksum.size());
  const Photo& photo = photos_[file.photo];
  const std::uint32_t original = photo.text + photo.asset_length;
  // Apple calls an original by the checksum of its file, so that one text often does for both.
  if (std::string_view{text_}.substr(original, photo.original_length) == checksum) {
    file.checksum = original;
  } else {
    file.checksum = static_cast<std::uint32_t>(text_.size());
    text_ += checksum;
  }
  const auto place = static_cast<std::uint32_t>(files_.size());
  by_inode_.insert(file.inode, place);
  files_.push_back(file);
  return place;
}

void LibraryTree::shrink() {
  text_.shrink_to_fit();
  photos_.shrink_to_fit();
  files_.shrink_to_fit();
}

}  // namespace icloudphotos::tree
