// SPDX-License-Identifier: MIT
#include "icloudphotos/fuse/kernel.h"

#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/base/mutex.h"

#include "fuse/operations.h"
#include "fuse/served.h"

namespace icloudphotos::fuse {
namespace {

constexpr Log log{"fuse"};

// They never wait for anything but the kernel; more would only hand requests from one core to another.
constexpr int kServers = 4;
constexpr std::uint64_t kFromKernel = 1;
constexpr std::uint64_t kFromUs = 2;

using Session = Handle<fuse_session, fuse_session_destroy>;

void free_arguments(fuse_args* arguments) { fuse_opt_free_args(arguments); }

/// A comma ends an option, a backslash escapes.
std::string option_value(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ',' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

/// Makes an eventfd readable, for good.
void raise(const Fd& event) {
  const std::uint64_t one = 1;
  if (::write(event.get(), &one, sizeof one) < 0 && errno != EAGAIN) log.warn("cannot wake the mount");
}

class MountedKernel final : public Kernel {
 public:
  MountedKernel(std::unique_ptr<Served> served, Session session, Fd stop, Fd leave)
      : served_{std::move(served)},
        files_{served_->files},
        session_{std::move(session)},
        stop_{std::move(stop)},
        leave_{std::move(leave)} {}
  ~MountedKernel() override { end(); }

  void run(std::function<void()> ready) override;
  void stop() override;
  void drop(tree::Stale stale) override;
  void when_dropped(std::function<void()> then) override;

 private:
  void serve();
  void notify(std::stop_token stop);
  void tell(const tree::Stale& stale);
  void end();

  const std::unique_ptr<Served> served_;
  Filesystem& files_;
  Session session_;  ///< reset when unmounted
  Fd stop_;          ///< an eventfd: readable when `run` shall end
  Fd leave_;         ///< another one: readable when the servers shall end
  Mutex mutex_;      ///< what the kernel is still to be told
  std::condition_variable_any wanted_;
  std::deque<std::function<void()>> news_ GUARDED_BY(mutex_);
};

void MountedKernel::run(std::function<void()> ready) {
  // Reads must not block where several threads wait for one request.
  ::fcntl(fuse_session_fd(session_.get()), F_SETFL, O_NONBLOCK);
  std::array<std::jthread, kServers> servers;
  for (auto& server : servers) server = std::jthread{[this] { serve(); }};
  {
    std::jthread notifier{[this](std::stop_token stop) { notify(stop); }};
    ready();
    pollfd ending{stop_.get(), POLLIN, 0};
    while (::poll(&ending, 1, -1) < 0 && errno == EINTR) {
    }
    // The notifier may be waiting in the kernel until a request is answered: those that are parked are answered now, and
    // whatever else comes is served until it is done.
    files_.finish();
  }
  raise(leave_);
  for (auto& server : servers) server.join();
  end();
}

void MountedKernel::serve() {
  const Fd poll{::epoll_create1(EPOLL_CLOEXEC)};
  epoll_event from_kernel{EPOLLIN | EPOLLEXCLUSIVE, {.u64 = kFromKernel}};
  epoll_event from_us{EPOLLIN, {.u64 = kFromUs}};
  ::epoll_ctl(poll.get(), EPOLL_CTL_ADD, fuse_session_fd(session_.get()), &from_kernel);
  ::epoll_ctl(poll.get(), EPOLL_CTL_ADD, leave_.get(), &from_us);
  fuse_buf buffer{};
  while (!fuse_session_exited(session_.get())) {
    const int size = fuse_session_receive_buf(session_.get(), &buffer);
    if (size > 0) {
      fuse_session_process_buf(session_.get(), &buffer);
    } else if (size == -EAGAIN || size == -EINTR) {
      epoll_event event{};
      if (::epoll_wait(poll.get(), &event, 1, -1) == 1 && event.data.u64 == kFromUs) break;
    } else {
      if (size < 0) log.error("the kernel's requests cannot be read reason={}", system_message(-size));
      break;  // 0: unmounted
    }
  }
  stop();  // whatever ended this thread ends the others
  ::free(buffer.mem);
}

void MountedKernel::stop() { raise(stop_); }

void MountedKernel::drop(tree::Stale stale) {
  files_.note_changes(stale);
  when_dropped([this, stale = std::move(stale)] { tell(stale); });
}

void MountedKernel::when_dropped(std::function<void()> then) {
  {
    const Lock lock{mutex_};
    news_.push_back(std::move(then));
  }
  wanted_.notify_one();
}

void MountedKernel::notify(std::stop_token stop) {
  for (;;) {
    std::function<void()> next;
    {
      Lock lock{mutex_};
      if (!wanted_.wait(lock, stop, [this]() REQUIRES(mutex_) { return !news_.empty(); })) return;
      next = std::move(news_.front());
      news_.pop_front();
    }
    next();
  }
}

// -ENOENT from a notification says that the kernel did not know the name or inode: nothing to forget.
//
// Each waits while a request for that directory, or for pages of that inode, is under way. Of the requests only those
// for names an incomplete directory lacks may take long, hence `may_be_known_missing`; reads may too, hence no pages.
void MountedKernel::tell(const tree::Stale& stale) {
  auto* session = session_.get();
  // An inode's bytes never change, so its pages stay, unless they were wrong.
  const auto forget_attributes = [session](Inode inode) {
    fuse_lowlevel_notify_inval_inode(session, inode.value, -1, 0);
  };
  for (const auto& change : stale.names) {
    const auto& [directory, name, deleted, came] = change;
    if (!files_.may_be_known_missing(change)) continue;
    // Told as a deletion the inode is dead to the kernel: who watches it hears so, and a directory that somebody is in
    // has no names any more. One that only lost a name is none of that.
    if (deleted && files_.is_gone(*deleted))
      fuse_lowlevel_notify_delete(session, directory.value, deleted->value, name.c_str(), name.size());
    fuse_lowlevel_notify_inval_entry(session, directory.value, name.c_str(), name.size());
  }
  for (const auto inode : stale.inodes) forget_attributes(inode);
  const auto forget_bytes = [session](Inode inode) { fuse_lowlevel_notify_inval_inode(session, inode.value, 0, 0); };
  for (const auto inode : stale.bytes) forget_bytes(inode);
  files_.show_changes(forget_bytes);
}

void MountedKernel::end() {
  if (!session_) return;
  fuse_session_unmount(session_.get());
  session_.reset();
}

ssize_t receive(int device, void* buffer, std::size_t room, void* data) {
  const auto size = ::read(device, buffer, room);
  auto& served = *static_cast<Served*>(data);
  if (size <= 0 || served.first_exchange.state() != FirstExchange::State::Ahead) return size;
  served.first_exchange.came({static_cast<const std::byte*>(buffer), static_cast<std::size_t>(size)});
  if (served.first_exchange.state() == FirstExchange::State::NotOffered)
    served.passthrough->give_up("this kernel has none; Linux 6.9 and later do");
  return size;
}

ssize_t send(int device, iovec* parts, int count, void* data) {
  static_cast<Served*>(data)->first_exchange.goes({parts, static_cast<std::size_t>(count)});
  return ::writev(device, parts, count);
}

/// libfuse has mounted as always; it only reads and writes through us from now on.
Result<void> enable_passthrough(fuse_session* session, Served& served) {
  const int device = fuse_session_fd(session);
  served.passthrough = std::make_unique<Passthrough>(std::make_unique<KernelsBackingFiles>(device));
  fuse_custom_io io{};
  io.read = receive;
  io.writev = send;
  if (fuse_session_custom_io(session, &io, device) != 0) return Error{ErrorKind::Storage, "out of memory"};
  return {};
}

Error mount_failure(const std::filesystem::path& mount_point) {
  if (::access("/dev/fuse", F_OK) != 0) {
    return Error{
        ErrorKind::Refused,
        "there is no /dev/fuse: load the fuse kernel module (modprobe fuse), or give the container that device"};
  }
  if (::access("/dev/fuse", R_OK | W_OK) != 0) {
    return Error{ErrorKind::Usage, "you may not use /dev/fuse: run as root, or make it readable and writable for you"};
  }
  return Error{ErrorKind::Refused, fmt::format("cannot mount at {}; the line above says why", mount_point.string())};
}

}  // namespace

Result<std::unique_ptr<Kernel>> Kernel::mount(Filesystem& files, MountOptions options) {
  if (::access("/dev/fuse", R_OK | W_OK) != 0) return mount_failure(options.mount_point);

  fuse_args arguments = FUSE_ARGS_INIT(0, nullptr);
  const Handle<fuse_args, free_arguments> owned{&arguments};
  // "ro" in the kernel as well: without it some calls would fail with other errors than EROFS, or even succeed.
  const auto flags = fmt::format("ro,nosuid,nodev,default_permissions,subtype=icloudphotos,fsname={}{}{}",
                                 option_value(options.source), options.allow_other ? ",allow_other" : "",
                                 options.debug ? ",debug" : "");
  for (const std::string& argument : {std::string{"mount.icloudphotos"}, std::string{"-o"}, flags}) {
    if (fuse_opt_add_arg(&arguments, argument.c_str()) != 0) return Error{ErrorKind::Storage, "out of memory"};
  }
  std::unique_ptr<Served> served{new Served{.files = files}};
  const auto ops = operations(files.has_extended_attributes());
  Session session{fuse_session_new(&arguments, &ops, sizeof ops, served.get())};
  if (!session) return Error{ErrorKind::Usage, "the FUSE library does not take our options"};
  Fd stop{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  Fd leave{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  if (!stop || !leave) return Error{ErrorKind::Storage, fmt::format("cannot make an event: {}", system_message(errno))};
  if (fuse_session_mount(session.get(), options.mount_point.c_str()) != 0) return mount_failure(options.mount_point);
  if (options.passthrough) TRY(enable_passthrough(session.get(), *served));
  return std::unique_ptr<Kernel>{
      std::make_unique<MountedKernel>(std::move(served), std::move(session), std::move(stop), std::move(leave))};
}

}  // namespace icloudphotos::fuse
