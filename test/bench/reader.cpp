// SPDX-License-Identifier: MIT
// What would measure the script instead of the file system if a script did it. Prints seconds.
//   reader stat DIR           all entries, and each one's attributes
//   reader files DIR          each file of a directory opened, read whole and closed
//   reader read FILE BYTES    one file from its beginning to its end, so many bytes a call
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

[[noreturn]] void stop(const char* what) {
  std::perror(what);
  std::exit(1);
}

std::vector<std::string> names_in(const char* directory) {
  DIR* open = ::opendir(directory);
  if (open == nullptr) stop(directory);
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(open)) {
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  }
  ::closedir(open);
  return names;
}

/// As `ls -lU` does it: each entry when it comes.
void stat_all(const char* directory) {
  DIR* open = ::opendir(directory);
  if (open == nullptr) stop(directory);
  while (const dirent* entry = ::readdir(open)) {
    struct stat attributes;
    if (::fstatat(::dirfd(open), entry->d_name, &attributes, AT_SYMLINK_NOFOLLOW) != 0) stop(entry->d_name);
  }
  ::closedir(open);
}

void read_to_end(int directory, const char* name, std::vector<char>& into) {
  const int file = ::openat(directory, name, O_RDONLY);
  if (file < 0) stop(name);
  ssize_t count = 0;
  while ((count = ::read(file, into.data(), into.size())) > 0) {
  }
  if (count < 0) stop(name);
  ::close(file);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 2 ? argv[1] : "";
  std::size_t block = std::size_t{1} << 17;
  if (argc > 3) std::from_chars(argv[3], std::string_view{argv[3]}.data() + std::string_view{argv[3]}.size(), block);
  std::vector<char> into(block);
  const int here = what == "files" ? ::open(argv[2], O_RDONLY | O_DIRECTORY) : AT_FDCWD;
  const auto names = what == "files" ? names_in(argv[2]) : std::vector<std::string>{};
  const auto start = std::chrono::steady_clock::now();
  if (what == "stat") {
    stat_all(argv[2]);
  } else if (what == "files") {
    for (const auto& name : names) read_to_end(here, name.c_str(), into);
  } else if (what == "read") {
    read_to_end(here, argv[2], into);
  } else {
    std::fputs("reader stat|files|read PATH [BYTES]\n", stderr);
    return 2;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf("%.6f %zu\n", took.count(), names.size());
}
