// SPDX-License-Identifier: MIT
#include "completeness.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "doctor.h"
#include "fake_clock.h"
#include "photos.h"
#include "temp_dir.h"

namespace icloudphotos {
namespace {

class CompletenessTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = catalog::Catalog::open(folder_.path(), clock_);
    ASSERT_TRUE(opened) << opened.error().message();
    catalog_ = *std::move(opened);
    ASSERT_TRUE(catalog_->add_libraries({catalog::library("L")}));
    completeness_.emplace(*catalog_, clock_);
  }
  void add(const std::string& name) {
    auto news = catalog::delta();
    news.originals = {catalog::original("O" + name)};
    news.assets = {catalog::asset("A" + name, "O" + name)};
    ASSERT_TRUE(catalog_->apply(news));
  }
  void read_all() {
    ASSERT_TRUE(catalog_->set_listed(LibraryId{"L"}, true, std::nullopt));
    ASSERT_TRUE(catalog_->begin_reading(LibraryId{"L"}));
    ASSERT_TRUE(catalog_->end_reading(LibraryId{"L"}, std::nullopt));
  }
  /// What is said of the only library.
  JsonDocument said() {
    const auto text = completeness_->write();
    EXPECT_TRUE(text);
    return *JsonDocument::parse(text.value_or("[]"));
  }
  std::int64_t fed() { return said().root().at(0)["fed"].integer().value_or(-1); }

  TempDir folder_;
  FakeClock clock_;
  std::unique_ptr<catalog::Catalog> catalog_;
  std::optional<Completeness> completeness_;
};

TEST_F(CompletenessTest, CountsAgainOnlyWhenSomethingMayHaveChanged) {
  completeness_->published();
  EXPECT_EQ(fed(), 0);
  add("1");
  EXPECT_EQ(fed(), 0) << "nobody said that there is news";
  completeness_->published();
  EXPECT_EQ(fed(), 1);
}

TEST_F(CompletenessTest, IsWholeWhenAllOfItIsShown) {
  EXPECT_FALSE(completeness_->is_whole());
  completeness_->published();
  EXPECT_FALSE(completeness_->is_whole());
  completeness_->reading(LibraryId{"L"}, 12);
  EXPECT_EQ(said().root().at(0)["records_read"].integer(), 12);
  read_all();
  EXPECT_FALSE(said().root().at(0)["complete"].boolean().value_or(true)) << "read, and not shown yet";
  completeness_->published();
  EXPECT_TRUE(said().root().at(0)["complete"].boolean().value_or(false));
  EXPECT_FALSE(said().root().at(0)["records_read"].exists());
  EXPECT_TRUE(completeness_->is_whole());
}

/// A second passes whenever somebody looks at it: what lies between two looks takes long.
class SlowWorld final : public Clock {
 public:
  explicit SlowWorld(FakeClock& clock) : clock_{clock} {}
  [[nodiscard]] TimePoint now() const override { return clock_.now(); }
  [[nodiscard]] Monotonic monotonic() const override {
    clock_.advance(std::chrono::seconds{1});
    return clock_.monotonic();
  }
  bool sleep_for(std::chrono::milliseconds duration, std::stop_token stop) override {
    return clock_.sleep_for(duration, stop);
  }

 private:
  FakeClock& clock_;
};

TEST_F(CompletenessTest, CountingTakesASmallPartOfTheTimeWhileALibraryIsRead) {
  SlowWorld slow{clock_};
  completeness_.emplace(*catalog_, slow);
  EXPECT_EQ(fed(), 0);
  for (int i = 0; i < 5; ++i) {
    add(std::to_string(i));
    completeness_->reading(LibraryId{"L"}, i);
    EXPECT_EQ(fed(), 0) << "it has just been counted";
  }
  clock_.advance(std::chrono::minutes{1});
  EXPECT_EQ(fed(), 5);
}

TEST_F(CompletenessTest, KnowsWhatALibraryIsCalled) {
  completeness_->published();
  EXPECT_EQ(completeness_->name_of(LibraryId{"L"}), "Personal Library");
  EXPECT_EQ(completeness_->name_of(LibraryId{"M"}), "the library");
}

TEST_F(CompletenessTest, TheDoctorStopsNamingPhotosWhereNobodyCouldReadThemAll) {
  auto news = catalog::delta();
  for (int i = 0; i < 30; ++i) news.assets.push_back(catalog::asset("A" + std::to_string(i), "O" + std::to_string(i)));
  read_all();
  ASSERT_TRUE(catalog_->apply(news));
  const auto findings = JsonDocument::parse(examine(*catalog_, 10).value_or("[]"));
  std::size_t photos = 0;
  findings->root().each([&](JsonView finding) { photos += finding["what"].text() == "photo"; });
  EXPECT_EQ(photos, 10u);
  bool told = false;
  findings->root().each(
      [&](JsonView finding) { told = told || describe_finding(finding).ends_with("20 more photos"); });
  EXPECT_TRUE(told);
}

}  // namespace
}  // namespace icloudphotos
