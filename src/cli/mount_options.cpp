// SPDX-License-Identifier: MIT
#include "mount_options.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

#include "nearest.h"

namespace icloudphotos::cli {
namespace {

std::vector<std::string> split_list(std::string_view list) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const char c = list[i];
    if (c == '"') {
      quoted = !quoted;
    } else if (c == '\\' && i + 1 < list.size()) {
      parts.back() += list[++i];
    } else if (c == ',' && !quoted) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// Meant for mount(8), fstab or the kernel, or true of this file system anyway.
bool is_generic(std::string_view name) {
  static constexpr std::string_view kNames[] = {"defaults",
                                                "ro",
                                                "_netdev",
                                                "auto",
                                                "noauto",
                                                "fail",
                                                "nofail",
                                                "user",
                                                "nouser",
                                                "users",
                                                "nousers",
                                                "owner",
                                                "noowner",
                                                "group",
                                                "nogroup",
                                                "exec",
                                                "noexec",
                                                "suid",
                                                "nosuid",
                                                "dev",
                                                "nodev",
                                                "async",
                                                "sync",
                                                "dirsync",
                                                "atime",
                                                "noatime",
                                                "relatime",
                                                "norelatime",
                                                "strictatime",
                                                "nostrictatime",
                                                "diratime",
                                                "nodiratime",
                                                "lazytime",
                                                "nolazytime",
                                                "silent",
                                                "loud",
                                                "comment",
                                                "helper",
                                                "uhelper",
                                                "nonempty",
                                                "default_permissions"};
  return name.starts_with("x-") || name.starts_with("X-") ||
         std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

Error unknown(std::string_view name) {
  std::vector<std::string> underscored;
  for (const auto known : option_names()) {
    underscored.emplace_back(known);
    std::replace(underscored.back().begin(), underscored.back().end(), '-', '_');
  }
  const std::vector<std::string_view> candidates(underscored.begin(), underscored.end());
  return Error{ErrorKind::Usage,
               fmt::format("there is no option -o {}{}", printable(name), did_you_mean(name, candidates))};
}

}  // namespace

Result<void> read_mount_options(std::string_view list, Writer writer, Settings& settings) {
  for (const auto& part : split_list(list)) {
    const auto equals = part.find('=');
    const auto name = std::string{trim(std::string_view{part}.substr(0, equals))};
    const bool has_value = equals != std::string::npos;
    if ((name.empty() && !has_value) || is_generic(name)) continue;
    const auto key = dashed(name);
    if (name == "rw") {
      if (writer == Writer::Mount) continue;
      return Error{ErrorKind::Usage,
                   "the mount is always read-only, so that nothing can change the library; leave out -o rw"};
    }
    if (const auto why = refusal(key); !why.empty()) return Error{ErrorKind::Usage, std::string{why}};
    const auto* row = find_option(key);
    if (row == nullptr) return unknown(name);
    if (!has_value && !row->argument.empty())
      return Error{ErrorKind::Usage, fmt::format("-o {} wants a value: {}={}", name, name, row->argument)};
    settings.insert_or_assign(key, Setting{has_value ? part.substr(equals + 1) : "true", "-o " + name});
  }
  return {};
}

}  // namespace icloudphotos::cli
