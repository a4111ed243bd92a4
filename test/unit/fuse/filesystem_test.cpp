// SPDX-License-Identifier: MIT
#include "icloudphotos/fuse/filesystem.h"

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/text.h"

#include "awaited.h"
#include "fake_clock.h"

namespace icloudphotos::fuse {
namespace {

using namespace std::chrono_literals;

constexpr Inode kFile{42};
constexpr Inode kFolder{7};
constexpr Inode kText{8};

/// One folder below the root that is whole or not, and perhaps a file in it.
class SmallTree final : public tree::Tree {
 public:
  void publish(bool complete, bool with_file) {
    auto folder = std::make_shared<tree::Directory>();
    folder->inode = kFolder;
    folder->parent = kRootInode;
    folder->complete = complete;
    if (with_file) folder->entries.push_back({"a.JPG", file(), 3});
    const Lock lock{mutex_};
    folder_ = std::move(folder);
  }
  Result<std::shared_ptr<const tree::Directory>> directory(Inode inode) const override {
    const Lock lock{mutex_};
    if (inode == kFolder) return folder_;
    if (inode != kRootInode) return nullptr;
    auto root = std::make_shared<tree::Directory>();
    root->inode = root->parent = kRootInode;
    root->entries.push_back({"Folder", folder(kFolder, folder_->complete, 2), 3});
    return root;
  }
  Result<std::optional<tree::Node>> look_up(Inode directory, std::string_view name) const override {
    const Lock lock{mutex_};
    const bool there = directory == kFolder && !folder_->entries.empty() && name == "a.JPG";
    return there ? std::optional{file()} : std::nullopt;
  }
  Result<std::optional<tree::Node>> node(Inode inode) const override {
    if (inode == kFile) return std::optional{file()};
    const Lock lock{mutex_};
    if (inode == kFolder) return std::optional{folder(kFolder, folder_->complete, 2)};
    if (inode == kRootInode) return std::optional{folder(kRootInode, root_complete_, 3)};
    return std::optional<tree::Node>{};
  }
  std::optional<Inode> parent(Inode directory) const override {
    return directory == kFolder || directory == kRootInode ? std::optional{kRootInode} : std::nullopt;
  }
  Result<std::optional<tree::Content>> content(Inode inode) const override {
    if (inode == kText) return std::optional<tree::Content>{std::string{"a sidecar"}};
    if (inode != kFile) return std::optional<tree::Content>{};
    ResourceRef resource;
    resource.size = 1025;
    return std::optional<tree::Content>{resource};
  }
  Result<std::vector<Inode>> directories_of(Inode) const override { return std::vector<Inode>{}; }
  Result<std::optional<Inode>> file_of(const ResourceRef&) const override { return std::optional<Inode>{}; }
  Result<tree::Attributes> attributes(Inode) const override { return tree::Attributes{{"user.xdg.comment", "words"}}; }
  tree::Totals totals() const override { return {8192, 3}; }
  std::uint64_t generation() const override { return generation_; }
  void set_root_complete(bool complete) { root_complete_ = complete; }
  void next_generation() { ++generation_; }
  void known_since(const LibraryId&, TimePoint) override {}
  void known_albums(const LibraryId&) override {}
  void known_album(const LibraryId&, const AlbumId&) override {}
  [[nodiscard]] std::optional<Source> source_of(Inode) const override { return std::nullopt; }
  Result<tree::Stale> refresh() override { return tree::Stale{}; }

 private:
  static tree::Node file() {
    tree::Node node;
    node.inode = kFile;
    node.size = 1025;
    node.links = 3;
    node.modified_s = 1'600'000'000;
    node.changed_s = 1'700'000'000;
    return node;
  }
  static tree::Node folder(Inode inode, bool complete, std::uint32_t links) {
    tree::Node node;
    node.inode = inode;
    node.kind = tree::NodeKind::Directory;
    node.complete = complete;
    node.links = links;
    node.modified_s = 5;
    node.changed_s = 6;
    return node;
  }

