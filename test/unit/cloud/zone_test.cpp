// SPDX-License-Identifier: MIT
#include "cloud/zone.h"

#include <gtest/gtest.h>

namespace icloudphotos::cloud {
namespace {

TEST(Zone, OnlyLibrariesAreLibraries) {
  EXPECT_EQ(kind_of("PrimarySync"), Library::Kind::Personal);
  EXPECT_EQ(kind_of("SharedSync-00000000-1111-2222-3333-444444444444"), Library::Kind::Shared);
  EXPECT_EQ(kind_of("SharedCollection-00000000-1111-2222-3333-444444444444"), Library::Kind::SharedAlbum);
  for (const auto* other :
       {"SharedSync-", "SharedSync", "CMM-1", "SharedCollection-", "AppLibrarySync-a-1", "SharedSync-../x", ""})
    EXPECT_FALSE(kind_of(other)) << other;
}

TEST(Zone, AnIdLeadsBackToItsZone) {
  for (const auto& zone :
       {Zone{Database::Private, "PrimarySync", ""}, Zone{Database::Shared, "SharedSync-1", "_owner/with a slash"}}) {
    const auto back = zone_of(library_id_of(zone));
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, zone);
  }
  EXPECT_EQ(library_id_of({Database::Shared, "SharedSync-1", "_o"}).value, "shared/SharedSync-1/_o");
}

TEST(Zone, AnIdOfSomethingElseIsNone) {
  for (const auto* id : {"", "private", "private/", "public/PrimarySync", "private/a/b/c"})
    EXPECT_FALSE(zone_of(LibraryId{id})) << id;
}

}  // namespace
}  // namespace icloudphotos::cloud
