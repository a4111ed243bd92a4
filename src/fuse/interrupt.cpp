// SPDX-License-Identifier: MIT
#include "fuse/interrupt.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include "icloudphotos/base/handle.h"

namespace icloudphotos::fuse {
namespace {

// files.h's read_file is not for /proc: it refuses nothing here, but allocates for a file that is read on every signal.
std::string status_of(pid_t thread) {
  const Fd file{::open(fmt::format("/proc/{}/status", thread).c_str(), O_RDONLY | O_CLOEXEC)};
  char buffer[8192];
  const auto got = file ? ::read(file.get(), buffer, sizeof buffer) : -1;
  return got > 0 ? std::string(buffer, static_cast<std::size_t>(got)) : std::string{};
}

std::optional<std::uint64_t> signal_set(std::string_view status, std::string_view label) {
  const auto at = status.find(label);
  if (at == std::string_view::npos) return std::nullopt;
  const auto digits = status.substr(at + label.size(), 16);
  std::uint64_t set = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), set, 16);
  return error == std::errc{} ? std::optional{set} : std::nullopt;
}

}  // namespace

PendingSignal pending_signal(pid_t thread) {
  if (thread <= 0) return PendingSignal::Unseen;
  const auto status = status_of(thread);
  const auto own = signal_set(status, "\nSigPnd:\t");
  const auto shared = signal_set(status, "\nShdPnd:\t");
  if (!own || !shared) return PendingSignal::Unseen;
  constexpr std::uint64_t kKill = std::uint64_t{1} << (SIGKILL - 1);
  if (*own & kKill) return PendingSignal::Fatal;
  return *own | *shared ? PendingSignal::Handled : PendingSignal::None;
}

}  // namespace icloudphotos::fuse
