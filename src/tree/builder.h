// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "icloudphotos/catalog/catalog.h"

#include "albums.h"
#include "claims.h"
#include "classify.h"
#include "inodes.h"
#include "layout.h"
#include "library_tree.h"

namespace icloudphotos::tree {

/// What a library is built with.
struct BuildSetting {
  const catalog::Catalog& catalog;
  const Layout& layout;
  TimePoint now;
  Claims& claims;  ///< Of this library.
  Inodes& inodes;
  const std::function<bool(const Number&)>& taken;  ///< By what other libraries show, or this one showed before.
};

/// Builds the tree of one library. Used once.
class LibraryBuilder {
 public:
  /// `name`: what the library's directory is called. `before`: the tree it replaces, or null; what is equal is shared.
  LibraryBuilder(const BuildSetting& setting, const Library& library, std::string name, const LibraryTree* before);

  /// The directories every library has, none of them complete.
  [[nodiscard]] std::shared_ptr<const LibraryTree> build_incomplete();
  /// All of it. Errors: Storage.
  [[nodiscard]] Result<std::shared_ptr<const LibraryTree>> build();

 private:
  using Place = std::uint32_t;  ///< Index into `drafts_`.
  struct Draft {
    Directory directory;
    std::string key;
    Place parent = 0;
    std::uint32_t check = 0;
    std::uint32_t depth = 1;
    std::uint32_t links = 2;
    std::int64_t newest_s = 0;
    Claims::Directory claims = 0;
  };
  /// Who is in which album, by photo.
  struct Member {
    std::uint32_t offset = 0;  ///< Of the asset's id in `member_ids_`.
    std::uint32_t length = 0;
    Place album = 0;
  };

  void add_fixed_directories();
  [[nodiscard]] Result<void> add_albums();
  [[nodiscard]] Result<void> read_members(const std::unordered_map<AlbumId, Place>& places);
  void add_photo(const catalog::Photo& photo);
  [[nodiscard]] Place date_directory(const Moment& moment);
  /// Shows the files of a photo that `which` picks in a directory.
  template <class Which>
  void show(Place place, const catalog::Photo& photo, const Versions& files, std::uint32_t first, Which which);
  [[nodiscard]] std::shared_ptr<const LibraryTree> finish();

  Place add_directory(Place parent, std::string name, std::string key, Naming naming = Naming::Photo);
  [[nodiscard]] Number number(std::string_view key);
  [[nodiscard]] std::string_view member_id(const Member& member) const {
    return std::string_view{member_ids_}.substr(member.offset, member.length);
  }

  const BuildSetting& setting_;
  const Library& library_;
  std::string name_;
  const LibraryTree* before_;
  std::shared_ptr<LibraryTree> tree_;
  std::vector<Draft> drafts_;  ///< Parents stand before their children. The first is the library's own.
  std::unordered_map<std::uint64_t, std::uint32_t> checks_;  ///< Of the drafts, by inode.
  Place all_photos_ = 0;
  Place albums_ = 0;
  Place favorites_ = 0;
  std::array<Place, kMediaTypes.size()> media_types_{};
  std::unordered_map<std::string, Place> date_directories_;  ///< By filled-in layout.
  std::unordered_map<std::string, Place> date_paths_;        ///< By key.
  std::string member_ids_;
  std::vector<Member> members_;  ///< Sorted by id.
  Totals totals_;
};

}  // namespace icloudphotos::tree
