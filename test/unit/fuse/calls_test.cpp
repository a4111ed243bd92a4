// SPDX-License-Identifier: MIT
#include "fuse/calls.h"

#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "awaited.h"
#include "fake_clock.h"

namespace icloudphotos::fuse {
namespace {

using namespace std::chrono_literals;
using Why = Calls::Why;

/// An attempt that answers with why it was made, unless that is news and `patient`.
Calls::Attempt telling(Awaited<Why>& heard, bool patient = true) {
  return [done = heard.done(), patient](Why why) {
    if (why == Why::News && patient) return false;
    done(why);
    return true;
  };
}

TEST(Calls, NewsTriesThoseWhoWait) {
  FakeClock clock;
  Calls calls{clock};
  Awaited<Why> heard;
  calls.wait(calls.begin(0), std::nullopt, telling(heard, false));
  calls.news();
  EXPECT_EQ(heard.get().value(), Why::News);
}

TEST(Calls, NewsThatCameBetweenTheFirstLookAndWaitingIsNotLost) {
  FakeClock clock;
  Calls calls{clock};
  Awaited<Why> heard;
  const auto call = calls.begin(0);
  calls.news();
  calls.wait(call, std::nullopt, telling(heard, false));
  EXPECT_EQ(heard.get().value(), Why::News);
}

TEST(Calls, ADeadlineEndsWaiting) {
  FakeClock clock;
  Calls calls{clock};
  Awaited<Why> heard;
  calls.wait(calls.begin(0), clock.monotonic() + 30s, telling(heard));
  clock.advance(31s);
  calls.news();  // has the deadlines looked at without waiting for the next tick
  EXPECT_EQ(heard.get().value(), Why::Deadline);
}

TEST(Calls, TheInterruptOfACallerNobodyCanSeeEndsItAfterASecond) {
  FakeClock clock;
  Calls calls{clock};
  Awaited<Why> heard;
  const auto call = calls.begin(0);
  calls.wait(call, std::nullopt, telling(heard));
  calls.interrupt(call);
  Awaited<Why> next;  // answered after the interrupt was looked at
  calls.wait(calls.begin(0), std::nullopt, telling(next, false));
  calls.news();
  (void)next.get();
  EXPECT_EQ(heard.times(), 0);
  clock.advance(2s);
  calls.news();
  EXPECT_EQ(heard.get().value(), Why::Deadline);
}

TEST(Calls, AHandledSignalDisturbsNobody) {
  FakeClock clock;
  Calls calls{clock};
  Awaited<Why> heard;
  const auto call = calls.begin(::gettid());
  calls.interrupt(call);  // before it waits: must not be lost either
  calls.wait(call, std::nullopt, telling(heard));
  // Nothing pends for this thread: that is the freezer, which gets ten seconds.
  Awaited<Why> next;
  calls.wait(calls.begin(0), std::nullopt, telling(next, false));
  calls.news();
  (void)next.get();
  clock.advance(9s);
  calls.news();
  clock.advance(2s);
  calls.news();
  EXPECT_EQ(heard.get().value(), Why::Deadline);
}

TEST(Calls, AtTheEndEverybodyIsAnsweredAndSoAreThoseWhoComeLater) {
  FakeClock clock;
  Calls calls{clock};
  Awaited<Why> before;
  Awaited<Why> after;
  calls.wait(calls.begin(0), std::nullopt, telling(before));
  calls.finish();
  EXPECT_EQ(before.get().value(), Why::Over);
  calls.wait(calls.begin(0), std::nullopt, telling(after));
  EXPECT_EQ(after.get().value(), Why::Over);
  EXPECT_EQ(before.times(), 1);
}

}  // namespace
}  // namespace icloudphotos::fuse
