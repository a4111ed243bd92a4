// SPDX-License-Identifier: MIT
#include "cloud/lookups.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include <gtest/gtest.h>

namespace icloudphotos::cloud {
namespace {

const LibraryId kLibrary{"private/PrimarySync"};

/// Answers when it is told to, with one URL for each name.
class Desk {
 public:
  Result<std::vector<ContentUrl>> answer(const std::vector<std::string>& names, const std::stop_token& stop) {
    Lock lock{mutex_};
    asked_.push_back(names);
    changed_.notify_all();
    if (!changed_.wait(lock, stop, [this]() REQUIRES(mutex_) { return open_ > 0; }))
      return Error{ErrorKind::Cancelled, "asked to stop"};
    --open_;
    std::vector<ContentUrl> urls;
    for (const auto& name : names) urls.push_back({name, {}, Secret{"https://" + name}});
    return urls;
  }
  /// Waits until that many requests have come.
  void await_requests(std::size_t count) {
    Lock lock{mutex_};
    changed_.wait(lock, [&]() REQUIRES(mutex_) { return asked_.size() >= count; });
  }
  void open(int requests) {
    const Lock lock{mutex_};
    open_ += requests;
    changed_.notify_all();
  }
  [[nodiscard]] std::vector<std::vector<std::string>> questions() {
    const Lock lock{mutex_};
    return asked_;
  }

 private:
  Mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<std::vector<std::string>> asked_ GUARDED_BY(mutex_);
  int open_ GUARDED_BY(mutex_) = 0;
};

bool knows(const Result<Lookups::Answer>& answer, std::string_view name) {
  return answer &&
         std::any_of((*answer)->begin(), (*answer)->end(), [&](const ContentUrl& url) { return url.record == name; });
}

class Asking : public testing::Test {
 protected:
  Desk desk_;
  std::vector<std::string> soon_;  // set before anybody asks
  Lookups lookups_{[this](const LibraryId&, const std::vector<std::string>& names, std::stop_token stop) {
                     return desk_.answer(names, stop);
                   },
                   [this](const LibraryId&) { return soon_; }};
};

TEST_F(Asking, AloneWaitsForNobody) {
  desk_.open(1);
  EXPECT_TRUE(knows(lookups_.look_up(kLibrary, {"a"}, {}), "a"));
}

TEST_F(Asking, NamesEachNameOnceHoweverManyAsk) {
  constexpr int kReaders = 50;
  std::atomic<int> right = 0;
  std::vector<std::jthread> readers;
  const auto read = [&](int i) {
    return
        [&, name = "n" + std::to_string(i)] { right += knows(lookups_.look_up(kLibrary, {name}, {}), name) ? 1 : 0; };
  };
  for (int i = 0; i < 2; ++i) readers.emplace_back(read(i));
  desk_.await_requests(2);  // two requests are under way; who comes now has to wait
  for (int i = 2; i < kReaders; ++i) readers.emplace_back(read(i));
  desk_.open(kReaders);
  readers.clear();
  EXPECT_EQ(right, kReaders);
  std::size_t names = 0;
  for (const auto& question : desk_.questions()) names += question.size();
  EXPECT_EQ(names, static_cast<std::size_t>(kReaders));  // each name was asked for once
}

TEST_F(Asking, OneWhoIsStoppedLeavesTheOthersTheirAnswers) {
  std::stop_source impatient;
  std::jthread first{[&] { (void)lookups_.look_up(kLibrary, {"x"}, {}); }};
  std::jthread second{[&] {
    const auto answer = lookups_.look_up(kLibrary, {"y"}, impatient.get_token());
    EXPECT_FALSE(answer);
  }};
  desk_.await_requests(2);
  std::jthread third{[&] { EXPECT_TRUE(knows(lookups_.look_up(kLibrary, {"z"}, {}), "z")); }};
  impatient.request_stop();
  second.join();
  desk_.await_requests(3);  // the third asks in the place of the second
  desk_.open(2);
}

TEST_F(Asking, StopsWhileStandingInLine) {
  std::jthread first{[&] { (void)lookups_.look_up(kLibrary, {"x"}, {}); }};
  std::jthread second{[&] { (void)lookups_.look_up(kLibrary, {"y"}, {}); }};
  desk_.await_requests(2);
  std::stop_source impatient;
  std::jthread third{[&] {
    const auto answer = lookups_.look_up(kLibrary, {"z"}, impatient.get_token());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind(), ErrorKind::Cancelled);
  }};
  impatient.request_stop();
  third.join();
  desk_.open(2);
  first.join();
  second.join();
  EXPECT_EQ(desk_.questions().size(), 2U);
}

TEST_F(Asking, TakesTheRoomOfARequestForWhatWillBeWantedSoon) {
  for (int i = 0; i < 300; ++i) soon_.push_back("s" + std::to_string(i));
  desk_.open(2);
  EXPECT_TRUE(knows(lookups_.look_up(kLibrary, {"a"}, {}), "s7"));
  ASSERT_EQ(desk_.questions().size(), 1U);
  EXPECT_EQ(desk_.questions()[0].size(), 200U);
}

TEST_F(Asking, DoesNotAskForWhatAnotherRequestAsksForAlready) {
  soon_ = {"b", "c"};
  std::jthread first{[&] { EXPECT_TRUE(knows(lookups_.look_up(kLibrary, {"a"}, {}), "a")); }};
  desk_.await_requests(1);
  std::stop_source impatient;
  std::jthread second{[&] { EXPECT_FALSE(lookups_.look_up(kLibrary, {"c", "b"}, impatient.get_token())); }};
  std::jthread third{[&] { EXPECT_TRUE(knows(lookups_.look_up(kLibrary, {"d"}, {}), "d")); }};
  desk_.await_requests(2);  // there is room for a second request, but only the third one needs it
  EXPECT_EQ(desk_.questions()[1], std::vector<std::string>{"d"});
  impatient.request_stop();
  second.join();
  EXPECT_EQ(desk_.questions().size(), 2U);
  desk_.open(2);
}

TEST_F(Asking, IsAnsweredByARequestThatHasItsNames) {
  soon_ = {"b"};
  std::jthread first{[&] { EXPECT_TRUE(knows(lookups_.look_up(kLibrary, {"a"}, {}), "a")); }};
  desk_.await_requests(1);
  std::jthread second{[&] { EXPECT_TRUE(knows(lookups_.look_up(kLibrary, {"b"}, {}), "b")); }};
  desk_.open(2);  // the second is for one who comes when the first request is over
}

TEST_F(Asking, AsksAgainForThoseWhoWaitedForARequestThatWasStopped) {
  soon_ = {"b"};
  std::stop_source impatient;
  std::jthread first{[&] { EXPECT_FALSE(lookups_.look_up(kLibrary, {"a"}, impatient.get_token())); }};
  desk_.await_requests(1);
  std::jthread second{[&] { EXPECT_TRUE(knows(lookups_.look_up(kLibrary, {"b"}, {}), "b")); }};
  impatient.request_stop();
  desk_.await_requests(2);
  EXPECT_EQ(desk_.questions()[1], std::vector<std::string>{"b"});
  desk_.open(1);
}

TEST_F(Asking, AnotherLibraryIsAskedByItself) {
  desk_.open(2);
  EXPECT_TRUE(knows(lookups_.look_up(kLibrary, {"a"}, {}), "a"));
  EXPECT_TRUE(knows(lookups_.look_up(LibraryId{"shared/SharedSync-1/_o"}, {"b"}, {}), "b"));
}

}  // namespace
}  // namespace icloudphotos::cloud
