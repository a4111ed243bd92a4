// SPDX-License-Identifier: MIT
#include <cerrno>
#include <cstdlib>
#include <stdexcept>

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "icloudphotos/base/handle.h"

#include "temp_dir.h"
#include "view.h"

extern char** environ;

namespace icloudphotos {
namespace {

constexpr int kGlanceMs = 20;

pid_t start(std::vector<std::string> arguments) {
  std::vector<char*> raw;
  for (auto& argument : arguments) raw.push_back(argument.data());
  raw.push_back(nullptr);
  pid_t pid = 0;
  if (::posix_spawnp(&pid, raw[0], nullptr, nullptr, raw.data(), environ) != 0)
    throw std::runtime_error{"cannot start " + arguments[0]};
  return pid;
}

int status_of(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

class Mounted final : public View {
 public:
  Mounted() {
    const char* program = std::getenv("TEST_PROGRAM");
    if (!program) throw std::runtime_error{"TEST_PROGRAM must name the program"};
    // In the background: it has returned when the mount answers.
    if (status_of(start({program, "--demo", dir_.path().string()})) != 0)
      throw std::runtime_error{"the demo was not mounted"};
    // There are albums that no list has and only the change feed tells of: they come after the others.
    while (::access(real(".icloudphotos/ready").c_str(), F_OK) != 0) ::poll(nullptr, 0, kGlanceMs);
  }
  ~Mounted() override { (void)status_of(start({"fusermount3", "-u", "-z", dir_.path().string()})); }

  Answer<std::vector<std::string>> list(const std::string& path) override {
    DIR* opened = ::opendir(real(path).c_str());
    if (!opened) return {errno, {}};
    const Handle<DIR, ::closedir> directory{opened};
    Answer<std::vector<std::string>> names;
    for (;;) {
      errno = 0;
      const auto* entry = ::readdir(directory.get());
      if (!entry) {
        names.error = errno;
        return names;
      }
      const std::string name = entry->d_name;
      if (name != "." && name != "..") names.value.push_back(name);
    }
  }

  Answer<struct stat> stat(const std::string& path) override {
    Answer<struct stat> answer;
    if (::lstat(real(path).c_str(), &answer.value) != 0) answer.error = errno;
    return answer;
  }

  Answer<std::string> read(const std::string& path, std::uint64_t offset, std::size_t size) override {
    const Fd file{::open(real(path).c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file) return {errno, {}};
    std::string bytes(size, '\0');
    std::size_t got = 0;
    while (got < size) {
      const auto more = ::pread(file.get(), bytes.data() + got, size - got, static_cast<off_t>(offset + got));
      if (more < 0) return {errno, {}};
      if (more == 0) break;
      got += static_cast<std::size_t>(more);
    }
    bytes.resize(got);
    return {0, std::move(bytes)};
  }

 private:
  [[nodiscard]] std::string real(const std::string& path) const { return dir_ / path; }
  TempDir dir_;
};

}  // namespace

std::unique_ptr<View> make_view_of_mount() { return std::make_unique<Mounted>(); }

}  // namespace icloudphotos
