// SPDX-License-Identifier: MIT
#include "icloudphotos/fuse/filesystem.h"

#include <atomic>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "icloudphotos/base/mutex.h"

#include "awaited.h"
#include "fake_clock.h"

namespace icloudphotos::fuse {
namespace {

using namespace std::chrono_literals;

constexpr Inode kFile{42};
constexpr Inode kFolder{7};

/// One folder below the root that is whole or not, and perhaps a file in it.
class SmallTree final : public tree::Tree {
 public:
  void publish(bool complete, bool with_file) {
    auto folder = std::make_shared<tree::Directory>();
    folder->inode = kFolder;
    folder->parent = kRootInode;
    folder->complete = complete;
    if (with_file) folder->entries.push_back({"a.JPG", kFile, tree::NodeKind::File});
    const Lock lock{mutex_};
    folder_ = std::move(folder);
  }
  std::shared_ptr<const tree::Directory> directory(Inode inode) const override {
    const Lock lock{mutex_};
    return inode == kFolder ? folder_ : nullptr;
  }
  std::optional<tree::Node> node(Inode inode) const override {
    if (inode == kFile) return tree::Node{kFile, tree::NodeKind::File, true, 1025, 3, 1'600'000'000, 1'700'000'000};
    if (inode == kFolder)
      return tree::Node{kFolder, tree::NodeKind::Directory, directory(kFolder)->complete, 0, 2, 5, 6};
    if (inode == kRootInode) return tree::Node{kRootInode, tree::NodeKind::Directory, true, 0, 3, 5, 6};
    return std::nullopt;
  }
  std::optional<ResourceRef> resource(Inode file) const override {
    if (file != kFile) return std::nullopt;
    ResourceRef resource;
    resource.size = 1025;
    return resource;
  }
  tree::Totals totals() const override { return {8192, 3}; }
  Result<tree::Stale> refresh(const catalog::ChangeSet&) override { return tree::Stale{}; }

 private:
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
  void try_again() override {}
  void on_corrupt(std::function<void(const ResourceRef&)>) override {}
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
  Filesystem files{tree, store, clock, {1000, 1001, 027, 30s}};
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

}  // namespace
}  // namespace icloudphotos::fuse
