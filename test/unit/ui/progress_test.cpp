// SPDX-License-Identifier: MIT
#include "icloudphotos/ui/progress.h"

#include <array>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <unistd.h>

#include "icloudphotos/base/handle.h"

#include "fake_clock.h"

namespace icloudphotos::ui {
namespace {

using namespace std::chrono_literals;

std::string take(const Fd& fd) {
  std::string text;
  pollfd wait{fd.get(), POLLIN, 0};
  char c = 0;
  while (::poll(&wait, 1, 0) > 0 && ::read(fd.get(), &c, 1) == 1) text += c;
  return text;
}

TEST(ProgressLine, SaysRateAndRestOnceTheyAreKnown) {
  EXPECT_EQ(progress_line("Personal Library", 200, 40000, 200, 500ms), "Personal Library: 200 of 40,000 photos");
  EXPECT_EQ(progress_line("Personal Library", 12300, 40000, 12300, 6s),
            "Personal Library: 12,300 of 40,000 photos, 2,050 a second, 14 s left");
  EXPECT_EQ(progress_line("P", 1000, 1'000'000, 1000, 1s), "P: 1,000 of 1,000,000 photos, 1,000 a second, 17 min left");
  EXPECT_EQ(progress_line("P", 10, 1'000'000, 10, 1s), "P: 10 of 1,000,000 photos, 10 a second, 28 h left");
  EXPECT_EQ(progress_line("P", 500, std::nullopt, 500, 2s), "P: 500 photos, 250 a second");
  EXPECT_EQ(progress_line("P", 500, 400, 500, 2s), "P: 500 of 400 photos, 250 a second") << "counts may be behind";
  EXPECT_EQ(progress_line("P\x1b[2J", 0, 0, 0, 2s).find('\x1b'), std::string::npos);
}

TEST(Progress, OnATerminalIsOneLineWrittenOver) {
  int ours = -1;
  int theirs = -1;
  ASSERT_EQ(::openpty(&ours, &theirs, nullptr, nullptr, nullptr), 0);
  const Fd screen{ours};
  const Fd terminal{theirs};
  FakeClock clock;
  Progress progress{terminal.get(), clock};
  progress.show("P", 100, 1000);
  progress.show("P", 150, 1000);  // too soon
  clock.advance(2s);
  progress.show("P", 300, 1000);
  EXPECT_EQ(take(screen), "P: 100 of 1,000 photos\x1b[K\rP: 300 of 1,000 photos, 100 a second, 7 s left\x1b[K\r");
  progress.show("P", 1000, 1000);  // the end is always shown
  progress.finish();
  progress.finish();
  EXPECT_EQ(take(screen), "P: 1,000 of 1,000 photos, 450 a second\x1b[K\r\r\n");
}

TEST(Progress, ElsewhereIsALineNowAndThen) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const Fd reading{ends[0]};
  const Fd writing{ends[1]};
  FakeClock clock;
  Progress progress{writing.get(), clock};
  progress.show("P", 0, 1000);
  for (int i = 0; i < 9; ++i) {
    clock.advance(1s);
    progress.show("P", i, 1000);
  }
  EXPECT_EQ(take(reading), "P: 0 of 1,000 photos\n");
  clock.advance(1s);
  progress.show("P", 500, 1000);
  progress.show("S", 1, 10);
  EXPECT_EQ(take(reading), "P: 500 of 1,000 photos, 50 a second, 10 s left\nS: 1 of 10 photos\n");
}

}  // namespace
}  // namespace icloudphotos::ui
