// SPDX-License-Identifier: MIT
#include "aside.h"

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "icloudphotos/base/files.h"

namespace icloudphotos::catalog {
namespace {

std::filesystem::path with_suffix(const std::filesystem::path& path, const char* suffix) {
  auto longer = path;
  longer += suffix;
  return longer;
}

Error failure(std::string_view doing, const std::filesystem::path& path) {
  return Error{ErrorKind::Storage, fmt::format("{} {}: {}", doing, path.string(), system_message(errno))};
}

}  // namespace

Result<Fd> lock_directory(const std::filesystem::path& directory) {
  const auto path = directory / "catalog.lock";
  Fd lock{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
  // Where nothing can be written the lock of an earlier start serves as well.
  if (!lock && errno == EROFS) lock.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!lock && errno == ENOENT) errno = EROFS;
  if (!lock) return failure("cannot open", path);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return failure("cannot lock", path);
  return Error{ErrorKind::Usage,
               fmt::format("another mount of this account is using {}; unmount it first", directory.string())};
}

Result<void> make_private_file(const std::filesystem::path& path) {
  const Fd file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600)};
  if (!file) return failure("cannot open", path);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return failure("cannot read", path);
  if (!S_ISREG(status.st_mode))
    return Error{ErrorKind::Storage, fmt::format("{} is not a regular file", path.string())};
  if ((status.st_mode & 07777) != 0600 && ::fchmod(file.get(), 0600) != 0) return failure("cannot protect", path);
  return {};
}

Result<void> set_aside(const std::filesystem::path& database) {
  const auto bad = with_suffix(database, ".bad");
  // The log first: a log without its database would be taken for that of the next one.
  for (const auto* suffix : {"-wal", "-shm", ""}) {
    const auto from = with_suffix(database, suffix);
    const auto to = with_suffix(bad, suffix);
    std::error_code failed;
    std::filesystem::remove_all(to, failed);
    if (::rename(from.c_str(), to.c_str()) != 0 && errno != ENOENT) return failure("cannot move away", from);
  }
  std::error_code ignored;
  std::filesystem::remove(with_suffix(database, ".damaged"), ignored);
  return {};
}

void mark_damaged(const std::filesystem::path& database) {
  const Fd mark{::open(with_suffix(database, ".damaged").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
}

bool marked_damaged(const std::filesystem::path& database) {
  std::error_code ignored;
  return std::filesystem::exists(with_suffix(database, ".damaged"), ignored);
}

}  // namespace icloudphotos::catalog
