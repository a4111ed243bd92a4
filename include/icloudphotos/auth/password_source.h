// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "icloudphotos/auth/person.h"
#include "icloudphotos/base/handle.h"

namespace icloudphotos::auth {

/// The first line of a file (one trailing newline dropped). The file must not be readable by others. A pipe, as the
/// shell's <(COMMAND) makes one, is read once, within `patience`, and what came out remembered.
[[nodiscard]] std::unique_ptr<PasswordSource> make_password_file(
    std::filesystem::path file, std::chrono::milliseconds patience = std::chrono::seconds{30});
/// The systemd credential `icloudphotos-password`: the first line of that file in $CREDENTIALS_DIRECTORY, whose
/// permissions are systemd's business. Has none when the variable or the file is missing.
[[nodiscard]] std::unique_ptr<PasswordSource> make_password_credential();
/// The first line that comes out of `input` (a copy of standard input, say), which is read now, no further than that
/// line, and closed. A terminal, nothing, or no end within 64 KiB make it a source of errors.
[[nodiscard]] std::unique_ptr<PasswordSource> make_password_stdin(Fd input);
/// The first line of what `sh -c COMMAND` prints. It has to end with status 0, within `patience` and 64 KiB, else it is
/// killed with all it started. Its standard error goes to ours.
[[nodiscard]] std::unique_ptr<PasswordSource> make_password_command(
    std::string command, std::chrono::milliseconds patience = std::chrono::seconds{30});
/// Asks each in turn; the first that has one answers. What worked is told to all of them.
[[nodiscard]] std::unique_ptr<PasswordSource> make_password_chain(std::vector<std::unique_ptr<PasswordSource>> sources);

}  // namespace icloudphotos::auth
