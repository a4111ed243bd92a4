// SPDX-License-Identifier: MIT
// The text as an -o list, as a configuration file, and its lines as a command line.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "icloudphotos/base/text.h"

#include "../../src/cli/command_line.h"
#include "../../src/cli/config_file.h"
#include "../../src/cli/mount_options.h"

using namespace icloudphotos;
using namespace icloudphotos::cli;

namespace {

void check(const Settings& settings) {
  const Surroundings around{"/home/ann", "/tmp"};
  for (const auto& [name, setting] : settings) {
    const auto* row = find_option(name);
    if (row == nullptr || setting.origin.empty()) std::abort();
    MountOptions options;
    if (!row->set(options, setting.value, around)) continue;
    if (options.umask > 0777 || options.connections < 1 || options.connections > 32 || options.layout.empty())
      std::abort();
    if (options.timezone.empty() || (options.icloudpd_names && options.layout != "%Y/%m/%d")) std::abort();
    for (const auto* path : {&options.password_file, &options.ca_file})
      if (*path && !(*path)->is_absolute()) std::abort();
    if (options.poll < std::chrono::seconds{60} || options.read_timeout > std::chrono::minutes{1}) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  Settings settings;
  if (read_mount_options(text, Writer::Mount, settings)) check(settings);
  if (const auto config = read_config(text, "config.toml")) check(*config);

  std::vector<std::string> arguments;
  for (const auto line : split(text, '\n'))
    if (arguments.size() < 64) arguments.emplace_back(line.substr(0, line.find('\0')));
  if (const auto line = read_command_line(arguments)) {
    check(line->long_options);
    check(line->mount_options);
  }
  return 0;
}
