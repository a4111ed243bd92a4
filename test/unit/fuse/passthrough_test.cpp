// SPDX-License-Identifier: MIT
#include "fuse/passthrough.h"

#include <cerrno>
#include <vector>

#include <gtest/gtest.h>

namespace icloudphotos::fuse {
namespace {

/// Gives numbers from 1 on, or the error it was told to.
class CountedFiles final : public BackingFiles {
 public:
  explicit CountedFiles(std::vector<int>& open) : open_{open} {}
  int open(const Fd&) override {
    if (error != 0) return -error;
    open_.push_back(++last_);
    return last_;
  }
  void close(int number) override { std::erase(open_, number); }
  int error = 0;

 private:
  std::vector<int>& open_;
  int last_ = 0;
};

class PassthroughTest : public testing::Test {
 protected:
  /// 0: read through us; -1: opens need not be asked about.
  int open(Inode inode) {
    const auto way = passthrough.open(inode, [this] { return whole ? std::make_shared<const Fd>() : nullptr; });
    return way ? way->number : -1;
  }

  static constexpr Inode kOne{7};
  static constexpr Inode kOther{8};
  bool whole = true;
  std::vector<int> backed;
  CountedFiles* kernel = new CountedFiles{backed};
  Passthrough passthrough{std::unique_ptr<BackingFiles>{kernel}};
};

TEST_F(PassthroughTest, AllWhoHaveAFileOpenShareItsNumberUntilTheLastCloses) {
  EXPECT_EQ(open(kOne), 1);
  EXPECT_EQ(open(kOther), 2);
  EXPECT_EQ(open(kOne), 1);
  passthrough.release(kOne);
  EXPECT_EQ(open(kOne), 1);
  passthrough.release(kOne);
  passthrough.release(kOne);
  EXPECT_EQ(backed, std::vector{2});
  EXPECT_EQ(open(kOne), 3);
}

TEST_F(PassthroughTest, AFileThatBecameWholeWhileItIsOpenIsReadAsBeforeUntilItIsClosed) {
  whole = false;
  EXPECT_EQ(open(kOne), 0);
  whole = true;
  EXPECT_EQ(open(kOne), 0);
  passthrough.release(kOne);
  EXPECT_EQ(open(kOne), 0);
  passthrough.release(kOne);
  passthrough.release(kOne);
  EXPECT_EQ(open(kOne), 1);
}

TEST_F(PassthroughTest, AFileThatIsNotThereAnyMoreIsPassedThroughWhileItIsOpen) {
  EXPECT_EQ(open(kOne), 1);
  whole = false;
  EXPECT_EQ(open(kOne), 1);
}

TEST_F(PassthroughTest, WithoutThePrivilegeOpensAreNotAskedAboutAnyMore) {
  kernel->error = EPERM;
  EXPECT_EQ(open(kOne), -1);
  kernel->error = 0;
  EXPECT_EQ(open(kOne), -1);
  EXPECT_TRUE(backed.empty());
}

TEST_F(PassthroughTest, WhatTheKernelDoesNotTakeThisTimeIsReadTheNormalWay) {
  kernel->error = ENOMEM;
  EXPECT_EQ(open(kOne), 0);
  kernel->error = 0;
  EXPECT_EQ(open(kOther), 1);
}

TEST_F(PassthroughTest, OnceItWorkedOpensAreAlwaysAskedAbout) {
  EXPECT_EQ(open(kOne), 1);
  kernel->error = EPERM;
  EXPECT_EQ(open(kOther), 0);
  EXPECT_EQ(open(kOne), 1);
}

TEST_F(PassthroughTest, AKernelThatOffersNoneIsNotAsked) {
  passthrough.give_up("it is old");
  EXPECT_EQ(open(kOne), -1);
}

}  // namespace
}  // namespace icloudphotos::fuse
