// SPDX-License-Identifier: MIT
#include "fuse/reading_order.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "fuse/files_read.h"

namespace icloudphotos::fuse {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kPhotoBytes = 2 * kMiB;

/// Directories below "All Photos", and links to their files elsewhere. A file's asset is its path.
class Archive final : public tree::Tree {
 public:
  Archive() {
    for (const auto* path : {"", "Library", "Library/All Photos"}) make(path);
  }
  /// Files get inodes in the opposite order of how they are added, so that no two orders are the same.
  void add(const std::string& directory, const std::string& name, std::uint64_t size = kPhotoBytes) {
    make(directory);
    const auto path = directory + "/" + name;
    const Inode inode{next_--};
    inodes_[path] = inode;
    ResourceRef resource;
    resource.asset = AssetId{path};
    resource.size = size;
    files_[inode] = resource;
    put(directory, name, inode, tree::NodeKind::File, size);
  }
  void link(const std::string& directory, const std::string& path) {
    make(directory);
    const auto inode = inodes_.at(path);
    put(directory, path.substr(path.rfind('/') + 1), inode, tree::NodeKind::File, files_[inode].size);
  }
  [[nodiscard]] Inode at(const std::string& path) const { return inodes_.at(path); }
  [[nodiscard]] std::vector<std::string> listed(const std::string& directory, bool by_inode = false) const {
    auto entries = directories_.at(inodes_.at(directory))->entries;
    if (by_inode) {
      std::sort(entries.begin(), entries.end(),
                [](const auto& a, const auto& b) { return a.node.inode < b.node.inode; });
    }
    std::vector<std::string> paths;
    for (const auto& entry : entries) paths.push_back(directory + "/" + entry.name);
    return paths;
  }

  Result<std::shared_ptr<const tree::Directory>> directory(Inode inode) const override {
    const auto found = directories_.find(inode);
    return found == directories_.end() ? nullptr : std::shared_ptr<const tree::Directory>{found->second};
  }
  std::optional<Inode> parent(Inode inode) const override {
    const auto found = directories_.find(inode);
    return found == directories_.end() ? std::nullopt : std::optional{found->second->parent};
  }
  Result<std::optional<tree::Content>> content(Inode file) const override {
    const auto found = files_.find(file);
    return found == files_.end() ? std::optional<tree::Content>{} : tree::Content{found->second};
  }
  Result<std::vector<Inode>> directories_of(Inode file) const override {
    std::vector<Inode> found;
    for (const auto& [inode, directory] : directories_) {
      const auto& all = directory->entries;
      if (std::any_of(all.begin(), all.end(), [&](const auto& entry) { return entry.node.inode == file; }))
        found.push_back(inode);
    }
    return found;
  }
  Result<std::optional<tree::Node>> look_up(Inode, std::string_view) const override {
    return std::optional<tree::Node>{};
  }
  Result<std::optional<tree::Node>> node(Inode) const override { return std::optional<tree::Node>{}; }
  Result<std::optional<Inode>> file_of(const ResourceRef&) const override { return std::optional<Inode>{}; }
  Result<tree::Attributes> attributes(Inode) const override { return tree::Attributes{}; }
  tree::Totals totals() const override { return {}; }
  std::uint64_t generation() const override { return 1; }
  void known_since(const LibraryId&, TimePoint) override {}
  void known_albums(const LibraryId&) override {}
  void known_album(const LibraryId&, const AlbumId&) override {}
  std::optional<Source> source_of(Inode) const override { return std::nullopt; }
  Result<tree::Stale> refresh() override { return tree::Stale{}; }

 private:
  void make(const std::string& path) {
    if (inodes_.contains(path)) return;
    const auto slash = path.rfind('/');
    const auto above = slash == std::string::npos ? std::string{} : path.substr(0, slash);
    const Inode inode{path.empty() ? kRootInode : Inode{next_--}};
    inodes_[path] = inode;
    auto& directory = directories_[inode] = std::make_shared<tree::Directory>();
    directory->inode = inode;
    if (path.empty()) {
      directory->parent = kRootInode;
      return;
    }
    make(above);
    directory->parent = inodes_.at(above);
    put(above, path.substr(slash + 1), inode, tree::NodeKind::Directory, 0);
  }
  void put(const std::string& directory, const std::string& name, Inode inode, tree::NodeKind kind,
           std::uint64_t size) {
    auto& entries = directories_.at(inodes_.at(directory))->entries;
    tree::Entry entry{name, {}, entries.size() + 3};
    entry.node.inode = inode;
    entry.node.kind = kind;
    entry.node.size = size;
    entries.push_back(std::move(entry));
  }

