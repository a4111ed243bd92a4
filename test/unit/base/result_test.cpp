// SPDX-License-Identifier: MIT
#include "icloudphotos/base/result.h"

#include <memory>

#include <gtest/gtest.h>

namespace icloudphotos {
namespace {

Result<std::unique_ptr<int>> half(int number) {
  if (number % 2 != 0) return Error{ErrorKind::Protocol, "odd"};
  return std::make_unique<int>(number / 2);
}

Result<int> quarter(int number) {
  const auto once = TRY(half(number));
  const auto twice = TRY(half(*once));
  return *twice;
}

Result<void> check(int number) {
  TRY(quarter(number));
  return {};
}

TEST(Result, TryGivesTheValueOrReturnsTheErrorOfTheFirstFailure) {
  EXPECT_EQ(quarter(12).value(), 3);
  EXPECT_EQ(quarter(6).error().kind(), ErrorKind::Protocol);
  EXPECT_TRUE(check(8));
  EXPECT_FALSE(check(7));
}

TEST(Result, AnErrorTellsWhatWasBeingDone) {
  auto error = Error{ErrorKind::Storage, "disk full"}.within("saving the session");
  EXPECT_EQ(error.message(), "saving the session: disk full");
  EXPECT_EQ(error.kind(), ErrorKind::Storage);
}

TEST(Result, ValueOrFallsBackOnlyForErrors) {
  EXPECT_EQ(quarter(6).value_or(-1), -1);
  EXPECT_EQ(quarter(4).value_or(-1), 1);
}

}  // namespace
}  // namespace icloudphotos
