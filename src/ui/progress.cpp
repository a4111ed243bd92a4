// SPDX-License-Identifier: MIT
#include "icloudphotos/ui/progress.h"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::ui {
namespace {

using namespace std::chrono_literals;

constexpr auto kBetweenUpdates = 100ms;  // on a terminal
constexpr auto kBetweenLines = 10s;      // in a log
constexpr std::size_t kShortestBar = 10;
constexpr std::size_t kLongestBar = 40;

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

std::string pace(const ReadSoFar& so_far) {
  std::string text;
  if (const auto rate = so_far.rate())
    text = fmt::format(", {} a second", grouped(static_cast<std::int64_t>(*rate + 0.5)));
  if (const auto left = so_far.left()) text += fmt::format(", {} left", duration(left->count()));
  return text;
}

/// As wide as a person sees it, nearly: one column a code point.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string bar(const ReadSoFar& so_far, std::size_t length) {
  const auto share = std::clamp(static_cast<double>(so_far.known) / static_cast<double>(*so_far.counted), 0.0, 1.0);
  const auto full = static_cast<std::size_t>(share * static_cast<double>(length));
  return fmt::format(" [{}{}] ", std::string(full, '#'), std::string(length - full, '.'));
}

}  // namespace

std::optional<double> ReadSoFar::rate() const {
  if (watched < 1s || meanwhile <= 0) return std::nullopt;
  return static_cast<double>(meanwhile) * 1000.0 / static_cast<double>(watched.count());
}

std::optional<std::chrono::seconds> ReadSoFar::left() const {
  const auto per_second = rate();
  if (!per_second || !counted || *counted <= known) return std::nullopt;
  return std::chrono::seconds{static_cast<std::int64_t>(static_cast<double>(*counted - known) / *per_second + 0.5)};
}

std::string progress_line(std::string_view what, const ReadSoFar& so_far) {
  auto line = fmt::format("{}: {}", printable(what), grouped(so_far.known));
  if (so_far.counted) line += fmt::format(" of {}", grouped(*so_far.counted));
  return line + " photos" + pace(so_far);
}

std::string progress_bar(std::string_view what, const ReadSoFar& so_far, std::size_t columns) {
  const auto name = printable(what);
  const auto line = progress_line(what, so_far);
  if (so_far.counted && *so_far.counted > 0) {
    const auto numbers = fmt::format("{} of {}{}", grouped(so_far.known), grouped(*so_far.counted), pace(so_far));
    const auto taken = width(name) + width(numbers) + width(" [] ");
    if (taken + kShortestBar <= columns) return name + bar(so_far, std::min(columns - taken, kLongestBar)) + numbers;
  }
  return width(line) <= columns ? line : std::string{cut_at_code_point(line, columns)};
}

Progress::Progress(int output, Clock& clock) : output_{output}, terminal_{::isatty(output) == 1}, clock_{clock} {}

Progress::~Progress() { finish(); }

void Progress::show(std::string_view what, const ReadSoFar& so_far) {
  const Lock lock{mutex_};
  const auto now = clock_.monotonic();
  if (what != what_) {
    end_line();
    what_ = what;
    shown_at_.reset();
  }
  const bool complete = so_far.counted && so_far.known >= *so_far.counted;
  const auto pause = terminal_ ? std::chrono::milliseconds{kBetweenUpdates} : std::chrono::milliseconds{kBetweenLines};
  if (shown_at_ && now - *shown_at_ < pause && !complete) return;
  shown_at_ = now;
  open_line_ = terminal_;
  // Back at the beginning of the line, where others who write may go on.
  write(terminal_ ? fmt::format("{}\x1b[K\r", progress_bar(what, so_far, columns()))
                  : progress_line(what, so_far) + "\n");
}

void Progress::finish() {
  const Lock lock{mutex_};
  end_line();
}

void Progress::end_line() {
  if (open_line_) write("\n");
  open_line_ = false;
}

/// One less than there are: a terminal may go on to the next line behind the last one.
std::size_t Progress::columns() const {
  winsize size{};
  return ::ioctl(output_, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - std::size_t{1} : std::size_t{79};
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
