// SPDX-License-Identifier: MIT
#include "icloudphotos/catalog/tree_tables.h"

#include <gtest/gtest.h>

#include "photos.h"
#include "temp_dir.h"

namespace icloudphotos::catalog {
namespace {

class TreeTables : public ::testing::Test {
 protected:
  TreeTables() {
    EXPECT_TRUE(catalog_->add_libraries({library("L")}));
    auto news = delta();
    news.originals = {original("M"), original("N")};
    news.assets = {asset("b", "M", 2), asset("a", "M", 2), asset("c", "N", 1)};
    news.albums = {album("X")};
    news.memberships = {{AlbumId{"X"}, AssetId{"a"}, 0}};
    EXPECT_TRUE(catalog_->apply(news));
    library_ = catalog_->libraries()->front().number;
  }
  void show() {
    ASSERT_TRUE(catalog_->change_tree([&](TreeWriter& writer) { return writer.set_shown_with(library_, "options"); }));
  }
  std::vector<std::string> touched() {
    std::vector<std::string> ids;
    EXPECT_TRUE(catalog_->change_tree([&](TreeWriter& writer) -> Result<void> {
      for (const auto number : TRY(writer.touched(library_, 100))) {
        ids.push_back(TRY(writer.photo(number))->photo.asset.id.value);
        TRY(writer.settle(number));
      }
      return {};
    }));
    return ids;
  }

  TempDir directory_;
  FakeClock clock_;
  std::unique_ptr<Catalog> catalog_ = Catalog::open(directory_.path(), clock_).value();
  std::int64_t library_ = 0;
};

using Ids = std::vector<std::string>;

TEST_F(TreeTables, GiveAllPhotosInTheOrderOfNamesAFewAtATime) {
  Ids ids;
  ASSERT_TRUE(catalog_->change_tree([&](TreeWriter& writer) -> Result<void> {
    TreeWriter::Cursor cursor;
    for (;;) {
      const auto some = TRY(writer.photos_after(library_, TreeWriter::Order::OldestAdded, 1, cursor));
      if (some.empty()) return {};
      for (const auto number : some) ids.push_back(TRY(writer.photo(number))->photo.asset.id.value);
    }
  }));
  EXPECT_EQ(ids, (Ids{"c", "a", "b"}));
}

TEST_F(TreeTables, KnowWhatADeltaTouchedUntilItIsSettled) {
  EXPECT_EQ(touched(), Ids{}) << "a library nobody sees is looked at as a whole";
  show();
  auto news = delta();
  news.assets = {asset("b", "M", 2)};
  ASSERT_TRUE(catalog_->apply(news));
  EXPECT_EQ(touched(), Ids{}) << "a redelivery is no news";
  news.assets[0].favorite = true;
  news.originals = {original("N", "other name.HEIC")};
  ASSERT_TRUE(catalog_->apply(news));
  EXPECT_EQ(touched(), (Ids{"c", "b"}));
  news = delta();
  news.memberships = {{AlbumId{"X"}, AssetId{"c"}, 1}, {AlbumId{"X"}, AssetId{"of another library"}, 2}};
  ASSERT_TRUE(catalog_->apply(news));
  EXPECT_EQ(touched(), Ids{"c"});
  news = delta();
  news.gone = {"X"};
  ASSERT_TRUE(catalog_->apply(news));
  EXPECT_EQ(touched(), (Ids{"c", "a"}));
}

TEST_F(TreeTables, KeepAPhotoThatIsGoneForItsNames) {
  show();
  auto news = delta();
  news.gone = {"a"};
  ASSERT_TRUE(catalog_->apply(news));
  EXPECT_EQ(ids_of(*catalog_), (Ids{"c", "b"}));
  std::int64_t number = 0;
  ASSERT_TRUE(catalog_->change_tree([&](TreeWriter& writer) -> Result<void> {
    number = TRY(writer.touched(library_, 1)).at(0);
    const auto row = TRY(writer.photo(number));
    EXPECT_FALSE(row->exists);
    EXPECT_TRUE(row->albums.empty());
    return writer.settle(number);
  }));
  news.gone.clear();
  news.assets = {asset("a", "M", 2)};
  ASSERT_TRUE(catalog_->apply(news));
  ASSERT_TRUE(catalog_->read_tree([&](TreeReader& reader) -> Result<void> {
    EXPECT_TRUE(TRY(reader.photo(number))->exists) << "the same number again";
    return {};
  }));
}

TEST_F(TreeTables, AreChangedAllOrNotAtAllAndReadersSeeOnlyWhatIsCommitted) {
  const auto taken = [&] {
    bool there = false;
    EXPECT_TRUE(catalog_->read_tree([&](TreeReader& reader) -> Result<void> {
      there = TRY(reader.inode(Inode{7})).has_value();
      return {};
    }));
    return there;
  };
  const InodeRow row{Inode{7}, 1, 1, 99};
  EXPECT_FALSE(catalog_->change_tree([&](TreeWriter& writer) -> Result<void> {
    EXPECT_FALSE(TRY(writer.take_inode(row)));
    EXPECT_FALSE(taken()) << "not while it is being written";
    return Error{ErrorKind::Storage, "no more"};
  }));
  EXPECT_FALSE(taken());
  ASSERT_TRUE(catalog_->change_tree([&](TreeWriter& writer) -> Result<void> {
    EXPECT_FALSE(TRY(writer.take_inode(row)));
    EXPECT_EQ(TRY(writer.take_inode({Inode{7}, 2, 1, 3})), row) << "whose it is";
    return {};
  }));
  EXPECT_TRUE(taken());
}

TEST_F(TreeTables, ForgetNamesThatWereKeptLongEnough) {
  ASSERT_TRUE(catalog_->change_tree([&](TreeWriter& writer) -> Result<void> {
    TRY(writer.put(ClaimRow{1, 1, 10, 0, "old", 5, at(100)}));
    TRY(writer.put(ClaimRow{1, 2, 11, 0, "young", 6, at(200)}));
    TRY(writer.put(ClaimRow{1, 3, 12, 0, "there", 7, std::nullopt}));
    EXPECT_EQ(TRY(writer.expire_claims(at(150))), (std::vector<std::int64_t>{10}));
    EXPECT_FALSE(TRY(writer.claim(1, 1)));
    EXPECT_TRUE(TRY(writer.claim_by_key(1, 6)));
    EXPECT_EQ(TRY(writer.claimants(1)), (std::vector<std::int64_t>{12}));
    return {};
  }));
}

}  // namespace
}  // namespace icloudphotos::catalog
