// SPDX-License-Identifier: MIT
#include "icloudphotos/cli/options.h"

#include <algorithm>

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

#include "command_line.h"
#include "config_file.h"
#include "directories.h"
#include "help.h"
#include "option_table.h"

namespace icloudphotos::cli {
namespace {

Error usage(std::string sentence) { return Error{ErrorKind::Usage, std::move(sentence)}; }

std::string variable_of(std::string_view option) {
  auto name = "ICLOUDPHOTOS_" + ascii_upper(option);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

// Other variables that begin like ours belong to tests and scripts, so unknown ones are no error.
Result<Settings> read_environment(const Environment& environment) {
  if (environment.contains("ICLOUDPHOTOS_PASSWORD"))
    return usage(fmt::format("ICLOUDPHOTOS_PASSWORD: {}", refusal("password")));
  Settings settings;
  for (const auto& row : option_table()) {
    const auto variable = variable_of(row.name);
    if (const auto it = environment.find(variable); it != environment.end())
      settings.emplace(row.name, Setting{it->second, variable});
  }
  return settings;
}

/// ACCOUNT, as fstab and people write it. `none` and our own name stand for "the one there is".
Result<std::string> read_account(std::string_view text) {
  text = trim(text);
  if (text == "none" || text == "icloudphotos") return std::string{};
  const auto colon = text.find(':');
  const auto account = text.substr(0, colon);
  if (colon != std::string_view::npos && text.substr(colon + 1).find_first_not_of('/') != std::string_view::npos) {
    return usage(
        fmt::format("a part of a library (\"{}\") cannot be mounted; mount all of {} and use the directory in it",
                    printable(text.substr(colon + 1)), printable(account)));
  }
  const bool is_phone = !account.empty() && account.find_first_not_of("+0123456789 -()") == std::string_view::npos;
  if ((account.find('@') == std::string_view::npos && !is_phone) || account.find('/') != std::string_view::npos)
    return usage(
        fmt::format("\"{}\" is no Apple Account: that is an e-mail address or a phone number", printable(account)));
  return std::string{account};
}

Result<std::filesystem::path> read_mount_point(const std::string& text, const Surroundings& around) {
  if (text.empty()) return usage("the mount point must not be empty");
  auto path = (around.working_directory / text).lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

Result<void> read_operands(const std::vector<std::string>& operands, const Surroundings& around,
                           MountOptions& options) {
  if (operands.empty())
    return usage("say where to mount, for example: mount.icloudphotos ~/Photos (--help lists the options)");
  if (operands.size() > 2) {
    return usage(
        fmt::format("one account and one mount point are enough; \"{}\" is one too many", printable(operands[2])));
  }
  if (operands.size() == 2) options.account = operands[0];
  options.account = options.account.empty() ? options.account : TRY(read_account(options.account));
  options.mount_point = TRY(read_mount_point(operands.back(), around));
  return {};
}

// The kernel would come back to us for our own files, and wait for ever.
Result<void> check_apart(const MountOptions& options) {
  for (const auto* ours : {&options.state_home, &options.cache_home}) {
    const auto differ =
        std::mismatch(options.mount_point.begin(), options.mount_point.end(), ours->begin(), ours->end());
    if (differ.first == options.mount_point.end())
      return usage(fmt::format("our own files ({}) must not lie inside the mount point", ours->string()));
  }
  return {};
}

/// [ACCOUNT] [CODE], the code only where there can be one: six digits are no account.
Result<void> read_account_operands(const CommandLine& line, MountOptions& options, std::string& code) {
  for (const auto& operand : line.operands) {
    const bool is_short_number = operand.size() < 8 && operand.find_first_not_of("0123456789") == std::string::npos;
    if (is_short_number && code.empty() && line.what == CommandLine::What::SignIn) {
      if (operand.size() != 6) return usage("a code has six digits");
      code = operand;
    } else if (&operand == &line.operands.front()) {
      options.account = operand;
    } else {
      return usage(fmt::format("\"{}\" is one word too many", printable(operand)));
    }
  }
  options.account = options.account.empty() ? options.account : TRY(read_account(options.account));
  return {};
}

Result<void> take(const Settings& settings, const Surroundings& around, MountOptions& options) {
  const auto set = [&](const auto& named) -> Result<void> {
    if (auto taken = find_option(named.first)->set(options, named.second.value, around); !taken)
      return std::move(taken).error().within(named.second.origin);
    return {};
  };
  // A layout can stand for other options too, but what is said of those themselves counts more.
  const auto layout = settings.find("layout");
  if (layout != settings.end()) TRY(set(*layout));
  for (auto it = settings.begin(); it != settings.end(); ++it)
    if (it != layout) TRY(set(*it));
  if (options.icloudpd_names || (!options.live_suffix && !options.ascii_names)) return {};
  return usage(fmt::format("{} is about icloudpd's names: it needs layout=icloudpd",
                           options.live_suffix ? "live=suffix" : "unicode=remove"));
}

/// All but the operands.
Result<MountOptions> resolve(const CommandLine& line, const Surroundings& around, const Directories& directories,
                             const Environment& environment) {
  auto settings = line.long_options;
  settings.insert(line.mount_options.begin(), line.mount_options.end());
  settings.merge(TRY(read_environment(environment)));
  settings.merge(TRY(read_config_files(directories.config_files)));

  MountOptions options;
  options.state_home = directories.state;
  options.cache_home = directories.cache;
  options.runtime_home = directories.runtime;
  TRY(take(settings, around, options));
  const bool by_mail = options.smtp_host || !options.notification_email.empty() || !options.smtp_username.empty();
  if (by_mail && !options.smtp_host) return usage("say who takes the mail: --smtp-host");
  if (by_mail && options.notification_email.empty()) options.notification_email = options.smtp_username;
  if (by_mail && options.notification_email.find('@') == std::string::npos)
    return usage("say who gets the mail: --notification-email");
  return options;
}

Result<Command> account_command(const CommandLine& line, MountOptions options) {
  std::string code;
  TRY(read_account_operands(line, options, code));
  switch (line.what) {
    case CommandLine::What::SignIn:
      return Command{SignInCommand{std::move(options), Secret{std::move(code)}}};
    case CommandLine::What::SignOut:
      return Command{SignOutCommand{std::move(options), line.keep_cache}};
    case CommandLine::What::Status:
      return Command{StatusCommand{std::move(options), line.json, line.watch}};
    case CommandLine::What::Refresh:
      return Command{RefreshCommand{std::move(options), line.wait, line.accept}};
    case CommandLine::What::Doctor:
      return Command{DoctorCommand{std::move(options), line.json}};
    case CommandLine::What::SetPassword:
      return Command{PasswordCommand{std::move(options), PasswordCommand::What::Set}};
    default:
      return Command{PasswordCommand{std::move(options), PasswordCommand::What::Delete}};
  }
}

}  // namespace

Result<Command> parse(const std::vector<std::string>& arguments, const Environment& environment) {
  const auto line = TRY(read_command_line(arguments));
  switch (line.what) {
    case CommandLine::What::Help:
      return Command{Message{help_text()}};
    case CommandLine::What::Version:
      return Command{Message{version_text()}};
    case CommandLine::What::Unmount: {
      if (line.operands.size() != 1) return usage("say what to unmount, for example: icloudphotos unmount ~/Photos");
      std::error_code ignored;
      const Surroundings around{{}, std::filesystem::current_path(ignored)};
      return Command{UnmountOptions{TRY(read_mount_point(line.operands.front(), around))}};
    }
    default:
      break;
  }
  const auto directories = TRY(find_directories(environment));
  std::error_code error;
  const Surroundings around{directories.home, std::filesystem::current_path(error)};
  if (error) return usage("the current directory is gone; change to another one");
  auto options = TRY(resolve(line, around, directories, environment));
  if (line.what != CommandLine::What::Mount) return account_command(line, std::move(options));
  TRY(read_operands(line.operands, around, options));
  TRY(check_apart(options));
  if (line.pretend) return Command{Message{}};
  return Command{std::move(options)};
}

int exit_status(const Error& error) {
  switch (error.kind()) {
    case ErrorKind::Usage:
      return 1;
    case ErrorKind::Cancelled:
      return 8;
    case ErrorKind::NotFound:
    case ErrorKind::Gone:
    case ErrorKind::NeedsSignIn:
    case ErrorKind::Refused:
    case ErrorKind::Throttled:
    case ErrorKind::Offline:
    case ErrorKind::Protocol:
    case ErrorKind::Incomplete:
    case ErrorKind::Rejected:
    case ErrorKind::StaleToken:
    case ErrorKind::Corrupt:
    case ErrorKind::Storage:
      return 32;
  }
  return 32;
}

}  // namespace icloudphotos::cli
