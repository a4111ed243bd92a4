// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "icloudphotos/base/result.h"
#include "icloudphotos/cli/options.h"

namespace icloudphotos::cli {

/// What values may refer to.
struct Surroundings {
  std::filesystem::path home;               ///< For a leading `~/`.
  std::filesystem::path working_directory;  ///< For relative paths.
};

/// One option of the one name space. `--cache-size=20G`, `-o cache_size=20G`, `cache-size = "20G"` and
/// ICLOUDPHOTOS_CACHE_SIZE all come here.
struct OptionRow {
  std::string_view name;      ///< With dashes.
  std::string_view argument;  ///< What stands for the value in the help; empty: a switch.
  std::string_view help;
  Result<void> (*set)(MountOptions& options, std::string_view value, const Surroundings& around);
  bool is_list = false;  ///< May be given several times, each adding to the list; or at once, with commas.
};

[[nodiscard]] const std::vector<OptionRow>& option_table();
[[nodiscard]] const OptionRow* find_option(std::string_view name);
/// All names, with `separator` for the dashes.
[[nodiscard]] std::vector<std::string_view> option_names();

/// Dashes for underscores: `cache_size` and `cache-size` are one name.
[[nodiscard]] std::string dashed(std::string_view name);

/// Why an option that other programs have must not be given here; empty: nothing is known against it.
[[nodiscard]] std::string_view refusal(std::string_view name);

/// A value as it was written, and where ("-o cache_size", "/etc/icloudphotos.toml: cache-size").
struct Setting {
  std::string value;
  std::string origin;
};
using Settings = std::map<std::string, Setting, std::less<>>;  ///< By name, with dashes.

}  // namespace icloudphotos::cli
