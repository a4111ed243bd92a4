// SPDX-License-Identifier: MIT
#include "help.h"

#include <fmt/format.h>

#include "option_table.h"

namespace icloudphotos::cli {
namespace {

constexpr std::size_t kColumn = 33;

/// What an option is called and what it does, on two lines where the name is long.
std::string help_line(std::string_view left, std::string_view right) {
  if (left.size() > kColumn) return fmt::format("{}\n{:{}} {}\n", left, "", kColumn, right);
  return fmt::format("{:<{}} {}\n", left, kColumn, right);
}

}  // namespace

std::string help_text() {
  std::string text =
      "Shows an iCloud Photos library as a directory. Read-only.\n"
      "\n"
      "  mount.icloudphotos [ACCOUNT] DIR [options]     (or: icloudphotos mount …)\n"
      "  icloudphotos unmount DIR                       (or: fusermount3 -u DIR)\n"
      "  icloudphotos signin [ACCOUNT] [CODE]           sign in, also for a running mount\n"
      "  icloudphotos signout [ACCOUNT] [--keep-cache]  forget the account on this machine\n"
      "  icloudphotos status [--json] [--watch]         how account and mount stand\n"
      "  icloudphotos refresh [--wait] [--accept]       look for changes now\n"
      "  icloudphotos doctor [ACCOUNT] [--json]         which photos have no file, and why\n"
      "  icloudphotos password set|delete [ACCOUNT]     the password in the keyring\n"
      "\n"
      "The first time it asks for the Apple Account, the password and the six digits\n"
      "shown on your devices; after that it asks nothing.\n"
      "\n";
  for (const auto& row : option_table()) {
    std::string left = fmt::format("      --{}", row.name);
    if (row.name == "foreground") left = "  -f, --foreground";
    if (row.name == "debug") left = "  -d, --debug";
    if (!row.argument.empty()) left += fmt::format("={}", row.argument);
    text += help_line(left, row.help);
  }
  text += help_line("  -o OPTION,…", "the same with underscores: -o cache_size=20G");
  text += help_line("  -v, --version", "which version this is");
  text += help_line("  -h, --help", "this text");
  text +=
      "\n"
      "Each option can also stand in ~/.config/icloudphotos/config.toml\n"
      "(cache-size = \"20G\") or in the environment (ICLOUDPHOTOS_CACHE_SIZE=20G).\n"
      "The manual page mount.icloudphotos(8) says more.\n";
  return text;
}

std::string version_text() { return "mount.icloudphotos " ICLOUDPHOTOS_VERSION "\n"; }

}  // namespace icloudphotos::cli
