// SPDX-License-Identifier: MIT
#include "fuse/change_file.h"

#include <gtest/gtest.h>

namespace icloudphotos::fuse {
namespace {

constexpr Range kAll{0, 1 << 24};

TEST(ChangeFile, IsOnlyLongerWhenTheKernelHasForgottenItsPages) {
  ChangeFile file;
  file.add({"one"});
  EXPECT_EQ(file.read(kAll), "");
  file.show([&] {
    EXPECT_EQ(file.read(kAll), "one\n") << "what is read from now on has the new bytes";
    EXPECT_EQ(file.size(), 0U);
  });
  EXPECT_EQ(file.size(), 4U);
  file.add({"two", "three"});
  file.show([&] {
    EXPECT_EQ(file.read(kAll), "one\ntwo\nthree\n");
    EXPECT_EQ(file.size(), 4U);
  });
  EXPECT_EQ(file.read({4, 3}), "two");
  EXPECT_EQ(file.size(), 14U);
}

TEST(ChangeFile, NothingIsForgottenWhenNothingWasAdded) {
  ChangeFile file;
  file.show([] { ADD_FAILURE(); });
  EXPECT_EQ(file.size(), 0U);
}

TEST(ChangeFile, BeginsAnewWithTheNewerHalfWhenItHasTooManyLines) {
  ChangeFile file;
  for (std::size_t i = 0; i < ChangeFile::kMostLines; ++i) file.add({std::to_string(i)});
  file.show([] {});
  EXPECT_TRUE(file.read(kAll).starts_with("0\n1\n"));
  file.add({"last"});
  std::vector<std::uint64_t> sizes;
  std::vector<std::string> texts;
  file.show([&] {
    sizes.push_back(file.size());
    texts.push_back(file.read({0, 10}));
  });
  EXPECT_EQ(sizes, (std::vector<std::uint64_t>{0, 0}));
  EXPECT_EQ(texts, (std::vector<std::string>{"", "5001\n5002\n"})) << "empty before it has other lines";
  EXPECT_TRUE(file.read(kAll).ends_with("\n9999\nlast\n"));
  EXPECT_EQ(file.size(), file.read(kAll).size());
}

TEST(ChangeFile, ManyLinesAtOnceAreNotKeptEither) {
  ChangeFile file;
  file.add(std::vector<std::string>(3 * ChangeFile::kMostLines, "x"));
  file.show([] {});
  EXPECT_EQ(file.size(), 2 * ChangeFile::kMostLines);
}

}  // namespace
}  // namespace icloudphotos::fuse
