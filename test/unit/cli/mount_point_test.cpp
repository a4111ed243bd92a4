// SPDX-License-Identifier: MIT
#include "icloudphotos/cli/mount_point.h"

#include <fstream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "icloudphotos/base/handle.h"

#include "mount_table.h"
#include "temp_dir.h"

using namespace icloudphotos;
using namespace icloudphotos::cli;

namespace {

std::string complaint_about(const std::filesystem::path& directory) {
  const auto checked = check_mount_point(directory);
  if (checked) return "(fine)";
  EXPECT_TRUE(checked.error().kind() == ErrorKind::Usage || checked.error().kind() == ErrorKind::Refused);
  return checked.error().message();
}

testing::AssertionResult says(const std::string& sentence, std::string_view part) {
  if (sentence.find(part) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << '"' << sentence << "\" does not say \"" << part << '"';
}

/// A FUSE mount nobody serves; closing its device makes it a dead one.
class UnservedMount {
 public:
  UnservedMount(std::filesystem::path directory, const std::string& type)
      : directory_{std::move(directory)}, device_{::open("/dev/fuse", O_RDWR | O_CLOEXEC)} {
    const auto data = "fd=" + std::to_string(device_.get()) + ",rootmode=40000,user_id=0,group_id=0";
    mounted_ = device_ && ::mount("test", directory_.c_str(), type.c_str(), 0, data.c_str()) == 0;
  }
  UnservedMount(const UnservedMount&) = delete;
  UnservedMount& operator=(const UnservedMount&) = delete;
  ~UnservedMount() { ::umount2(directory_.c_str(), MNT_DETACH); }
  [[nodiscard]] bool is_mounted() const { return mounted_; }
  void die() { device_.reset(-1); }

 private:
  std::filesystem::path directory_;
  Fd device_;
  bool mounted_ = false;
};

}  // namespace

TEST(MountTable, NamesTheTopmostTypeAtExactlyAPath) {
  const std::string table =
      "36 35 98:0 / / rw - ext4 /dev/root rw\n"
      "40 36 0:30 / /mnt/my\\040photos rw,nosuid shared:1 master:2 - fuse.sshfs a:b rw\n"
      "41 36 0:31 / /mnt/my\\040photos rw - fuse.icloudphotos ann@example.com ro\n"
      "half a line\n"
      "42 36 0:32 / /no/separator rw shared:1\n";
  EXPECT_EQ(type_mounted_at(table, "/mnt/my photos"), "fuse.icloudphotos");
  EXPECT_EQ(type_mounted_at(table, "/"), "ext4");
  EXPECT_FALSE(type_mounted_at(table, "/mnt"));
  EXPECT_FALSE(type_mounted_at(table, "/mnt/my photos/x"));
  EXPECT_FALSE(type_mounted_at(table, "/no/separator"));
  EXPECT_FALSE(type_mounted_at("", "/"));
}

TEST(MountPoint, MustBeADirectoryThatExists) {
  const TempDir directory;
  EXPECT_TRUE(says(complaint_about(directory / "missing"), "mkdir -p"));
  std::ofstream{directory / "file"} << "x";
  EXPECT_TRUE(says(complaint_about(directory / "file"), "is not a directory"));
  EXPECT_TRUE(says(complaint_about(directory / "file/below"), "cannot be used"));
}

TEST(MountPoint, IsRefusedWhereSomethingElseIsMounted) {
  EXPECT_TRUE(says(complaint_about("/proc"), "/proc is in use: a file system of type proc"));
  const TempDir directory;
  std::filesystem::create_symlink("/proc", directory / "link");
  EXPECT_TRUE(says(complaint_about(directory / "link"), "in use"));
}

TEST(MountPoint, IsFineWithFilesInIt) {
  if (::access("/dev/fuse", R_OK | W_OK) != 0) GTEST_SKIP() << "no /dev/fuse here";
  const TempDir directory;
  std::ofstream{directory / "file"} << "x";
  EXPECT_EQ(complaint_about(directory.path()), "(fine)");
}

TEST(MountPoint, IsRefusedWhereALibraryIsMountedAlready) {
  const TempDir directory;
  const UnservedMount living{directory.path(), "fuse.icloudphotos"};
  if (!living.is_mounted()) GTEST_SKIP() << "this user cannot mount";
  // Nobody answers what it is asked; finding out must not wait for that.
  EXPECT_TRUE(says(complaint_about(directory.path()), "is mounted already"));
}

TEST(MountPoint, IsClearedOfADeadMountOfOurs) {
  const TempDir directory;
  UnservedMount below{directory.path(), "fuse.icloudphotos"};
  if (!below.is_mounted()) GTEST_SKIP() << "this user cannot mount";
  below.die();
  struct stat status {};
  ASSERT_EQ(::stat(directory.path().c_str(), &status), -1);
  EXPECT_EQ(complaint_about(directory.path()), "(fine)");
  EXPECT_EQ(::stat(directory.path().c_str(), &status), 0);
}

TEST(MountPoint, LeavesADeadMountOfAnotherProgramAlone) {
  const TempDir directory;
  UnservedMount other{directory.path(), "fuse.sshfs"};
  if (!other.is_mounted()) GTEST_SKIP() << "this user cannot mount";
  other.die();
  EXPECT_TRUE(says(complaint_about(directory.path()), "type fuse.sshfs"));
  EXPECT_FALSE(unmount(directory.path()));
  struct stat status {};
  EXPECT_EQ(::stat(directory.path().c_str(), &status), -1);
}

TEST(Unmount, EndsAMountOfOurs) {
  const TempDir directory;
  UnservedMount ours{directory.path(), "fuse.icloudphotos"};
  if (!ours.is_mounted()) GTEST_SKIP() << "this user cannot mount";
  ours.die();
  EXPECT_TRUE(unmount(directory.path()));
  EXPECT_FALSE(unmount(directory.path()));
}

TEST(Unmount, SaysSoWhereNoLibraryIsMounted) {
  const auto result = unmount("/proc");
  ASSERT_FALSE(result);
  EXPECT_TRUE(says(result.error().message(), "no library is mounted"));
}