  std::atomic<std::uint64_t> generation_ = 0;
  std::atomic<bool> root_complete_ = true;
  mutable Mutex mutex_;
  std::shared_ptr<const tree::Directory> folder_ GUARDED_BY(mutex_);
};

/// Keeps the last reader waiting until it is told what to answer.
class SlowStore final : public content::Store {
 public:
  void read(const ResourceRef&, Range range, content::ReadDone done) override {
    asked = range;
    done_ = std::move(done);
  }
  void read_ahead(const ResourceRef&, Range) override {}
  void forget_ahead(const ResourceRef&) override {}
  void expect(std::span<const ResourceRef>) override {}
  std::shared_ptr<const Fd> whole(const ResourceRef&) override { return nullptr; }
  void try_again() override {}
  void on_corrupt(std::function<void(const ResourceRef&)>) override {}
  content::Usage usage() override { return {}; }
  void on_recovered(std::function<void()>) override {}
  void answer(Result<content::Slice> slice) { done_(std::move(slice)); }
  Range asked;

 private:
  content::ReadDone done_;
};

class FilesystemTest : public testing::Test {
 protected:
  FakeClock clock;
  SmallTree tree;
  SlowStore store;
  std::atomic<int> statuses = 0;
  std::vector<Inode> awaited;
  Filesystem files{tree,
                   store,
                   clock,
                   {1000, 1001, 027, true, 30s, [this] { return std::string(++statuses * 10, 's'); },
                    [this](Inode directory) { awaited.push_back(directory); }}};

