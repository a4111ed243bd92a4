// SPDX-License-Identifier: MIT
#include "directories.h"

#include <optional>
#include <string>

#include <pwd.h>
#include <unistd.h>

namespace icloudphotos::cli {
namespace {

enum class Holds { OnePath, Paths };

/// The (first) path of a variable; relative ones do not count (XDG base directories).
std::optional<std::filesystem::path> path_in(const Environment& environment, const std::string& name,
                                             Holds holds = Holds::OnePath) {
  const auto it = environment.find(name);
  if (it == environment.end() || !it->second.starts_with('/')) return std::nullopt;
  const auto& value = it->second;
  return std::filesystem::path{holds == Holds::Paths ? value.substr(0, value.find(':')) : value}.lexically_normal();
}

std::optional<std::filesystem::path> home_in(const Environment& environment) {
  if (auto home = path_in(environment, "HOME")) return home;
  const auto* entry = ::getpwuid(::geteuid());
  if (entry == nullptr || entry->pw_dir == nullptr || entry->pw_dir[0] != '/') return std::nullopt;
  return entry->pw_dir;
}

}  // namespace

Result<Directories> find_directories(const Environment& environment) {
  const auto home = home_in(environment);
  if (!home) return Error{ErrorKind::Usage, "no home directory is known: set HOME"};
  const auto place = [&](const char* systemd, const char* xdg, const char* below_home) {
    if (auto given = path_in(environment, systemd, Holds::Paths)) return *given;
    return path_in(environment, xdg).value_or(*home / below_home) / "icloudphotos";
  };
  const auto state = place("STATE_DIRECTORY", "XDG_STATE_HOME", ".local/state");
  auto runtime = path_in(environment, "RUNTIME_DIRECTORY", Holds::Paths);
  if (const auto session = path_in(environment, "XDG_RUNTIME_DIR"); !runtime && session)
    runtime = *session / "icloudphotos";
  const auto config = place("CONFIGURATION_DIRECTORY", "XDG_CONFIG_HOME", ".config");
  return Directories{*home,
                     state,
                     place("CACHE_DIRECTORY", "XDG_CACHE_HOME", ".cache"),
                     runtime.value_or(state / "run"),
                     {config / "config.toml", "/etc/icloudphotos.toml"}};
}

}  // namespace icloudphotos::cli
