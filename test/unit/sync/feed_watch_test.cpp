// SPDX-License-Identifier: MIT
#include <string>

#include <gtest/gtest.h>

#include "feed.h"

namespace icloudphotos::sync {
namespace {

Delta page(const std::string& next) {
  Delta page;
  page.gone = {"something"};
  page.next = SyncToken{next};
  return page;
}

TEST(FeedWatch, LetsAHundredThousandPagesPass) {
  FeedWatch watch;
  for (int i = 0; i < 100'000; ++i) ASSERT_TRUE(watch.passed(page(std::to_string(i))));
}

TEST(FeedWatch, NoticesACircleOfAnyLengthWhereverItBegins) {
  for (const int before : {0, 1, 5, 100}) {
    for (const int length : {1, 2, 3, 7, 64, 1000}) {
      FeedWatch watch;
      int pages = 0;
      const auto token = [&] { return pages < before ? pages : before + ((pages - before) % length); };
      while (watch.passed(page(std::to_string(token())))) ASSERT_LT(++pages, 4 * (before + length) + 4);
      EXPECT_GE(pages, before + length - 1);
    }
  }
}

TEST(FeedWatch, NoticesThatThereIsNoPlaceToGoOnAt) {
  FeedWatch watch;
  EXPECT_FALSE(watch.passed(Delta{}));
}

TEST(FeedWatch, BelievesSeventyEmptyPagesButNotATenThousandAndFirst) {
  FeedWatch watch;
  int pages = 0;
  const auto empty = [&] {
    Delta page;
    page.next = SyncToken{std::to_string(pages)};
    return page;
  };
  while (watch.passed(empty())) ++pages;
  EXPECT_EQ(pages, 10'000);
}

}  // namespace
}  // namespace icloudphotos::sync
