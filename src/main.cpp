// SPDX-License-Identifier: MIT
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <unistd.h>

#include "icloudphotos/base/result.h"
#include "icloudphotos/base/text.h"
#include "icloudphotos/cli/mount_point.h"
#include "icloudphotos/cli/options.h"

#include "mount.h"

extern char** environ;

namespace {

using namespace icloudphotos;

cli::Environment environment() {
  cli::Environment all;
  for (char** line = environ; *line != nullptr; ++line) {
    const std::string_view text{*line};
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) all.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return all;
}

struct Run {
  Result<void> operator()(const cli::MountOptions& options) const { return run_mount(options); }
  Result<void> operator()(const cli::UnmountOptions& options) const { return cli::unmount(options.mount_point); }
  Result<void> operator()(const cli::Message& message) const {
    std::fputs(message.text.c_str(), stdout);
    return {};
  }
};

int exit_with(const Result<void>& result) {
  if (result) return 0;
  std::fprintf(stderr, "mount.icloudphotos: %s\n", printable(result.error().message()).c_str());
  return cli::exit_status(result.error());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto command = cli::parse(std::vector<std::string>(argv, argv + argc), environment());
    if (!command) return exit_with(command.error());
    return exit_with(std::visit(Run{}, *command));
  } catch (const std::exception& error) {  // the last fence: lack of memory, and bugs
    std::fprintf(stderr, "mount.icloudphotos: ended unexpectedly: %s\n", error.what());
    return 4;
  }
}
