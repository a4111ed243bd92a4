// SPDX-License-Identifier: MIT
#include "icloudphotos/ui/progress.h"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>
#include <unistd.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::ui {
namespace {

using namespace std::chrono_literals;

constexpr auto kBetweenUpdates = 100ms;  // on a terminal
constexpr auto kBetweenLines = 10s;      // in a log

/// 12,300
std::string grouped(std::int64_t number) {
  auto text = std::to_string(std::max<std::int64_t>(number, 0));
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

std::string duration(std::int64_t seconds) {
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 7200) return fmt::format("{} min", (seconds + 30) / 60);
  return fmt::format("{} h", (seconds + 1800) / 3600);
}

}  // namespace

std::string progress_line(std::string_view what, std::int64_t known, std::optional<std::int64_t> counted,
                          std::int64_t read_meanwhile, std::chrono::milliseconds watched) {
  auto line = fmt::format("{}: {}", printable(what), grouped(known));
  if (counted) line += fmt::format(" of {}", grouped(*counted));
  line += " photos";
  if (watched < 1s || read_meanwhile <= 0) return line;
  const double rate = static_cast<double>(read_meanwhile) * 1000.0 / static_cast<double>(watched.count());
  line += fmt::format(", {} a second", grouped(static_cast<std::int64_t>(rate + 0.5)));
  if (counted && *counted > known) {
    line += fmt::format(", {} left",
                        duration(static_cast<std::int64_t>(static_cast<double>(*counted - known) / rate + 0.5)));
  }
  return line;
}

Progress::Progress(int output, Clock& clock) : output_{output}, terminal_{::isatty(output) == 1}, clock_{clock} {}

Progress::~Progress() { finish(); }

void Progress::show(std::string_view what, std::int64_t known, std::optional<std::int64_t> counted) {
  const Lock lock{mutex_};
  const auto now = clock_.monotonic();
  if (what != what_) {
    end_line();
    what_ = what;
    first_known_ = known;
    since_ = now;
    shown_at_.reset();
  }
  const bool complete = counted && known >= *counted;
  const auto pause = terminal_ ? std::chrono::milliseconds{kBetweenUpdates} : std::chrono::milliseconds{kBetweenLines};
  if (shown_at_ && now - *shown_at_ < pause && !complete) return;
  shown_at_ = now;
  const auto line = progress_line(what, known, counted, known - first_known_,
                                  std::chrono::floor<std::chrono::milliseconds>(now - since_));
  open_line_ = terminal_;
  // Back at the beginning of the line, where others who write may go on.
  write(terminal_ ? fmt::format("{}\x1b[K\r", line) : line + "\n");
}

void Progress::finish() {
  const Lock lock{mutex_};
  end_line();
}

void Progress::end_line() {
  if (open_line_) write("\n");
  open_line_ = false;
}

void Progress::write(std::string_view text) const {
  while (!text.empty()) {
    const auto written = ::write(output_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // nobody looks any more
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace icloudphotos::ui
