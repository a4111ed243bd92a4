// SPDX-License-Identifier: MIT
#include "migrations.h"

#include <vector>

#include <gtest/gtest.h>

#include "temp_dir.h"

namespace icloudphotos::catalog {
namespace {

const std::vector<Migration> kOld{"CREATE TABLE thing(name TEXT)"};
const std::vector<Migration> kNew{kOld[0], "ALTER TABLE thing ADD COLUMN size INTEGER DEFAULT 7",
                                  "CREATE TABLE other(x); INSERT INTO other SELECT size FROM thing"};

TEST(Migrations, AnOldDatabaseIsBroughtForwardWithWhatIsInIt) {
  auto database = Database::open(":memory:").value();
  ASSERT_TRUE(migrate(database, kOld));
  ASSERT_TRUE(database.run("INSERT INTO thing VALUES('a')"));
  ASSERT_TRUE(migrate(database, kNew));
  EXPECT_EQ(database.number("SELECT x FROM other").value(), 7);
  EXPECT_EQ(database.number("PRAGMA user_version").value(), 3);
  EXPECT_TRUE(migrate(database, kNew));
}

TEST(Migrations, OneThatFailsHalfWayLeavesTheOldDatabase) {
  auto database = Database::open(":memory:").value();
  ASSERT_TRUE(migrate(database, kOld));
  const auto before = schema_of(database).value();
  auto broken = kNew;
  broken[2] = "CREATE TABLE more(x); CREATE NONSENSE";
  EXPECT_EQ(migrate(database, broken).error().kind(), ErrorKind::Storage);
  EXPECT_EQ(schema_of(database).value(), before);
  EXPECT_EQ(database.number("PRAGMA user_version").value(), 1);
}

TEST(Migrations, ANewerDatabaseIsRefusedAndUntouched) {
  auto database = Database::open(":memory:").value();
  ASSERT_TRUE(migrate(database, kNew));
  const auto before = schema_of(database).value();
  EXPECT_EQ(migrate(database, kOld).error().kind(), ErrorKind::Usage);
  EXPECT_EQ(schema_of(database).value(), before);
}

TEST(Migrations, PhotosAreReadInOrderWithoutSortingThem) {
  auto database = Database::open(":memory:").value();
  ASSERT_TRUE(migrate(database, migrations()));
  auto plan = database
                  .query(
                      "EXPLAIN QUERY PLAN SELECT number FROM asset WHERE library = 1 AND deleted = 0 "
                      "ORDER BY coalesce(added, created)")
                  .value();
  while (plan.step().value()) EXPECT_EQ(plan.text(3).find("TEMP B-TREE"), std::string::npos) << plan.text(3);
}

TEST(Migrations, WhatIsNotCommittedNeverHappened) {
  auto database = Database::open(":memory:").value();
  ASSERT_TRUE(migrate(database, kOld));
  {
    auto transaction = Transaction::begin(database).value();
    ASSERT_TRUE(database.run("INSERT INTO thing VALUES('a')"));
  }
  EXPECT_EQ(database.number("SELECT count(*) FROM thing").value(), 0);
}

}  // namespace
}  // namespace icloudphotos::catalog