  std::uint64_t next_ = 1'000'000;
  std::map<std::string, Inode> inodes_;
  std::map<Inode, std::shared_ptr<tree::Directory>> directories_;
  std::map<Inode, ResourceRef> files_;
};

/// Notes what is wanted ahead.
class Wishes final : public content::Store {
 public:
  void read(const ResourceRef&, Range, content::ReadDone) override {}
  void read_ahead(const ResourceRef& resource, Range range) override {
    auto& bytes = ahead[resource.asset.value];
    bytes = std::max(bytes, range.end());
  }
  void forget_ahead(const ResourceRef& resource) override { ahead.erase(resource.asset.value); }
  void expect(std::span<const ResourceRef> resources) override {
    ++announcements;
    for (const auto& resource : resources) expected.push_back(resource.asset.value);
  }
  std::shared_ptr<const Fd> whole(const ResourceRef&) override { return nullptr; }
  void try_again() override {}
  content::Usage usage() override { return {}; }
  void on_corrupt(std::function<void(const ResourceRef&)>) override {}
  void on_recovered(std::function<void()>) override {}

  std::map<std::string, std::uint64_t> ahead;
  std::vector<std::string> expected;
  int announcements = 0;
};

class Reading : public testing::Test {
 protected:
  static constexpr const char* kMonth = "Library/All Photos/2024/06";

  /// As the kernel does it: what is asked for grows with what was read.
  void read(const std::string& path, std::uint64_t bytes) {
    const auto file = archive.at(path);
    const auto size = std::get<ResourceRef>(**archive.content(file)).size;
    bool begins = false;
    constexpr std::uint64_t kRequest = 96 * 1024;
    for (std::uint64_t at = 0; at < std::min(bytes, size); at += kRequest)
      begins = files.note(file, size, {at, kRequest}) || begins;
    if (begins) order.begun(std::vector{file});
  }
  void copy(const std::string& path) { read(path, UINT64_MAX); }
  void copy(const std::vector<std::string>& paths) {
    for (const auto& path : paths) copy(path);
  }
  void fill(const std::string& directory, int count, std::uint64_t size = kPhotoBytes) {
    // A third is never listed where its name says.
    for (int i = 0; i < count; ++i) {
      const int number = i * 7 % count;
      archive.add(directory, "IMG_" + std::to_string(1000 + number), size);
    }
  }
  [[nodiscard]] std::vector<std::string> by_name(const std::string& directory) const {
    auto paths = archive.listed(directory);
    std::sort(paths.begin(), paths.end());
    return paths;
  }
  /// Whether the files from a place on are wanted whole, and how many in a row.
  [[nodiscard]] std::size_t whole_after(const std::vector<std::string>& paths, std::size_t place) const {
    std::size_t count = 0;
    for (auto i = place; i < paths.size() && store.ahead.contains(paths[i]); ++i, ++count)
      EXPECT_EQ(store.ahead.at(paths[i]), kPhotoBytes) << paths[i];
    return count;
  }
  static std::vector<std::string> first(const std::vector<std::string>& paths, std::size_t count) {
    return {paths.begin(), paths.begin() + static_cast<std::ptrdiff_t>(count)};
  }

