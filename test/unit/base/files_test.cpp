// SPDX-License-Identifier: MIT
#include "icloudphotos/base/files.h"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "temp_dir.h"

namespace icloudphotos {
namespace {

mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0);
  return status.st_mode & 07777;
}

TEST(Files, AReplacedFileIsPrivateWhateverTheUmaskAndHoldsTheNewContent) {
  const TempDir dir;
  const auto old = ::umask(0);
  ASSERT_TRUE(replace_file(dir / "a", "one"));
  ASSERT_TRUE(replace_file(dir / "a", "two"));
  ::umask(old);
  EXPECT_EQ(read_file(dir / "a").value(), "two");
  EXPECT_EQ(mode_of(dir / "a"), 0600U);
  EXPECT_FALSE(std::filesystem::exists(dir / "a.new"));
}

TEST(Files, AnInterruptedReplacementIsNoObstacle) {
  const TempDir dir;
  std::ofstream{dir / "a.new"} << "half";
  ASSERT_TRUE(replace_file(dir / "a", "whole"));
  EXPECT_EQ(read_file(dir / "a").value(), "whole");
}

TEST(Files, ALinkIsNeverFollowed) {
  const TempDir dir;
  std::ofstream{dir / "victim"} << "precious";
  std::filesystem::create_symlink(dir / "victim", dir / "link");
  EXPECT_EQ(read_file(dir / "link").error().kind(), ErrorKind::Storage);
  std::filesystem::create_symlink(dir / "victim", dir / "b.new");
  ASSERT_TRUE(replace_file(dir / "b", "x"));
  EXPECT_EQ(read_file(dir / "victim").value(), "precious");
}

TEST(Files, WhatIsMissingIsNotFoundAndADirectoryIsNoFile) {
  const TempDir dir;
  EXPECT_EQ(read_file(dir / "none").error().kind(), ErrorKind::NotFound);
  EXPECT_EQ(read_file(dir.path()).error().kind(), ErrorKind::Storage);
}

TEST(Files, ADirectoryOfOursIsMadeWithItsParentsAndOneOpenToOthersIsRefused) {
  const TempDir dir;
  ASSERT_TRUE(make_private_directory(dir / "a/b/c"));
  EXPECT_EQ(mode_of(dir / "a/b/c"), 0700U);
  ASSERT_TRUE(make_private_directory(dir / "a/b/c"));
  ::chmod((dir / "a/b/c").c_str(), 0777);
  EXPECT_EQ(make_private_directory(dir / "a/b/c").error().kind(), ErrorKind::Storage);
  std::ofstream{dir / "file"} << "x";
  EXPECT_FALSE(make_private_directory(dir / "file"));
}

}  // namespace
}  // namespace icloudphotos
