// SPDX-License-Identifier: MIT
#include "icloudphotos/cli/mount_point.h"

#include <cerrno>
#include <climits>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/text.h"

#include "mount_table.h"

extern char** environ;

namespace icloudphotos::cli {
namespace {

using Path = std::filesystem::path;

constexpr std::string_view kOurType = "fuse.icloudphotos";

enum class Detach { WhenUnused, AtOnce };

Error usage(std::string sentence) { return Error{ErrorKind::Usage, std::move(sentence)}; }
/// What mount(8) calls a mount failure: the call was right, the place is not.
Error no_mount(std::string sentence) { return Error{ErrorKind::Refused, std::move(sentence)}; }

// Not std::filesystem's, which asks for the size of the link first, and so whatever is mounted there.
std::optional<Path> link_at(const Path& path) {
  char target[PATH_MAX];
  const auto length = ::readlink(path.c_str(), target, sizeof target);
  if (length < 0) return std::nullopt;
  return Path{std::string{target, static_cast<std::size_t>(length)}};
}

/// The path without symlinks, asking nothing of what is mounted at it: it may be dead or stuck.
Path resolved(Path directory) {
  for (int links = 0; links < 40; ++links) {
    if (!directory.has_filename()) directory = directory.parent_path();
    std::error_code error;
    const auto parent = std::filesystem::canonical(directory.parent_path(), error);
    if (error) break;
    const auto place = parent / directory.filename();
    const auto target = link_at(place);
    if (!target) return place;
    directory = parent / *target;
  }
  return directory;
}

std::optional<std::string> type_at(const Path& directory) {
  std::ifstream in{"/proc/self/mountinfo"};
  const std::string table{std::istreambuf_iterator<char>{in}, {}};
  return type_mounted_at(table, directory.string());
}

std::optional<std::string> find_program(std::string_view name) {
  const char* path = ::getenv("PATH");
  const auto folders = std::string{"/usr/bin:/bin:"} + (path != nullptr ? path : "");
  for (const auto folder : split(folders, ':')) {
    const auto file = std::string{folder} + "/" + std::string{name};
    if (folder.starts_with('/') && ::access(file.c_str(), X_OK) == 0) return file;
  }
  return std::nullopt;
}

bool run_silently(std::vector<std::string> words) {
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed = ::posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return false;
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

Result<void> unmount_ours(const Path& directory, Detach detach) {
  const bool lazy = detach == Detach::AtOnce;
  if (::geteuid() == 0) {
    if (::umount2(directory.c_str(), UMOUNT_NOFOLLOW | (lazy ? MNT_DETACH : 0)) == 0) return {};
    if (errno != EBUSY)
      return usage(fmt::format("{} cannot be unmounted: {}", directory.string(), system_message(errno)));
  } else {
    const auto program = find_program("fusermount3");
    if (!program) return usage("fusermount3 is missing: install the package fuse3");
    if (run_silently({*program, lazy ? "-uz" : "-u", "--", directory.string()})) return {};
  }
  return usage(
      fmt::format("{} is in use: close what is open there and leave it, then unmount again", directory.string()));
}

/// Whether nobody serves the mount any more. Asked by a process of its own, because one that is served but stuck would
/// keep us waiting; who has no answer after a second is alive.
bool is_dead(const Path& directory) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return false;
  const Fd answer{ends[0]};
  Fd question{ends[1]};
  const pid_t asker = ::fork();
  if (asker < 0) return false;
  if (asker == 0) {
    struct statvfs space {};  // never answered from the kernel's memory, as `stat` may be for hours
    // A daemon may die just while it is asked.
    const bool failed = ::statvfs(directory.c_str(), &space) != 0;
    const char dead = failed && (errno == ENOTCONN || errno == ECONNABORTED) ? 1 : 0;
    ::_exit(::write(question.get(), &dead, 1) == 1 ? 0 : 1);
  }
  question.reset(-1);
  pollfd answered{answer.get(), POLLIN, 0};
  char dead = 0;
  const bool known = ::poll(&answered, 1, 1'000) == 1 && ::read(answer.get(), &dead, 1) == 1;
  ::kill(asker, SIGKILL);
  ::waitpid(asker, nullptr, known ? 0 : WNOHANG);
  return dead == 1;
}

Result<void> check_nothing_mounted(const Path& directory) {
  const auto type = type_at(directory);
  if (!type) return {};
  if (*type != kOurType)
    return no_mount(fmt::format("{} is in use: a file system of type {} is mounted there", directory.string(), *type));
  if (!is_dead(directory)) {
    return no_mount(fmt::format("{} is mounted already; fusermount3 -u {} ends that mount", directory.string(),
                                directory.string()));
  }
  TRY(unmount_ours(directory, Detach::AtOnce));
  return check_nothing_mounted(directory);  // they may be stacked
}

Result<void> check_directory(const Path& directory) {
  struct stat status {};
  if (::stat(directory.c_str(), &status) != 0) {
    if (errno == ENOENT)
      return no_mount(
          fmt::format("{} does not exist; make it with: mkdir -p {}", directory.string(), directory.string()));
    return no_mount(fmt::format("{} cannot be used: {}", directory.string(), system_message(errno)));
  }
  if (!S_ISDIR(status.st_mode)) return no_mount(fmt::format("{} is not a directory", directory.string()));
  if (::geteuid() != 0 && ::access(directory.c_str(), W_OK) != 0)
    return usage(fmt::format("{} is not yours to mount on; choose a directory you may write to", directory.string()));
  return {};
}

Result<void> check_fuse() {
  const Fd device{::open("/dev/fuse", O_RDWR | O_CLOEXEC)};
  if (!device) {
    if (errno == EACCES || errno == EPERM)
      return usage("you may not use /dev/fuse; ask the administrator to let you (in a container: --device /dev/fuse)");
    return no_mount(
        "/dev/fuse is missing; load the kernel module with: modprobe fuse (in a container: --device /dev/fuse)");
  }
  if (::geteuid() != 0 && !find_program("fusermount3"))
    return no_mount("fusermount3 is missing, and only root can mount without it: install the package fuse3");
  return {};
}

Result<void> check_audience(Audience audience) {
  if (audience == Audience::Owner || ::geteuid() == 0) return {};
  std::ifstream in{"/etc/fuse.conf"};
  for (std::string line; std::getline(in, line);)
    if (trim(line) == "user_allow_other") return {};
  return usage("allow_other needs the line \"user_allow_other\" in /etc/fuse.conf; ask the administrator for it");
}

}  // namespace

Result<void> check_mount_point(const Path& directory, Audience audience) {
  const auto place = resolved(directory);
  TRY(check_nothing_mounted(place));
  TRY(check_directory(place));
  TRY(check_fuse());
  return check_audience(audience);
}

Result<void> unmount(const Path& directory) {
  const auto place = resolved(directory);
  const auto type = type_at(place);
  if (!type || *type != kOurType) return usage(fmt::format("no library is mounted on {}", directory.string()));
  return unmount_ours(place, Detach::WhenUnused);
}

}  // namespace icloudphotos::cli
