// SPDX-License-Identifier: MIT
#include "icloudphotos/base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/syslog_sink.h>
#include <spdlog/spdlog.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::Debug: return spdlog::level::debug;
    case LogLevel::Info: return spdlog::level::info;
    case LogLevel::Warn: return spdlog::level::warn;
    case LogLevel::Error: return spdlog::level::err;
    case LogLevel::Off: return spdlog::level::off;
  }
  return spdlog::level::off;
}

}  // namespace

void start_log(LogTarget target, LogLevel level) {
  std::shared_ptr<spdlog::logger> logger;
  if (target == LogTarget::Syslog) {
    logger = std::make_shared<spdlog::logger>(
        "icloudphotos", std::make_shared<spdlog::sinks::syslog_sink_mt>("mount.icloudphotos", LOG_PID, LOG_USER, false));
    logger->set_pattern("%v");
  } else {
    logger = std::make_shared<spdlog::logger>("icloudphotos", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    logger->set_pattern("%H:%M:%S.%e %^%l%$ %v");
  }
  logger->set_level(to_spdlog(level));
  logger->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(std::move(logger));
}

bool Log::enabled(LogLevel level) { return spdlog::default_logger_raw()->should_log(to_spdlog(level)); }

void Log::write(LogLevel level, std::string_view text) const {
  // Names and answers of the far side stand in some lines: none of them may speak to a terminal.
  spdlog::default_logger_raw()->log(to_spdlog(level), "{}: {}", room_, printable(text));
}

}  // namespace icloudphotos
