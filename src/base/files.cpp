// SPDX-License-Identifier: MIT
#include "icloudphotos/base/files.h"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "icloudphotos/base/handle.h"

namespace icloudphotos {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{16} << 20;

Error failure(std::string_view doing, const std::filesystem::path& path) {
  return Error{ErrorKind::Storage, fmt::format("{} {}: {}", doing, path.string(), system_message(errno))};
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const auto written = ::write(fd, content.data(), content.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

std::string system_message(int error_number) { return std::generic_category().message(error_number); }

Result<std::string> read_file(const std::filesystem::path& path) {
  const Fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  if (!file) {
    if (errno == ENOENT) return Error{ErrorKind::NotFound, fmt::format("{} does not exist", path.string())};
    return failure("cannot open", path);
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return failure("cannot read", path);
  if (!S_ISREG(status.st_mode))
    return Error{ErrorKind::Storage, fmt::format("{} is not a regular file", path.string())};
  std::string content;
  char buffer[65536];
  for (;;) {
    const auto got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure("cannot read", path);
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > kMaxFileBytes) return Error{ErrorKind::Storage, fmt::format("{} is too large", path.string())};
  }
}

Result<void> replace_file(const std::filesystem::path& path, std::string_view content) {
  auto aside = path;
  aside += ".new";
  ::unlink(aside.c_str());  // left over from a crash; O_EXCL below refuses whatever comes back in its place
  Fd file{::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (!file) return failure("cannot write", aside);
  if (!write_all(file.get(), content) || ::fsync(file.get()) != 0) {
    const auto error = failure("cannot write", aside);
    ::unlink(aside.c_str());
    return error;
  }
  if (::rename(aside.c_str(), path.c_str()) != 0) return failure("cannot replace", path);
  const Fd directory{::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!directory || ::fsync(directory.get()) != 0) return failure("cannot write", path.parent_path());
  return {};
}

Result<void> make_private_directory(const std::filesystem::path& path) {
  if (path.has_parent_path() && path.parent_path() != path) {
    struct stat parent {};
    if (::stat(path.parent_path().c_str(), &parent) != 0) TRY(make_private_directory(path.parent_path()));
  }
  if (::mkdir(path.c_str(), 0700) == 0) return {};
  if (errno != EEXIST) return failure("cannot make the directory", path);
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return failure("cannot read", path);
  if (S_ISLNK(status.st_mode) && ::stat(path.c_str(), &status) != 0) return failure("cannot read", path);
  if (!S_ISDIR(status.st_mode)) return Error{ErrorKind::Storage, fmt::format("{} is not a directory", path.string())};
  if (status.st_uid != ::geteuid() || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Error{ErrorKind::Storage,
                 fmt::format("{} belongs to somebody else or others may write to it; make it yours and chmod it 700",
                             path.string())};
  }
  return {};
}

}  // namespace icloudphotos