  Archive archive;
  Wishes store;
  FilesRead files;
  ReadingOrder order{archive, store, files, 40 * kMiB};
};

TEST_F(Reading, OneFileSaysNothingOfTheNext) {
  fill(kMonth, 50);
  copy(by_name(kMonth)[3]);
  EXPECT_TRUE(store.ahead.empty());
  EXPECT_TRUE(store.expected.empty());
}

TEST_F(Reading, InOrderOfNamesFetchesTheNextFiles) {
  fill(kMonth, 50);
  const auto paths = by_name(kMonth);
  copy(first(paths, 2));
  EXPECT_EQ(whole_after(paths, 2), 4U);
  EXPECT_EQ(store.ahead.size(), 4U);
}

TEST_F(Reading, InOrderOfTheListingFetchesTheNextFiles) {
  fill(kMonth, 50);
  const auto paths = archive.listed(kMonth);
  copy(first(paths, 2));
  EXPECT_EQ(whole_after(paths, 2), 4U);
  EXPECT_EQ(store.ahead.size(), 4U);
}

TEST_F(Reading, InOrderOfInodesFetchesTheNextFiles) {
  fill(kMonth, 50);
  const auto paths = archive.listed(kMonth, true);
  copy(first(paths, 2));
  EXPECT_EQ(whole_after(paths, 2), 4U);
  EXPECT_EQ(store.ahead.size(), 4U);
}

TEST_F(Reading, FetchesFurtherAheadTheLongerItGoesOn) {
  fill(kMonth, 100);
  const auto paths = by_name(kMonth);
  copy(first(paths, 3));
  EXPECT_EQ(whole_after(paths, 3), 8U);
  copy(first(paths, 10));
  EXPECT_EQ(whole_after(paths, 10), 20U);  // forty million bytes
}

TEST_F(Reading, GoesOnInTheNextDirectory) {
  std::vector<std::string> paths;
  for (const auto* directory : {"2023/11", "2023/12", "2024/01", "2024/02", "2024/03"}) {
    const auto here = std::string{"Library/All Photos/"} + directory;
    fill(here, 2);
    for (const auto& path : by_name(here)) paths.push_back(path);
  }
  copy(first(paths, 2));
  EXPECT_EQ(whole_after(paths, 2), 4U);
  copy(paths[2]);
  EXPECT_EQ(whole_after(paths, 3), 7U);
}

TEST_F(Reading, DoesNotLeaveTheViewThatIsCopied) {
  fill("Library/All Photos", 3);
  fill("Library/Favorites", 3);
  copy(by_name("Library/All Photos"));
  EXPECT_EQ(store.ahead.size(), 1U);
}

TEST_F(Reading, IsNoticedInWhicheverDirectoryOfAFileItGoesOn) {
  fill(kMonth, 30);
  fill("Library/All Photos/2024/07", 30);
  for (int i = 0; i < 20; ++i) {
    archive.link("Library/Albums/Trip", by_name(kMonth)[static_cast<std::size_t>(i)]);
    archive.link("Library/Albums/Trip", by_name("Library/All Photos/2024/07")[static_cast<std::size_t>(i)]);
  }
  // A file's asset is called by its first path.
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < 20; ++i) {
    paths.push_back(by_name(kMonth)[i]);
    paths.push_back(by_name("Library/All Photos/2024/07")[i]);
  }
  copy(first(paths, 2));
  EXPECT_EQ(whole_after(paths, 2), 4U);
  EXPECT_EQ(store.ahead.size(), 4U);
}

TEST_F(Reading, GoesOnAlsoWhenNobodyTellsWhatIsReadOfTheFiles) {
  fill(kMonth, 100);
  const auto paths = by_name(kMonth);
  copy(first(paths, 4));
  for (std::size_t i = 4; i < 60; ++i) order.begun(std::vector{archive.at(paths[i])});  // opened, and passed through
  EXPECT_EQ(whole_after(paths, 60), 20U);
}

