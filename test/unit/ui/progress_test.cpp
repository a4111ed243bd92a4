// SPDX-License-Identifier: MIT
#include "icloudphotos/ui/progress.h"

#include <array>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
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
  EXPECT_EQ(progress_line("P", {200, 40000, 200, 500ms}), "P: 200 of 40,000 photos");
  EXPECT_EQ(progress_line("P", {12300, 40000, 12300, 6s}), "P: 12,300 of 40,000 photos, 2,050 a second, 14 s left");
  EXPECT_EQ(progress_line("P", {1000, 1'000'000, 1000, 1s}),
            "P: 1,000 of 1,000,000 photos, 1,000 a second, 17 min left");
  EXPECT_EQ(progress_line("P", {10, 1'000'000, 10, 1s}), "P: 10 of 1,000,000 photos, 10 a second, 28 h left");
  EXPECT_EQ(progress_line("P", {500, std::nullopt, 500, 2s}), "P: 500 photos, 250 a second");
  EXPECT_EQ(progress_line("P", {500, 400, 500, 2s}), "P: 500 of 400 photos, 250 a second") << "counts may be behind";
  EXPECT_EQ(progress_line("P\x1b[2J", {}).find('\x1b'), std::string::npos);
}

TEST(ProgressLine, GoesOnWhereAnEarlierMountWas) {
  EXPECT_EQ(progress_line("P", {30000, 40000, 1000, 1s}), "P: 30,000 of 40,000 photos, 1,000 a second, 10 s left");
}

TEST(ProgressBar, ShowsTheShareThatIsRead) {
  EXPECT_EQ(progress_bar("P", {500, 1000, 500, 500ms}, 79),
            "P [####################....................] 500 of 1,000");
  EXPECT_EQ(progress_bar("P", {0, 1000, 0, 0s}, 79), "P [........................................] 0 of 1,000");
  EXPECT_EQ(progress_bar("P", {1100, 1000, 0, 0s}, 79), "P [########################################] 1,100 of 1,000");
}

TEST(ProgressBar, FitsIntoTheTerminal) {
  const ReadSoFar half{500, 1000, 500, 10s};
  for (std::size_t columns = 1; columns < 120; ++columns)
    EXPECT_LE(progress_bar("Personal Library", half, columns).size(), columns);
  EXPECT_EQ(progress_bar("P", half, 51), "P [#####.....] 500 of 1,000, 50 a second, 10 s left");
  EXPECT_EQ(progress_bar("P", half, 47), "P: 500 of 1,000 photos, 50 a second, 10 s left") << "no room for a bar";
  EXPECT_EQ(progress_bar("P", {500, std::nullopt, 0, 0s}, 79), "P: 500 photos") << "nothing is known of the whole";
}

TEST(Progress, OnATerminalIsOneLineWrittenOver) {
  int ours = -1;
  int theirs = -1;
  const winsize narrow{24, 53, 0, 0};
  ASSERT_EQ(::openpty(&ours, &theirs, nullptr, nullptr, &narrow), 0);
  const Fd screen{ours};
  const Fd terminal{theirs};
  FakeClock clock;
  Progress progress{terminal.get(), clock};
  progress.show("P", {100, 1000, 0, 0s});
  progress.show("P", {150, 1000, 50, 0s});  // too soon
  clock.advance(2s);
  progress.show("P", {300, 1000, 200, 2s});
  EXPECT_EQ(take(screen),
            "P [###................................] 100 of 1,000\x1b[K\r"
            "P [###........] 300 of 1,000, 100 a second, 7 s left\x1b[K\r");
  progress.show("P", {1000, 1000, 900, 2s});  // the end is always shown
  progress.finish();
  progress.finish();
  EXPECT_EQ(take(screen), "P [###################] 1,000 of 1,000, 450 a second\x1b[K\r\r\n");
}

TEST(Progress, ElsewhereIsALineNowAndThen) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const Fd reading{ends[0]};
  const Fd writing{ends[1]};
  FakeClock clock;
  Progress progress{writing.get(), clock};
  progress.show("P", {0, 1000, 0, 0s});
  for (int i = 0; i < 9; ++i) {
    clock.advance(1s);
    progress.show("P", {i, 1000, i, 1s * i});
  }
  EXPECT_EQ(take(reading), "P: 0 of 1,000 photos\n");
  clock.advance(1s);
  progress.show("P", {500, 1000, 500, 10s});
  progress.show("S", {1, 10, 0, 0s});
  EXPECT_EQ(take(reading), "P: 500 of 1,000 photos, 50 a second, 10 s left\nS: 1 of 10 photos\n");
}

}  // namespace
}  // namespace icloudphotos::ui
