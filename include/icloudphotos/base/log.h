// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace icloudphotos {

enum class LogLevel { Debug, Info, Warn, Error, Off };

/// Where log lines go: standard error while in the foreground, syslog for a daemon.
enum class LogTarget { StandardError, Syslog };
void start_log(LogTarget target, LogLevel level);

/// Writes lines "what happened key=value". One `constexpr Log log{"room"};` a source file. Threads: any.
/// error: a person must act. warn: something was lost. info: an event of the day. debug: every request and decision.
class Log {
 public:
  constexpr explicit Log(std::string_view room) : room_{room} {}

  template <class... Args>
  void error(fmt::format_string<Args...> text, Args&&... args) const {
    line(LogLevel::Error, text, std::forward<Args>(args)...);
  }
  template <class... Args>
  void warn(fmt::format_string<Args...> text, Args&&... args) const {
    line(LogLevel::Warn, text, std::forward<Args>(args)...);
  }
  template <class... Args>
  void info(fmt::format_string<Args...> text, Args&&... args) const {
    line(LogLevel::Info, text, std::forward<Args>(args)...);
  }
  template <class... Args>
  void debug(fmt::format_string<Args...> text, Args&&... args) const {
    line(LogLevel::Debug, text, std::forward<Args>(args)...);
  }

 private:
  template <class... Args>
  void line(LogLevel level, fmt::format_string<Args...> text, Args&&... args) const {
    if (enabled(level)) write(level, fmt::format(text, std::forward<Args>(args)...));
  }
  [[nodiscard]] static bool enabled(LogLevel level);
  void write(LogLevel level, std::string_view text) const;

  std::string_view room_;
};

}  // namespace icloudphotos