TEST_F(Reading, OnlyBeginningsFetchesNoWholeFile) {
  fill(kMonth, 60);
  const auto paths = by_name(kMonth);
  for (int i = 0; i < 40; ++i) read(paths[static_cast<std::size_t>(i)], 65'536);
  EXPECT_FALSE(store.ahead.empty());
  for (const auto& [path, bytes] : store.ahead) EXPECT_LE(bytes, 98'304U) << path;
}

TEST_F(Reading, OnlyBeginningsOfFilesOfAllSizesFetchesNoWholePhoto) {
  for (int i = 0; i < 60; ++i)
    archive.add(kMonth, "IMG_" + std::to_string(1000 + i), i % 3 == 0 ? 90'000 : kPhotoBytes);
  const auto paths = by_name(kMonth);
  for (int i = 0; i < 40; ++i) read(paths[static_cast<std::size_t>(i)], 65'536);
  for (const auto& [path, bytes] : store.ahead) EXPECT_LE(bytes, 98'304U) << path;
}

TEST_F(Reading, SmallFilesToTheirEndsFetchesSmallFilesWhole) {
  fill(kMonth, 40, 200'000);
  const auto paths = by_name(kMonth);
  copy(first(paths, 10));
  EXPECT_EQ(store.ahead.at(paths[10]), 200'000U);
}

TEST_F(Reading, AJumpDropsWhatWasComing) {
  fill(kMonth, 100);
  const auto paths = by_name(kMonth);
  copy(first(paths, 5));
  EXPECT_TRUE(store.ahead.contains(paths[5]));
  copy(paths[80]);
  for (std::size_t i = 5; i < 50; ++i) EXPECT_FALSE(store.ahead.contains(paths[i])) << i;
}

TEST_F(Reading, AfterSomebodyElsesJumpGoesOn) {
  fill(kMonth, 100);
  const auto paths = by_name(kMonth);
  copy(first(paths, 5));
  copy(paths[80]);
  copy(paths[5]);
  EXPECT_EQ(whole_after(paths, 6), 4U);
}

TEST_F(Reading, BySeveralAtOnceIsToldApart) {
  fill(kMonth, 50);
  fill("Library/All Photos/2020/01", 50);
  const auto one = by_name(kMonth);
  const auto other = archive.listed("Library/All Photos/2020/01");
  for (std::size_t i = 0; i < 4; ++i) {
    copy(one[i]);
    copy(other[i]);
  }
  EXPECT_GE(whole_after(one, 4), 8U);
  EXPECT_GE(whole_after(other, 4), 8U);
}

TEST_F(Reading, SharedByFourReadersIsOneCopy) {
  fill(kMonth, 80);
  const auto paths = by_name(kMonth);
  for (std::size_t i = 0; i < 20; i += 4) {
    for (const auto k : {1U, 0U, 3U, 2U}) read(paths[i + k], 65'536);  // all four have begun
    for (const auto k : {3U, 1U, 2U, 0U}) copy(paths[i + k]);
  }
  EXPECT_GE(whole_after(paths, 20), 16U);
}

TEST_F(Reading, SkipsAFewFiles) {
  fill(kMonth, 80);
  const auto paths = by_name(kMonth);
  for (std::size_t i = 0; i < 40; i += 2) copy(paths[i]);
  EXPECT_GE(whole_after(paths, 39), 16U);
}

TEST_F(Reading, InNoOrderFetchesNothing) {
  fill(kMonth, 100);
  const auto paths = by_name(kMonth);
  for (std::size_t i = 0; i < 20; ++i) copy(paths[(i * 37 + 11) % 100]);
  EXPECT_TRUE(store.ahead.empty());
}

TEST_F(Reading, MakesKnownLongBeforeWhatWillBeFetched) {
  fill(kMonth, 600);
  const auto paths = by_name(kMonth);
  for (std::size_t i = 0; i < 500; ++i) {
    copy(paths[i]);
    for (const auto& [path, bytes] : store.ahead) {
      ASSERT_NE(std::find(store.expected.begin(), store.expected.end(), path), store.expected.end()) << path;
    }
  }
  EXPECT_LE(store.announcements, 8);
}

TEST_F(Reading, OfAFilmFetchesItsFirstPartAhead) {
  fill(kMonth, 4);
  archive.add(kMonth, "MOV_1", 500 * kMiB);
  copy(first(by_name(kMonth), 4));
  EXPECT_EQ(store.ahead.at(std::string{kMonth} + "/MOV_1"), 16 * kMiB);
}

TEST_F(Reading, BeginsAgainWhenAFileIsReadASecondTime) {
  EXPECT_TRUE(files.note(Inode{9}, 300, {0, 200}));
  EXPECT_FALSE(files.note(Inode{9}, 300, {0, 200}));
  EXPECT_FALSE(files.note(Inode{9}, 300, {200, 200}));
  EXPECT_TRUE(files.reach_of(Inode{9})->whole());
  EXPECT_TRUE(files.note(Inode{9}, 300, {0, 200}));
  EXPECT_FALSE(files.reach_of(Inode{9})->whole());
}

}  // namespace
}  // namespace icloudphotos::fuse
