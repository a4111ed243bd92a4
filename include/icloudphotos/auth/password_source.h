// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "icloudphotos/auth/person.h"

namespace icloudphotos::auth {

/// The first line of a file (one trailing newline dropped). The file must not be readable by others.
[[nodiscard]] std::unique_ptr<PasswordSource> make_password_file(std::filesystem::path file);
/// The first line of what `sh -c COMMAND` prints. It has to end with status 0, within `patience` and 64 KiB, else it is
/// killed with all it started. Its standard error goes to ours.
[[nodiscard]] std::unique_ptr<PasswordSource> make_password_command(
    std::string command, std::chrono::milliseconds patience = std::chrono::seconds{30});
/// Asks each in turn; the first that has one answers.
[[nodiscard]] std::unique_ptr<PasswordSource> make_password_chain(std::vector<std::unique_ptr<PasswordSource>> sources);

}  // namespace icloudphotos::auth
