// SPDX-License-Identifier: MIT
#include "fuse/interrupt.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

namespace icloudphotos::fuse {
namespace {

TEST(Interrupt, ASignalThatOnlyPendsDoesNotKillTheCaller) {
  sigset_t one;
  sigset_t old;
  sigemptyset(&one);
  sigaddset(&one, SIGUSR1);
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, &one, &old), 0);
  EXPECT_EQ(pending_signal(::gettid()), PendingSignal::None);
  pthread_kill(pthread_self(), SIGUSR1);
  EXPECT_EQ(pending_signal(::gettid()), PendingSignal::Handled);
  int taken = 0;
  sigwait(&one, &taken);
  EXPECT_EQ(pending_signal(::gettid()), PendingSignal::None);
  pthread_sigmask(SIG_SETMASK, &old, nullptr);
}

TEST(Interrupt, ACallerThatCannotBeSeenIsUnseen) {
  EXPECT_EQ(pending_signal(0), PendingSignal::Unseen);
  EXPECT_EQ(pending_signal(-1), PendingSignal::Unseen);
  EXPECT_EQ(pending_signal(0x7ffffffe), PendingSignal::Unseen);
}

}  // namespace
}  // namespace icloudphotos::fuse
