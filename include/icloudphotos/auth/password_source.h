// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "icloudphotos/auth/person.h"

namespace icloudphotos::auth {

/// The first line of a file (one trailing newline dropped). The file must not be readable by others.
[[nodiscard]] std::unique_ptr<PasswordSource> make_password_file(std::filesystem::path file);
/// What `sh -c COMMAND` prints, within 30 s and 64 KiB, one trailing newline dropped; its stderr goes to ours.
[[nodiscard]] std::unique_ptr<PasswordSource> make_password_command(std::string command);
/// Asks each in turn; the first that has one answers.
[[nodiscard]] std::unique_ptr<PasswordSource> make_password_chain(std::vector<std::unique_ptr<PasswordSource>> sources);

}  // namespace icloudphotos::auth