  Found look_up(Inode directory, std::string_view name) {
    Awaited<Found> found;
    files.lookup(directory, name, files.begin(0), found.done());
    return found.get().value();
  }
  Inode control() { return Inode{look_up(kRootInode, ".icloudphotos").attributes.st_ino}; }
  std::string read(std::uint64_t inode) {
    Awaited<content::Slice> slice;
    files.read(Inode{inode}, {0, 1 << 20}, files.begin(0), slice.done());
    const auto bytes = slice.get();
    return bytes ? std::string{as_text(bytes->bytes)} : bytes.error().message();
  }
  std::vector<std::string> list(Inode directory) {
    Awaited<DirectoryRef> opened;
    files.open_directory(directory, files.begin(0), opened.done());
    std::vector<std::string> names;
    for (const auto& entry : opened.get().value()->entries) names.push_back(entry.name);
    return names;
  }
};

TEST_F(FilesystemTest, AttributesFollowOwnerAndUmask) {
  tree.publish(true, true);
  const auto file = files.attributes(kFile).value().attributes;
  EXPECT_EQ(file.st_mode, static_cast<mode_t>(S_IFREG | 0440));
  EXPECT_EQ(file.st_uid, 1000U);
  EXPECT_EQ(file.st_gid, 1001U);
  EXPECT_EQ(file.st_size, 1025);
  EXPECT_EQ(file.st_blocks, 3);
  EXPECT_EQ(file.st_nlink, 3U);
  EXPECT_EQ(file.st_mtim.tv_sec, 1'600'000'000);
  EXPECT_EQ(file.st_atim.tv_sec, 1'600'000'000);
  EXPECT_EQ(file.st_ctim.tv_sec, 1'700'000'000);
  EXPECT_EQ(files.attributes(kFolder).value().attributes.st_mode, static_cast<mode_t>(S_IFDIR | 0550));
  EXPECT_EQ(files.attributes(Inode{99}).error().kind(), ErrorKind::Gone);
}

TEST_F(FilesystemTest, AMissingNameOfACompleteDirectoryIsANegativeAnswer) {
  tree.publish(true, false);
  Awaited<Found> found;
  files.lookup(kFolder, "a.JPG", files.begin(0), found.done());
  EXPECT_EQ(found.get().value().attributes.st_ino, 0U);
  EXPECT_TRUE(found.get().value().lasting);
}

TEST_F(FilesystemTest, AMissingNameOfAnIncompleteDirectoryWaitsForTheDirectory) {
  tree.publish(false, false);
  Awaited<Found> found;
  files.lookup(kFolder, "a.JPG", files.begin(0), found.done());
  EXPECT_EQ(found.times(), 0);
  tree.publish(true, true);
  files.tree_changed();
  EXPECT_EQ(found.get().value().attributes.st_ino, kFile.value);
}

TEST_F(FilesystemTest, TellsWhichDirectorySomebodyWaitsFor) {
  tree.publish(false, true);
  EXPECT_EQ(look_up(kFolder, "a.JPG").attributes.st_ino, kFile.value);
  EXPECT_TRUE(awaited.empty());
  Awaited<DirectoryRef> opened;
  files.open_directory(kFolder, files.begin(0), opened.done());
  Awaited<Found> found;
  files.lookup(kFolder, "b.JPG", files.begin(0), found.done());
  EXPECT_EQ(awaited, (std::vector{kFolder, kFolder}));
  files.finish();
}

TEST_F(FilesystemTest, AKnownNameOfAnIncompleteDirectoryIsThereAtOnce) {
  tree.publish(false, true);
  Awaited<Found> found;
  files.lookup(kFolder, "a.JPG", files.begin(0), found.done());
  EXPECT_EQ(found.times(), 1);
}

TEST_F(FilesystemTest, ADirectoryThatDoesNotBecomeCompleteInTimeIsNeverTakenForOne) {
  tree.publish(false, true);
  Awaited<DirectoryRef> opened;
  Awaited<Found> found;
  files.open_directory(kFolder, files.begin(0), opened.done());
  files.lookup(kFolder, "b.JPG", files.begin(0), found.done());
  clock.advance(31s);
  files.tree_changed();
  EXPECT_FALSE(opened.get().value()->complete);
  EXPECT_EQ(opened.get().value()->entries.size(), 1U);
  EXPECT_EQ(found.get().error().kind(), ErrorKind::Incomplete);
}

TEST_F(FilesystemTest, OpeningAnIncompleteDirectoryWaitsUntilItIsComplete) {
  tree.publish(false, false);
  Awaited<DirectoryRef> opened;
  files.open_directory(kFolder, files.begin(0), opened.done());
  tree.publish(true, true);
  files.tree_changed();
  EXPECT_TRUE(opened.get().value()->complete);
}

TEST_F(FilesystemTest, AReadIsTheStoresBusinessAndItsErrorsComeThrough) {
  tree.publish(true, true);
  Awaited<content::Slice> slice;
  files.read(kFile, {512, 4096}, files.begin(0), slice.done());
  EXPECT_EQ(store.asked, (Range{512, 4096}));
  store.answer(Error{ErrorKind::Offline, "no network"});
  EXPECT_EQ(slice.get().error().kind(), ErrorKind::Offline);
}

TEST_F(FilesystemTest, EverythingThatWaitsIsAnsweredOnceWhenTheMountEnds) {
  tree.publish(false, false);
  Awaited<Found> found;
  Awaited<content::Slice> slice;
  files.lookup(kFolder, "a.JPG", files.begin(0), found.done());
  files.read(kFile, {0, 1}, files.begin(0), slice.done());
  files.finish();
  EXPECT_EQ(found.get().error().kind(), ErrorKind::Cancelled);
  EXPECT_EQ(slice.get().error().kind(), ErrorKind::Cancelled);
  store.answer(content::Slice{});  // too late
  EXPECT_EQ(slice.times(), 1);
}

TEST_F(FilesystemTest, NothingIsFreeAndTheSizeIsThatOfAllOriginals) {
  const auto space = files.space();
  EXPECT_EQ(space.f_blocks * space.f_frsize, 8192U);
  EXPECT_EQ(space.f_bavail, 0U);
  EXPECT_EQ(space.f_files, 3U);
}

TEST_F(FilesystemTest, TheRoomOfTheAccountIsShownWhereItIsKnown) {
  files.set_room({1 << 20, 1 << 18});
  const auto space = files.space();
  EXPECT_EQ(space.f_blocks * space.f_frsize, 1U << 20);
  EXPECT_EQ(space.f_bavail * space.f_frsize, 3U << 18);
  files.set_room({1 << 20, 1 << 21});
  EXPECT_EQ(files.space().f_bfree, 0U) << "more used than there is";
}

TEST_F(FilesystemTest, ATextOfOurOwnIsReadWithoutTheStore) {
  Awaited<content::Slice> slice;
  files.read(kText, {2, 100}, files.begin(0), slice.done());
  const auto bytes = slice.get();
  ASSERT_TRUE(bytes);
  EXPECT_EQ(as_text(bytes->bytes), "sidecar");
  Awaited<content::Slice> beyond;
  files.read(kText, {100, 1}, files.begin(0), beyond.done());
  EXPECT_TRUE(beyond.get()->bytes.empty());
}

TEST_F(FilesystemTest, TheControlDirectoryIsThereForWhoLooksItUpAndInNoListing) {
  tree.publish(false, false);
  const auto found = look_up(kRootInode, ".icloudphotos");
  EXPECT_EQ(found.attributes.st_mode, static_cast<mode_t>(S_IFDIR | 0550));
  EXPECT_TRUE(found.lasting && found.name_lasts);
  EXPECT_EQ(list(kRootInode), std::vector<std::string>{"Folder"});
  EXPECT_EQ(list(control()), (std::vector<std::string>{"changes", "status.json"}));
  EXPECT_EQ(look_up(control(), "..").attributes.st_ino, kRootInode.value);
  EXPECT_EQ(look_up(control(), ".").attributes.st_ino, control().value);
  EXPECT_TRUE(files.extended_attributes(control()).value().empty());
  EXPECT_EQ(look_up(kRootInode, ".icloudphotos2").attributes.st_ino, 0U);
}

TEST_F(FilesystemTest, EveryLookUpOfTheStatusIsAFileOfItsOwnWithItsOwnSize) {
  tree.publish(true, false);
  const auto first = look_up(control(), "status.json").attributes;
  const auto second = look_up(control(), "status.json").attributes;
  EXPECT_NE(first.st_ino, second.st_ino);
  EXPECT_EQ(first.st_size, 10);
  EXPECT_EQ(second.st_size, 20);
  EXPECT_EQ(read(first.st_ino), std::string(10, 's'));
  EXPECT_EQ(read(second.st_ino), std::string(20, 's'));
  EXPECT_FALSE(look_up(control(), "status.json").name_lasts);
  for (int i = 0; i < 100; ++i) (void)look_up(control(), "status.json");
  EXPECT_EQ(files.attributes(Inode{first.st_ino}).error().kind(), ErrorKind::Gone) << "the last few are kept";
}

TEST_F(FilesystemTest, WithoutAStatusThereIsNoSuchFile) {
  tree.publish(true, false);
  Filesystem without{tree, store, clock, {}};
  Awaited<Found> found;
  without.lookup(control(), "status.json", without.begin(0), found.done());
  EXPECT_EQ(found.get().value().attributes.st_ino, 0U);
}

TEST_F(FilesystemTest, ReadyIsThereWhileEverythingIsShownAndNobodyMayRememberIt) {
  tree.publish(true, false);
  EXPECT_EQ(look_up(control(), "ready").attributes.st_ino, 0U);
  EXPECT_FALSE(look_up(control(), "ready").name_lasts);
  files.set_ready(true);
  const auto found = look_up(control(), "ready");
  EXPECT_EQ(found.attributes.st_mode, static_cast<mode_t>(S_IFREG | 0440));
  EXPECT_FALSE(found.lasting || found.name_lasts);
  EXPECT_EQ(list(control()), (std::vector<std::string>{"changes", "ready", "status.json"}));
  EXPECT_EQ(read(found.attributes.st_ino), "");
  files.set_ready(false);
  EXPECT_EQ(look_up(control(), "ready").attributes.st_ino, 0U);
}

TEST_F(FilesystemTest, ChangesAreToldByPathFromWhenEverythingWasShownOnce) {
  tree.publish(true, true);
  const auto changes = look_up(control(), "changes").attributes.st_ino;
  const auto note = [&](tree::Stale stale) {
    files.note_changes(stale);
    files.show_changes([](Inode) {});
  };
  note({{{kFolder, "early.JPG", std::nullopt, true}}, {}});
  EXPECT_EQ(read(changes), "");
  files.set_ready(true);
  note({{{kFolder, "a.JPG", std::nullopt, true},
         {kFolder, "b.JPG", Inode{43}, false},
         {Inode{99}, "of a directory that went.JPG", Inode{44}, false},
         {kRootInode, "Folder", std::nullopt, false}},
        {}});
  EXPECT_EQ(read(changes),
            "2026-09-21T14:13:20Z added Folder/a.JPG\n"
            "2026-09-21T14:13:20Z removed Folder/b.JPG\n"
            "2026-09-21T14:13:20Z changed Folder\n");
  EXPECT_EQ(files.attributes(Inode{changes}).value().attributes.st_size, static_cast<off_t>(read(changes).size()));
  EXPECT_FALSE(files.attributes(Inode{changes}).value().lasting);
}

TEST_F(FilesystemTest, AnEntryOfAnOlderListingHasAttributesOnlyWhereItsNameStandsForTheSame) {
  tree.publish(true, true);
  Awaited<DirectoryRef> opened;
  files.open_directory(kFolder, files.begin(0), opened.done());
  const auto listing = opened.get().value();
  const auto& entry = listing->entries.at(0);
  EXPECT_TRUE(files.listed(*listing, entry.name, entry.node));
  tree.publish(true, false);  // the file itself is still there, in other directories
  tree.next_generation();
  EXPECT_FALSE(files.listed(*listing, entry.name, entry.node));
}

TEST_F(FilesystemTest, ANameThatCameIntoAnIncompleteDirectoryWasNeverKnownToBeMissing) {
  tree.publish(false, true);
  EXPECT_FALSE(files.may_be_known_missing({kFolder, "a.JPG", std::nullopt, true}));
  EXPECT_TRUE(files.may_be_known_missing({kFolder, "a.JPG", Inode{43}, false}));
  tree.publish(true, true);
  EXPECT_TRUE(files.may_be_known_missing({kFolder, "a.JPG", std::nullopt, true}));
}

TEST_F(FilesystemTest, AMissingNameIsRememberedWhereNothingAboveIsIncompleteEither) {
  tree.publish(true, false);
  EXPECT_TRUE(look_up(kFolder, "b.JPG").name_lasts);
  tree.set_root_complete(false);  // as of a month that is shown before its library
  EXPECT_EQ(look_up(kFolder, "b.JPG").attributes.st_ino, 0U);
  EXPECT_FALSE(look_up(kFolder, "b.JPG").name_lasts);
}

TEST_F(FilesystemTest, AnInodeThatLostANameIsGoneWhenItHasNoOther) {
  tree.publish(true, true);
  EXPECT_FALSE(files.is_gone(kFile));
  EXPECT_TRUE(files.is_gone(Inode{99}));
}

TEST_F(FilesystemTest, AStatusThatIsStillBeingWrittenWhenTheMountEndsIsCancelled) {
  tree.publish(true, false);
  Awaited<bool> let_go;
  Filesystem slow{tree, store, clock, {0, 0, 0, false, 30s, [&] {
                                         (void)let_go.get();
                                         return std::string{};
                                       }}};
  Awaited<Found> found;
  slow.lookup(control(), "status.json", slow.begin(0), found.done());
  std::jthread ending{[&] { slow.finish(); }};
  EXPECT_EQ(found.get().error().kind(), ErrorKind::Cancelled);
  let_go.done()(true);
}

}  // namespace
}  // namespace icloudphotos::fuse
