// SPDX-License-Identifier: MIT
#include "help.h"

#include <fmt/format.h>

#include "option_table.h"

namespace icloudphotos::cli {

std::string help_text() {
  std::string text =
      "Shows an iCloud Photos library as a directory. Read-only.\n"
      "\n"
      "  mount.icloudphotos [ACCOUNT] DIR [options]     (or: icloudphotos mount …)\n"
      "  icloudphotos unmount DIR                       (or: fusermount3 -u DIR)\n"
      "\n"
      "The first time it asks for the Apple Account, the password and the six digits\n"
      "shown on your devices; after that it asks nothing.\n"
      "\n";
  for (const auto& row : option_table()) {
    std::string left = fmt::format("      --{}", row.name);
    if (row.name == "foreground") left = "  -f, --foreground";
    if (row.name == "debug") left = "  -d, --debug";
    if (!row.argument.empty()) left += fmt::format("={}", row.argument);
    text += fmt::format("{:<33} {}\n", left, row.help);
  }
  text +=
      "  -o OPTION,…                       the same with underscores: -o cache_size=20G\n"
      "  -v, --version                     which version this is\n"
      "  -h, --help                        this text\n"
      "\n"
      "Each option can also stand in ~/.config/icloudphotos/config.toml\n"
      "(cache-size = \"20G\") or in the environment (ICLOUDPHOTOS_CACHE_SIZE=20G).\n"
      "The manual page mount.icloudphotos(8) says more.\n";
  return text;
}

std::string version_text() { return "mount.icloudphotos " ICLOUDPHOTOS_VERSION "\n"; }

}  // namespace icloudphotos::cli
