// SPDX-License-Identifier: MIT
#include "icloudphotos/base/log.h"

#include <memory>

#include <spdlog/logger.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/syslog_sink.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::Debug:
      return spdlog::level::debug;
    case LogLevel::Info:
      return spdlog::level::info;
    case LogLevel::Warn:
      return spdlog::level::warn;
    case LogLevel::Error:
      return spdlog::level::err;
    case LogLevel::Off:
      return spdlog::level::off;
  }
  return spdlog::level::off;
}

/// One logger for the whole program, as there is one standard error; its target may change while others log.
struct Output {
  std::shared_ptr<spdlog::sinks::dist_sink_mt> sinks = std::make_shared<spdlog::sinks::dist_sink_mt>();
  spdlog::logger logger{"icloudphotos", sinks};
  Output() { logger.set_level(spdlog::level::off); }
};

Output& output() {
  static Output only;
  return only;
}

}  // namespace

void start_log(LogTarget target, LogLevel level) {
  spdlog::sink_ptr sink;
  if (target == LogTarget::Syslog) {
    sink = std::make_shared<spdlog::sinks::syslog_sink_mt>("mount.icloudphotos", LOG_PID, LOG_USER, false);
    sink->set_pattern("%v");
  } else {
    sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
    sink->set_pattern("%H:%M:%S.%e %^%l%$ %v");
  }
  output().sinks->set_sinks({std::move(sink)});
  output().logger.set_level(to_spdlog(level));
}

bool Log::enabled(LogLevel level) { return output().logger.should_log(to_spdlog(level)); }

void Log::write(LogLevel level, std::string_view text) const {
  // Names and answers of the far side stand in some lines: none of them may speak to a terminal.
  output().logger.log(to_spdlog(level), "{}: {}", room_, printable(text));
}

}  // namespace icloudphotos
