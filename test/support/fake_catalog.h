// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "icloudphotos/catalog/catalog.h"

namespace icloudphotos::catalog {

/// A catalog in memory, to be filled by hand. What it has stays when a Tree is loaded from it again; `lose_tree_rows`
/// is a lost catalog that was read anew.
class FakeCatalog final : public Catalog {
 public:
  struct Contents {
    LibraryState state;
    std::map<AssetId, Asset> assets;
    std::map<OriginalId, Original> originals;
    std::map<AlbumId, Album> albums;
    std::map<std::pair<AlbumId, AssetId>, Membership> members;
  };

  [[nodiscard]] Contents& in(const LibraryId& library) { return libraries_.at(library); }
  void lose_tree_rows() {
    inodes_.clear();
    claims_.clear();
  }
  void fail_writes(bool fail) { fail_writes_ = fail; }
  [[nodiscard]] std::size_t writes() const { return writes_; }

  Result<void> add_libraries(const std::vector<Library>& libraries) override {
    for (const Library& library : libraries) {
      Contents& contents = libraries_[library.id];
      contents.state.library = library;
      if (!contents.state.token) contents.state.token = library.token;
    }
    return {};
  }
  Result<void> remove_library(const LibraryId& library) override {
    libraries_.erase(library);
    return {};
  }
  Result<std::vector<LibraryState>> libraries() const override {
    std::vector<LibraryState> states;
    for (const auto& [id, contents] : libraries_) states.push_back(contents.state);
    return states;
  }

  Result<ChangeSet> apply(const Delta& delta, Source = Source::Changes) override {
    Contents& contents = in(delta.library);
    ChangeSet changes{.library = delta.library, .assets = {}, .albums = {}};
    for (const Original& original : delta.originals) {
      contents.originals[original.id] = original;
      for (const auto& [id, asset] : contents.assets) {
        if (asset.original == original.id) changes.assets.push_back(id);
      }
    }
    for (const Asset& asset : delta.assets) {
      contents.assets[asset.id] = asset;
      changes.assets.push_back(asset.id);
    }
    for (const Album& album : delta.albums) {
      contents.albums[album.id] = album;
      changes.albums.push_back(album.id);
    }
    for (const Membership& membership : delta.memberships) {
      contents.members[{membership.album, membership.asset}] = membership;
      changes.albums.push_back(membership.album);
    }
    for (const Membership& membership : delta.left) {
      contents.members.erase({membership.album, membership.asset});
      changes.albums.push_back(membership.album);
    }
    for (const std::string& name : delta.gone) {
      if (contents.assets.erase(AssetId{name}) > 0) changes.assets.emplace_back(name);
      if (contents.albums.erase(AlbumId{name}) > 0) changes.albums.emplace_back(name);
      contents.originals.erase(OriginalId{name});
    }
    if (delta.next) contents.state.token = delta.next;
    return changes;
  }
  Result<ChangeSet> set_members(const LibraryId& library, const AlbumId& album,
                                const std::vector<Membership>& members) override {
    auto& all = in(library).members;
    std::erase_if(all, [&](const auto& member) { return member.first.first == album; });
    for (const Membership& member : members) all[{album, member.asset}] = member;
    return ChangeSet{.library = library, .assets = {}, .albums = {album}};
  }
  Result<void> set_listed(const LibraryId& library, bool listed, std::optional<std::int64_t> counted) override {
    in(library).state.listed = listed;
    in(library).state.counted = counted;
    return {};
  }
  Result<void> begin_reading(const LibraryId&) override { return {}; }
  Result<Unread> unread(const LibraryId&) const override { return Unread{}; }
  Result<ChangeSet> end_reading(const LibraryId& library, const std::optional<SyncToken>&) override {
    return ChangeSet{library, {}, {}};
  }
  Result<void> set_album_counts(const LibraryId&,
                                const std::vector<std::pair<AlbumId, std::optional<std::int64_t>>>&) override {
    return {};
  }
  Result<Balance> balance(const LibraryId&) const override { return Balance{}; }
  Result<std::vector<AlbumBalance>> album_balances(const LibraryId&) const override {
    return std::vector<AlbumBalance>{};
  }
  Result<void> forget_token(const LibraryId& library) override {
    in(library).state.token.reset();
    return {};
  }

  Result<std::vector<OriginalId>> missing_originals(const LibraryId& library, std::size_t most) const override {
    std::set<OriginalId> missing;
    const Contents& contents = libraries_.at(library);
    for (const auto& [id, asset] : contents.assets) {
      if (missing.size() < most && !contents.originals.contains(asset.original)) missing.insert(asset.original);
    }
    return std::vector<OriginalId>{missing.begin(), missing.end()};
  }
  Result<void> each_photo(const LibraryId& library, const std::function<void(const Photo&)>& visit) const override {
    const Contents& contents = libraries_.at(library);
    std::vector<const Asset*> order;
    for (const auto& [id, asset] : contents.assets) {
      if (!asset.deleted) order.push_back(&asset);
    }
    const auto key = [](const Asset* asset) { return std::tuple{asset->added.value_or(asset->created), asset->id}; };
    std::sort(order.begin(), order.end(), [&](const Asset* a, const Asset* b) { return key(a) < key(b); });
    for (const Asset* asset : order) {
      const auto original = contents.originals.find(asset->original);
      visit({*asset, original == contents.originals.end() ? std::nullopt : std::optional{original->second}});
    }
    return {};
  }
  Result<std::vector<Album>> albums(const LibraryId& library) const override {
    std::vector<Album> albums;
    for (const auto& [id, album] : libraries_.at(library).albums) albums.push_back(album);
    return albums;
  }
  Result<void> each_membership(const LibraryId& library,
                               const std::function<void(const Membership&)>& visit) const override {
    for (const auto& [key, membership] : libraries_.at(library).members) visit(membership);
    return {};
  }

  Result<std::vector<InodeRow>> inodes() const override {
    std::vector<InodeRow> rows;
    for (const auto& [inode, row] : inodes_) rows.push_back(row);
    return rows;
  }
  Result<std::vector<ClaimRow>> claims() const override {
    std::vector<ClaimRow> rows;
    for (const auto& [key, row] : claims_) rows.push_back(row);
    return rows;
  }
  Result<void> put_tree_rows(const std::vector<InodeRow>& inodes, const std::vector<ClaimRow>& claims) override {
    if (fail_writes_) return Error{ErrorKind::Storage, "the disk is full"};
    ++writes_;
    for (const InodeRow& row : inodes) inodes_[row.inode] = row;
    for (const ClaimRow& row : claims) claims_[{row.directory, row.folded}] = row;
    return {};
  }

 private:
  std::map<LibraryId, Contents> libraries_;
  std::map<Inode, InodeRow> inodes_;
  std::map<std::pair<std::string, std::string>, ClaimRow> claims_;
  bool fail_writes_ = false;
  std::size_t writes_ = 0;
};

}  // namespace icloudphotos::catalog
