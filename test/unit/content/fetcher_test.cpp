// SPDX-License-Identifier: MIT
// product.md 1.8: reads end.
#include "fetcher.h"

#include <atomic>

#include "awaited.h"
#include "store_fixture.h"

namespace icloudphotos::content {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_F(StoreTest, AReadThatGetsNothingEndsAtItsDeadline) {
  const auto photo = this->photo("a", kChunkBytes);
  cloud_.next_hangs();
  auto answer = ask(photo, {0, 10});
  cloud_.wait_for_calls(1);
  clock_.advance(seconds{14});
  EXPECT_EQ(answer.wait_for(milliseconds{200}), std::future_status::timeout);
  clock_.advance(seconds{1});
  expect_error(ErrorKind::Offline, wait(std::move(answer)));
}

TEST_F(StoreTest, AfterADeadlineTheNextReadFailsAtOnceAndLaterOnesTryAgain) {
  const auto photo = this->photo("a", kChunkBytes);
  const auto other = this->photo("b", kChunkBytes);
  cloud_.next_hangs();
  auto answer = ask(photo, {0, 10});
  cloud_.wait_for_calls(1);
  clock_.advance(seconds{15});
  expect_error(ErrorKind::Offline, wait(std::move(answer)));
  expect_error(ErrorKind::Offline, read(photo, {0, 10}));
  expect_error(ErrorKind::Offline, read(other, {0, 10}));
  EXPECT_EQ(cloud_.calls().size(), 1U);
  clock_.advance(seconds{5});
  expect_right(other);
  expect_right(photo);
}

TEST_F(StoreTest, WithAShortDeadlineAShortSilenceIsAnOutage) {
  options_.read_deadline = seconds{2};
  open();
  expect_right(photo("here", kChunkBytes));
  clock_.advance(seconds{1});
  cloud_.next_hangs();
  auto answer = ask(photo("far", kChunkBytes), {0, 10});
  cloud_.wait_for_calls(2);
  clock_.advance(seconds{2});
  expect_error(ErrorKind::Offline, wait(std::move(answer)));
  expect_error(ErrorKind::Offline, read(photo("another", kChunkBytes), {0, 10}));
  EXPECT_EQ(cloud_.calls().size(), 2U);
}

TEST_F(StoreTest, TheEndOfAnOutageIsToldOnce) {
  Awaited<int> recovered;
  store_->on_recovered([done = recovered.done()] { done(1); });
  expect_right(photo("before", kChunkBytes));
  cloud_.next_fails(Error{ErrorKind::Offline, "no network"});
  expect_error(ErrorKind::Offline, read(photo("during", kChunkBytes), {0, 10}));
  EXPECT_EQ(recovered.times(), 0);
  clock_.advance(seconds{5});
  expect_right(photo("after", kChunkBytes));
  EXPECT_TRUE(recovered.get());
  cloud_.next_fails(Error{ErrorKind::Throttled, "later"});
  expect_error(ErrorKind::Throttled, read(photo("too early", kChunkBytes), {0, 10}));
  clock_.advance(seconds{5});
  expect_right(photo("later", kChunkBytes));
  store_.reset();
  EXPECT_EQ(recovered.times(), 1);
}

TEST_F(StoreTest, AnOutageIsRememberedForFiveSecondsThenOneRequestFindsOut) {
  for (const auto kind : {ErrorKind::Offline, ErrorKind::Throttled, ErrorKind::NeedsSignIn}) {
    open();
    cloud_.forget_calls();
    const auto one = photo("1", kChunkBytes);
    const auto two = photo("2", kChunkBytes);
    const auto three = photo("3", kChunkBytes);
    const auto failure = Error{kind, "no"};
    cloud_.next_fails(failure, 2);
    expect_error(kind, read(one, {0, 10}));
    expect_error(kind, read(two, {0, 10}));
    clock_.advance(milliseconds{4999});
    expect_error(kind, read(two, {0, 10}));
    EXPECT_EQ(cloud_.calls().size(), 1U);

    clock_.advance(milliseconds{1});
    cloud_.hold();
    auto first = ask(one, {0, 10});
    auto second = ask(two, {0, 10});
    auto third = ask(three, {0, 10});
    cloud_.wait_for_calls(2);
    cloud_.let_go();
    expect_error(kind, wait(std::move(first)));
    expect_error(kind, wait(std::move(second)));
    expect_error(kind, wait(std::move(third)));
    EXPECT_EQ(cloud_.calls().size(), 2U);

    clock_.advance(seconds{5});
    expect_right(one);
    expect_right(two);
    store_.reset();
    std::filesystem::remove_all(options_.directory);
  }
}

TEST_F(StoreTest, WhoeverKnowsThatAnOutageIsOverEndsIt) {
  const auto one = photo("1", kChunkBytes);
  cloud_.next_fails(Error{ErrorKind::NeedsSignIn, "signed out"}, 1);
  expect_error(ErrorKind::NeedsSignIn, read(one, {0, 10}));
  expect_error(ErrorKind::NeedsSignIn, read(one, {0, 10}));
  store_->try_again();
  expect_right(one);
}

TEST_F(StoreTest, WhoeverKnowsThatAnOutageIsOverEndsItForThePhotoThatFailedToo) {
  const auto one = photo("1", kChunkBytes);
  cloud_.next_hangs();
  auto answer = ask(one, {0, 10});
  cloud_.wait_for_calls(1);
  clock_.advance(seconds{15});
  expect_error(ErrorKind::Offline, wait(std::move(answer)));
  store_->try_again();
  expect_right(one);
}

TEST_F(StoreTest, AReadOfWhichNothingComesIsAskedForAgainWhenTheNetworkIsBack) {
  cloud_.next_hangs();
  const auto one = photo("1", kChunkBytes);
  auto answer = ask(one, {0, kChunkBytes});
  cloud_.wait_for_calls(1);
  clock_.advance(seconds{3});
  store_->try_again();
  const auto slice = wait(std::move(answer));
  ASSERT_TRUE(slice) << slice.error().message();
  EXPECT_TRUE(slice->bytes == truth(one, {0, kChunkBytes}));
  EXPECT_EQ(cloud_.calls().size(), 2U);
}

TEST_F(StoreTest, CachedBytesAreGivenDuringAnOutage) {
  const auto here = photo("here", 2 * kChunkBytes);
  expect_right(here);
  cloud_.next_fails(Error{ErrorKind::Offline, "no network"});
  expect_error(ErrorKind::Offline, read(photo("far", kChunkBytes), {0, 1}));
  expect_right(here);
}

TEST_F(StoreTest, WhatCameBeforeAFailureIsKept) {
  const auto photo = this->photo("a", 4 * kChunkBytes);
  cloud_.next([](std::span<const std::byte> right, cloud::ByteSink& sink, std::stop_token) -> Result<void> {
    sink.write(right.first(2 * kChunkBytes + 100));
    return Error{ErrorKind::Offline, "the cable"};
  });
  expect_error(ErrorKind::Offline, read_all(photo));
  expect_right(photo, {0, 2 * kChunkBytes});
  EXPECT_EQ(cloud_.calls().size(), 1U);
  clock_.advance(seconds{5});
  expect_right(photo);
  EXPECT_EQ(cloud_.calls().back().range, (Range{2 * kChunkBytes, 2 * kChunkBytes}));
}

TEST_F(StoreTest, ADeletedPhotoIsGoneButAnotherOneWithEqualBytesIsNot) {
  auto deleted = photo("deleted", kChunkBytes);
  auto living = deleted;
  living.asset = AssetId{"living"};
  cloud_.put(living, truth(deleted, {0, kChunkBytes}));
  cloud_.next_fails(Error{ErrorKind::Gone, "deleted"});
  cloud_.hold();
  auto first = ask(deleted, {0, 10});
  auto second = ask(living, {0, 10});
  cloud_.let_go();
  expect_error(ErrorKind::Gone, wait(std::move(first)));
  EXPECT_TRUE(wait(std::move(second)));
}

TEST_F(StoreTest, AnErrorOfOnePhotoHoldsNobodyElseUp) {
  cloud_.next_fails(Error{ErrorKind::Protocol, "a page of HTML"}, 2);
  expect_error(ErrorKind::Protocol, read(photo("bad", kChunkBytes), {0, 1}));
  expect_right(photo("good", kChunkBytes));
}

TEST_F(StoreTest, ClosingAnswersAllThatWait) {
  cloud_.hold();
  std::vector<Answer> answers;
  for (int i = 0; i < 40; ++i) answers.push_back(ask(photo(std::to_string(i), 300), {0, 300}));
  cloud_.wait_for_calls(8);
  store_.reset();
  for (auto& answer : answers) {
    ASSERT_EQ(answer.wait_for(seconds{0}), std::future_status::ready);
    expect_error(ErrorKind::Cancelled, answer.get());
  }
}

TEST_F(StoreTest, AnAnswerMayAskAgain) {
  const auto photo = this->photo("a", 8 * kChunkBytes);
  std::promise<std::uint64_t> total;
  std::atomic<std::uint64_t> got = 0;
  std::function<void(Result<Slice>)> next = [&](Result<Slice> slice) {
    if (!slice || slice->bytes.empty()) return total.set_value(got);
    got += slice->bytes.size();
    store_->read(photo, {got, 300'000}, next);
  };
  store_->read(photo, {0, 300'000}, next);
  auto answer = total.get_future();
  ASSERT_EQ(answer.wait_for(seconds{30}), std::future_status::ready);
  EXPECT_EQ(answer.get(), photo.size);
}

TEST_F(StoreTest, ReadersGoBeforeReadAhead) {
  options_.fetch_workers = 1;
  open();
  const auto film = photo("film", 30 * kChunkBytes);
  const auto still = photo("still", kChunkBytes);
  expect_right(film, {0, 10});
  cloud_.hold();
  auto second = ask(film, {kChunkBytes, 10});  // and with it four to eight chunks ahead
  cloud_.wait_for_calls(2);
  auto third = ask(film, {2 * kChunkBytes, 10});
  auto urgent = ask(still, {0, 10});
  cloud_.let_go();
  EXPECT_TRUE(wait(std::move(urgent)));
  EXPECT_TRUE(wait(std::move(second)));
  EXPECT_TRUE(wait(std::move(third)));
  const auto calls = cloud_.calls();
  const auto place = std::find_if(calls.begin(), calls.end(), [&](const auto& call) { return call.resource == still; });
  EXPECT_LE(place - calls.begin(), 3);
}

TEST_F(StoreTest, ManyReadersOfManyPhotosAllGetTheRightBytes) {
  options_.limit_bytes = 24 * kChunkBytes;  // so that they are evicted in between as well
  open();
  std::vector<ResourceRef> photos;
  for (int i = 0; i < 12; ++i)
    photos.push_back(photo(std::to_string(i), (i % 5) * kChunkBytes + 1000 * static_cast<unsigned>(i) + 1));
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> readers;
    for (unsigned seed = 0; seed < 6; ++seed) {
      readers.emplace_back([&, seed] {
        std::mt19937 random{seed};
        for (int i = 0; i < 60; ++i) {
          const auto& one = photos[random() % photos.size()];
          const Range range{random() % one.size, random() % (kChunkBytes + 5000)};
          const auto slice = read(one, range);
          if (!slice || slice->bytes != truth(one, range)) ++wrong;
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
}

TEST_F(StoreTest, ManyReadersOverABadLineGetTheRightBytesOrAnError) {
  const auto photo = this->photo("a", 12 * kChunkBytes + 77);
  for (unsigned round = 0; round < 6; ++round) {
    std::mt19937 random{round};
    for (int i = 0; i < 20; ++i) {
      switch (random() % 4) {
        case 0:
          cloud_.next_is_damaged();
          break;
        case 1:
          cloud_.next_fails(Error{ErrorKind::Protocol, "HTML"});
          break;
        default:
          cloud_.next([](std::span<const std::byte> right, cloud::ByteSink& sink, std::stop_token) -> Result<void> {
            sink.write(right);
            return {};
          });
      }
    }
    std::vector<Answer> answers;
    for (int i = 0; i < 6; ++i) answers.push_back(ask(photo, {0, photo.size}));
    for (auto& answer : answers) {
      const auto slice = wait(std::move(answer));
      if (slice) {
        EXPECT_TRUE(slice->bytes == truth(photo, {0, photo.size}));
      } else {
        EXPECT_NE(slice.error().kind(), ErrorKind::Usage) << "no answer";
      }
    }
    clock_.advance(seconds{6});
    store_.reset();
    std::filesystem::remove_all(options_.directory);
    open();
  }
}

}  // namespace
}  // namespace icloudphotos::content
