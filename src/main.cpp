// SPDX-License-Identifier: MIT
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "icloudphotos/base/result.h"
#include "icloudphotos/base/secret.h"
#include "icloudphotos/base/text.h"
#include "icloudphotos/cli/mount_point.h"
#include "icloudphotos/cli/options.h"

#include "commands.h"
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
  Result<void> operator()(const cli::SignInCommand& command) const { return run_sign_in(command); }
  Result<void> operator()(const cli::SignOutCommand& command) const { return run_sign_out(command); }
  Result<void> operator()(const cli::StatusCommand& command) const { return run_status(command); }
  Result<void> operator()(const cli::RefreshCommand& command) const { return run_refresh(command); }
  Result<void> operator()(const cli::DoctorCommand& command) const { return run_doctor(command); }
  Result<void> operator()(const cli::PasswordCommand& command) const { return run_password(command); }
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

/// Sessions, passwords and codes are in our memory: no core dump, and no other process of this user reads it. A code on the
/// command line is not shown to others longer than need be.
void keep_secrets(int argc, char** argv) {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
  for (int i = 1; i < argc; ++i) {
    const std::string_view word{argv[i]};
    if (word.size() == 6 && word.find_first_not_of("0123456789") == std::string_view::npos) wipe(argv[i], word.size());
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> arguments(argv, argv + argc);
    keep_secrets(argc, argv);
    ::mallopt(M_ARENA_MAX, 2);  // one for each thread would keep what a first reading needed once
    const auto command = cli::parse(arguments, environment());
    if (!command) return exit_with(command.error());
    return exit_with(std::visit(Run{}, *command));
  } catch (const std::exception& error) {  // the last fence: lack of memory, and bugs
    std::fprintf(stderr, "mount.icloudphotos: ended unexpectedly: %s\n", error.what());
    return 4;
  }
}
