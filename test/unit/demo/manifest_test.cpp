// SPDX-License-Identifier: MIT
#include "manifest.h"

#include <gtest/gtest.h>

#include "icloudphotos/base/files.h"

#include "temp_dir.h"

using namespace icloudphotos;
using namespace icloudphotos::demo;

TEST(Manifest, MakesSiblingsOfPhotosWithOneOriginal) {
  const TempDir directory;
  ASSERT_TRUE(replace_file(directory / "a.jpg", "the bytes"));
  ASSERT_TRUE(replace_file(directory / "b.jpg", "other bytes"));
  ASSERT_TRUE(replace_file(directory / "library.json", R"({"photos":[
    {"asset":"A","library":"personal","original":{"file":"a.jpg","type":"public.jpeg"},"name":"ONE.JPG","captured":5,"added":6},
    {"asset":"B","library":"personal","original":{"file":"a.jpg","type":"public.jpeg"},"name":"TWO.JPG","captured":null,"added":6,"favorite":true},
    {"asset":"C","library":"shared","original":{"file":"b.jpg","type":"public.jpeg"},"name":null,"item_type":null,"added":6}],
    "albums":[{"id":"X","kind":"folder","name":"F","parent":null,"position":1,"created":1},
              {"id":"Y","kind":"album","name":null,"parent":"X","position":2,"created":1,"members":["A","C"]}]})"));
  const auto library = load_library(directory.path());
  ASSERT_TRUE(library) << library.error().message();
  const Seed& personal = *library->personal;
  ASSERT_EQ(personal.count(), 2U);
  EXPECT_EQ(personal.photo(0).master, personal.photo(1).master);
  EXPECT_EQ(personal.first_with_master_of(1), 0U);
  EXPECT_EQ(personal.photo(1).name, "ONE.JPG");  // the name is the master's
  EXPECT_FALSE(personal.photo(1).captured_ms);
  EXPECT_TRUE(personal.photo(1).favorite);
  EXPECT_FALSE(library->shared->photo(0).name);
  EXPECT_FALSE(library->shared->photo(0).item_type);
  EXPECT_EQ(personal.albums().at(1).members.size(), 2U);
}

TEST(Manifest, SaysWhichFileIsMissing) {
  const TempDir directory;
  ASSERT_TRUE(replace_file(directory / "library.json", R"({"photos":[{"asset":"A","original":{"file":"none.jpg"}}]})"));
  const auto library = load_library(directory.path());
  ASSERT_FALSE(library);
  EXPECT_NE(library.error().message().find("none.jpg"), std::string::npos);
}

TEST(Manifest, TheLibraryInTheProgramIsThere) {
  const auto library = load_embedded_library();
  ASSERT_TRUE(library) << library.error().message();
  EXPECT_GT(library->personal->count(), 50U);
  EXPECT_GT(library->shared->count(), 2U);
}
