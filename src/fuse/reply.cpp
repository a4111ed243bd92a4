// SPDX-License-Identifier: MIT
#include "fuse/reply.h"

#include <cerrno>
#include <cstdint>

#include "fuse/errno_of.h"
#include "fuse/served.h"

namespace icloudphotos::fuse {
namespace {

// The kernel answers from its caches until it is told what changed (Kernel::drop), hence as long as it likes.
constexpr double kLasting = 24 * 3600.0;
constexpr double kPassing = 0.0;

// linux/fuse.h: FOPEN_KEEP_CACHE and FOPEN_PASSTHROUGH.
constexpr std::uint32_t kKeepsPages = 1U << 1;
constexpr std::uint32_t kPassesThrough = 1U << 7;

void on_interrupt(fuse_req_t request, void* call) {
  static_cast<Served*>(fuse_req_userdata(request))->files.interrupt(reinterpret_cast<std::uintptr_t>(call));
}

double timeout(bool lasting) { return lasting ? kLasting : kPassing; }

}  // namespace

fuse_entry_param entry_of(const Found& found) {
  fuse_entry_param entry{};
  entry.ino = found.attributes.st_ino;
  entry.generation = 1;
  entry.attr = found.attributes;
  entry.attr_timeout = timeout(found.lasting);
  // A name stays, even while what it leads to is still being listed.
  entry.entry_timeout = timeout(found.name_lasts);
  return entry;
}

Reply::~Reply() {
  if (request_) error(EIO);
}

void Reply::interruptible(Filesystem::CallId call) {
  fuse_req_interrupt_func(request_, on_interrupt, reinterpret_cast<void*>(static_cast<std::uintptr_t>(call)));
}

// The results of fuse_reply_* say that the kernel did not want the answer any more, which is its right.

void Reply::error(int error_number) { fuse_reply_err(take(), error_number); }

void Reply::entry(const Result<Found>& found) {
  if (!found) return error(errno_of(found.error().kind()));
  const auto entry = entry_of(*found);
  fuse_reply_entry(take(), &entry);
}

void Reply::attributes(const Result<Found>& found) {
  if (!found) return error(errno_of(found.error().kind()));
  fuse_reply_attr(take(), &found->attributes, timeout(found->lasting));
}

void Reply::slice(const Result<content::Slice>& slice) {
  if (!slice) return error(errno_of(slice.error().kind()));
  bytes(as_text(slice->bytes));
}

void Reply::bytes(std::string_view bytes) { fuse_reply_buf(take(), bytes.data(), bytes.size()); }

void Reply::attribute(const XattrAnswer& answer, std::size_t room) {
  if (answer.error != 0) return error(answer.error);
  if (room == 0) {
    fuse_reply_xattr(take(), answer.size);
  } else {
    bytes(answer.bytes);
  }
}

void Reply::directory(Result<DirectoryRef> directory) {
  if (!directory) return error(errno_of(directory.error().kind()));
  fuse_file_info info{};
  // Entries and attributes are remembered, listings are not: one that is being read while its directory changes would be
  // kept as it was, and nothing would ever correct it.
  auto open = std::make_unique<OpenDirectory>(OpenDirectory{std::move(directory).value()});
  info.fh = reinterpret_cast<std::uintptr_t>(open.get());
  // An answer that did not arrive is never followed by releasedir.
  if (fuse_reply_open(take(), &info) == 0) (void)open.release();
}

void Reply::space(const struct statvfs& space) { fuse_reply_statfs(take(), &space); }

bool Reply::opened(Passthrough::Way way) {
  // linux/fuse.h: fuse_open_out, whose last field older libraries take for padding.
  struct {
    std::uint64_t handle = 0;
    std::uint32_t flags = 0;
    std::int32_t backing_id = 0;
  } answer;
  answer.flags = way.number > 0 ? kPassesThrough : kKeepsPages;
  answer.backing_id = way.number;
  return fuse_reply_buf(take(), reinterpret_cast<const char*>(&answer), sizeof answer) == 0;
}

}  // namespace icloudphotos::fuse
