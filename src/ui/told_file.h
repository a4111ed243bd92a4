// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "icloudphotos/base/result.h"

namespace icloudphotos::ui {

/// Which news was told by which ways, kept in `told.json`. A file that cannot be read counts as nothing told, one that
/// cannot be written is logged and remembered until the end.
class ToldFile {
 public:
  explicit ToldFile(const std::filesystem::path& state_dir);

  [[nodiscard]] bool has(const std::string& news, const std::string& way) const;
  void add(const std::string& news, const std::string& way);
  void forget();

 private:
  Result<void> load();
  void write() const;

  const std::filesystem::path path_;
  std::map<std::string, std::set<std::string>> ways_;  ///< By news.
};

}  // namespace icloudphotos::ui
