// SPDX-License-Identifier: MIT
#include "fuse/xattr_answer.h"

#include <cerrno>

#include <gtest/gtest.h>

namespace icloudphotos::fuse {
namespace {

using std::string_literals::operator""s;

const Attributes& two() {
  static const Attributes attributes{{"user.xdg.tags", "sea,sun"}, {"user.baloo.rating", "10"}};
  return attributes;
}

TEST(XattrAnswer, TellsTheSizeWhenAskedForNothingElse) {
  EXPECT_EQ(get_attribute(two(), "user.xdg.tags", 0), (XattrAnswer{0, 7, ""}));
  EXPECT_EQ(list_attributes(two(), 0), (XattrAnswer{0, 32, ""}));
}

TEST(XattrAnswer, IsTheValueWhereThereIsRoom) {
  EXPECT_EQ(get_attribute(two(), "user.xdg.tags", 7), (XattrAnswer{0, 7, "sea,sun"}));
  EXPECT_EQ(get_attribute(two(), "user.baloo.rating", 65536), (XattrAnswer{0, 2, "10"})) << "without a NUL at its end";
}

TEST(XattrAnswer, IsAnErrorWhereThereIsTooLittleRoom) {
  EXPECT_EQ(get_attribute(two(), "user.xdg.tags", 6), (XattrAnswer{ERANGE, 7, ""}));
  EXPECT_EQ(list_attributes(two(), 31), (XattrAnswer{ERANGE, 32, ""}));
}

TEST(XattrAnswer, IsNoDataForOtherNames) {
  EXPECT_EQ(get_attribute(two(), "user.xdg", 0), (XattrAnswer{ENODATA, 0, ""}));
  EXPECT_EQ(get_attribute(two(), "user.xdg.tagss", 1), (XattrAnswer{ENODATA, 0, ""}));
}

TEST(XattrAnswer, ListsNamesEachEndedByANul) {
  EXPECT_EQ(list_attributes(two(), 32), (XattrAnswer{0, 32, "user.xdg.tags\0user.baloo.rating\0"s}));
  EXPECT_EQ(list_attributes({}, 10), (XattrAnswer{0, 0, ""}));
  EXPECT_EQ(list_attributes({}, 0), (XattrAnswer{0, 0, ""}));
}

TEST(XattrAnswer, KnowsWithoutLookingWhatCannotBe) {
  EXPECT_TRUE(may_exist("user.xdg.tags"));
  for (const char* name : {"security.capability", "system.posix_acl_access", "security.selinux", "user", ""}) {
    EXPECT_FALSE(may_exist(name)) << name;
  }
}

}  // namespace
}  // namespace icloudphotos::fuse
