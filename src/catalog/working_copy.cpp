// SPDX-License-Identifier: MIT
#include "working_copy.h"

#include <string>
#include <system_error>

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/statvfs.h>

namespace icloudphotos::catalog {

namespace fs = std::filesystem;

Result<WorkingCopy> WorkingCopy::make(const fs::path& database) {
  std::error_code failed;
  std::string name = (fs::temp_directory_path(failed) / "icloudphotos-catalog-XXXXXX").string();
  if (failed || ::mkdtemp(name.data()) == nullptr)
    return Error{ErrorKind::Storage, "cannot make a temporary directory for a copy of the catalog"};
  WorkingCopy copy{name};
  // The index of the log is made again. A log without its database would be nothing.
  for (const auto* suffix : {"", "-wal"}) {
    const auto from = fs::path{database}.concat(suffix);
    if (!fs::exists(from, failed)) continue;
    fs::copy_file(from, fs::path{copy.database()}.concat(suffix), failed);
    if (failed) return Error{ErrorKind::Storage, fmt::format("cannot copy {}: {}", from.string(), failed.message())};
    fs::permissions(fs::path{copy.database()}.concat(suffix), fs::perms::owner_read | fs::perms::owner_write, failed);
  }
  return copy;
}

WorkingCopy::~WorkingCopy() {
  std::error_code ignored;
  if (!directory_.empty()) fs::remove_all(directory_, ignored);
}

bool is_read_only(const fs::path& directory) {
  struct statvfs status {};
  return ::statvfs(directory.c_str(), &status) == 0 && (status.f_flag & ST_RDONLY) != 0;
}

}  // namespace icloudphotos::catalog
