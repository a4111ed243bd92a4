// SPDX-License-Identifier: MIT
#include "fuse/operations.h"

#include <cerrno>
#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <limits.h>

#include "icloudphotos/base/log.h"
#include "icloudphotos/fuse/filesystem.h"

#include "fuse/errno_of.h"
#include "fuse/reply.h"
#include "fuse/served.h"

namespace icloudphotos::fuse {
namespace {

constexpr Log log{"fuse"};

Served& served(fuse_req_t request) { return *static_cast<Served*>(fuse_req_userdata(request)); }

/// The fence: no exception of ours crosses libfuse's frames, and the request is answered all the same.
template <class Body>
void serve(fuse_req_t request, Body body) {
  auto& files = served(request).files;
  try {
    body(files, Reply{request});
  } catch (const std::bad_alloc&) {
    log.error("out of memory while answering a request");
  } catch (const std::exception& error) {
    log.error("a request ended unexpectedly reason={}", error.what());
  }
}

/// A Reply that a `Done` can carry, which must be copyable.
std::shared_ptr<Reply> share(Reply reply) { return std::make_shared<Reply>(std::move(reply)); }

Filesystem::CallId begin(fuse_req_t request, Filesystem& files, Reply& reply) {
  const auto call = files.begin(fuse_req_ctx(request)->pid);
  reply.interruptible(call);
  return call;
}

void on_lookup(fuse_req_t request, fuse_ino_t parent, const char* name) {
  serve(request, [&](Filesystem& files, Reply reply) {
    if (std::strlen(name) > NAME_MAX) return reply.error(ENAMETOOLONG);
    const auto call = begin(request, files, reply);
    files.lookup(Inode{parent}, name, call,
                 [reply = share(std::move(reply))](Result<Found> found) { reply->entry(found); });
  });
}

void on_getattr(fuse_req_t request, fuse_ino_t inode, fuse_file_info*) {
  serve(request, [&](Filesystem& files, Reply reply) { reply.attributes(files.attributes(Inode{inode})); });
}

// "Not implemented" makes the kernel open and re-read files without asking us again: five times as many small files a
// second. Where files may be passed through it has to ask each time.
void on_open(fuse_req_t request, fuse_ino_t inode, fuse_file_info* info) {
  serve(request, [&](Filesystem& files, Reply reply) {
    if ((info->flags & O_ACCMODE) != O_RDONLY) return reply.error(EROFS);
    auto* passthrough = served(request).passthrough.get();
    if (passthrough == nullptr) return reply.error(ENOSYS);
    const auto way = passthrough->open(Inode{inode}, [&] { return files.whole(Inode{inode}); });
    if (!way) return reply.error(ENOSYS);
    if (!reply.opened(*way)) passthrough->release(Inode{inode});
  });
}

void on_release(fuse_req_t request, fuse_ino_t inode, fuse_file_info*) {
  serve(request, [&](Filesystem&, Reply reply) {
    if (auto* passthrough = served(request).passthrough.get()) passthrough->release(Inode{inode});
    reply.done();
  });
}

void on_read(fuse_req_t request, fuse_ino_t inode, std::size_t size, off_t offset, fuse_file_info*) {
  serve(request, [&](Filesystem& files, Reply reply) {
    const auto call = begin(request, files, reply);
    const Range range{static_cast<std::uint64_t>(offset), size};
    files.read(Inode{inode}, range, call,
               [reply = share(std::move(reply))](Result<content::Slice> slice) { reply->slice(slice); });
  });
}

void on_opendir(fuse_req_t request, fuse_ino_t inode, fuse_file_info*) {
  serve(request, [&](Filesystem& files, Reply reply) {
    const auto call = begin(request, files, reply);
    files.open_directory(Inode{inode}, call, [reply = share(std::move(reply))](Result<DirectoryRef> directory) {
      reply->directory(std::move(directory));
    });
  });
}

void on_releasedir(fuse_req_t request, fuse_ino_t, fuse_file_info* info) {
  serve(request, [&](Filesystem&, Reply reply) {
    const std::unique_ptr<OpenDirectory> closed{reinterpret_cast<OpenDirectory*>(info->fh)};
    reply.done();
  });
}

/// Fills a readdir answer. A position is the place of the entry before it, which is the same in every listing of the
/// directory; `.` and `..` are the first two.
template <class Add>
void list(Reply reply, const tree::Directory& directory, std::size_t size, off_t position, Add add) {
  std::string buffer(size, '\0');
  std::size_t used = 0;
  const auto put = [&](const std::string& name, const tree::Node& node, std::uint64_t place) {
    const auto need = add(buffer.data() + used, size - used, name.c_str(), node, static_cast<off_t>(place));
    if (need > size - used) return false;
    used += need;
    return true;
  };
  const auto dot = [](Inode inode) {
    tree::Node node;
    node.inode = inode;
    node.kind = tree::NodeKind::Directory;
    return node;
  };
  bool room = true;
  if (position < 1) room = put(".", dot(directory.inode), 1);
  if (room && position < 2) room = put("..", dot(directory.parent), 2);
  for (auto entry = directory.after(static_cast<std::uint64_t>(position)); room && entry != directory.entries.end();
       ++entry) {
    room = put(entry->name, entry->node, entry->place);
  }
  if (used == 0 && !directory.complete) return reply.error(errno_of(ErrorKind::Incomplete));
  reply.bytes({buffer.data(), used});
}

const tree::Directory& opened(const fuse_file_info* info) {
  return *reinterpret_cast<const OpenDirectory*>(info->fh)->directory;
}

void on_readdir(fuse_req_t request, fuse_ino_t, std::size_t size, off_t position, fuse_file_info* info) {
  serve(request, [&](Filesystem&, Reply reply) {
    list(std::move(reply), opened(info), size, position,
         [request](char* at, std::size_t left, const char* name, const tree::Node& node, off_t next) {
           struct stat attributes {};
           attributes.st_ino = node.inode.value;
           attributes.st_mode = node.kind == tree::NodeKind::Directory ? S_IFDIR : S_IFREG;
           return fuse_add_direntry(request, at, left, name, &attributes, next);
         });
  });
}

void on_readdirplus(fuse_req_t request, fuse_ino_t, std::size_t size, off_t position, fuse_file_info* info) {
  serve(request, [&](Filesystem& files, Reply reply) {
    const auto& directory = opened(info);
    list(std::move(reply), directory, size, position,
         [&](char* at, std::size_t left, const char* name, const tree::Node& node, off_t next) {
           fuse_entry_param entry{};
           // A name that went while the directory is open is listed without attributes; looking it up tells the truth.
           if (name[0] != '.') {
             if (const auto found = files.listed(directory, name, node)) entry = entry_of(*found);
           }
           entry.attr.st_ino = node.inode.value;
           if (entry.ino == 0) entry.attr.st_mode = node.kind == tree::NodeKind::Directory ? S_IFDIR : S_IFREG;
           return fuse_add_direntry_plus(request, at, left, name, &entry, next);
         });
  });
}

void on_getxattr(fuse_req_t request, fuse_ino_t inode, const char* name, std::size_t room) {
  serve(request, [&](Filesystem& files, Reply reply) {
    if (!may_exist(name)) return reply.error(ENODATA);
    const auto attributes = files.extended_attributes(Inode{inode});
    if (!attributes) return reply.error(errno_of(attributes.error().kind()));
    reply.attribute(get_attribute(*attributes, name, room), room);
  });
}

void on_listxattr(fuse_req_t request, fuse_ino_t inode, std::size_t room) {
  serve(request, [&](Filesystem& files, Reply reply) {
    const auto attributes = files.extended_attributes(Inode{inode});
    if (!attributes) return reply.error(errno_of(attributes.error().kind()));
    reply.attribute(list_attributes(*attributes, room), room);
  });
}

void on_statfs(fuse_req_t request, fuse_ino_t) {
  serve(request, [&](Filesystem& files, Reply reply) { reply.space(files.space()); });
}

// No state hangs on an inode the kernel knows, so there is nothing to forget.
void on_forget(fuse_req_t request, fuse_ino_t, std::uint64_t) { fuse_reply_none(request); }
void on_forget_multi(fuse_req_t request, std::size_t, fuse_forget_data*) { fuse_reply_none(request); }

/// Answers EROFS to whatever would change something, whether or not the kernel knows that the mount is read-only.
template <class... Arguments>
void on_change(fuse_req_t request, Arguments...) {
  fuse_reply_err(request, EROFS);
}

void on_init(void* files, fuse_conn_info* connection);

}  // namespace

fuse_lowlevel_ops operations(bool extended_attributes) {
  fuse_lowlevel_ops ops{};
  ops.lookup = on_lookup;
  ops.getattr = on_getattr;
  ops.open = on_open;
  ops.release = on_release;
  ops.read = on_read;
  ops.opendir = on_opendir;
  ops.readdir = on_readdir;
  ops.readdirplus = on_readdirplus;
  ops.releasedir = on_releasedir;
  ops.statfs = on_statfs;
  ops.forget = on_forget;
  ops.forget_multi = on_forget_multi;

  ops.setattr = on_change;
  ops.mknod = on_change;
  ops.mkdir = on_change;
  ops.unlink = on_change;
  ops.rmdir = on_change;
  ops.symlink = on_change;
  ops.rename = on_change;
  ops.link = on_change;
  ops.write = on_change;
  ops.setxattr = on_change;
  ops.removexattr = on_change;
  ops.create = on_change;
  ops.fallocate = on_change;
  ops.copy_file_range = on_change;

  // Left to the kernel on purpose, which does the right thing without us: access (default_permissions), flush, fsync,
  // locks, lseek, ioctl (ENOTTY), bmap, poll.
  if (extended_attributes) {
    ops.getxattr = on_getxattr;
    ops.listxattr = on_listxattr;
  }
  ops.init = on_init;
  return ops;
}

namespace {

void on_init(void*, fuse_conn_info* connection) {
  const auto want = [connection](unsigned capability) {
    if (connection->capable & capability) connection->want |= capability;
  };
  // Always with attributes: tools that list a directory and stat afterwards are the slow ones otherwise.
  want(FUSE_CAP_READDIRPLUS);
  connection->want &= ~static_cast<unsigned>(FUSE_CAP_READDIRPLUS_AUTO);
  want(FUSE_CAP_EXPORT_SUPPORT);
  want(FUSE_CAP_PARALLEL_DIROPS);
  // An inode's bytes never change, so pages are only dropped when we say so.
  want(FUSE_CAP_EXPLICIT_INVAL_DATA);
  connection->want &= ~static_cast<unsigned>(FUSE_CAP_AUTO_INVAL_DATA);
  // With it a direct read waits uninterruptibly.
  connection->want &= ~static_cast<unsigned>(FUSE_CAP_ASYNC_DIO);
  // Hung read-aheads must not hold up ready ones: the kernel stops sending at this many.
  connection->max_background = 512;
  connection->congestion_threshold = 384;
  connection->max_write = 1 << 20;  // sets the largest read as well
  // Measured with Linux 6.18: a program that reads 64 KiB of a file makes the kernel ask for 96 with this, and for 128
  // with anything else, larger or smaller. Larger reads than that are asked for as they are, up to 128 KiB, and what is
  // in order is fetched far ahead without the kernel's help.
  connection->max_readahead = 96 << 10;
}

}  // namespace

}  // namespace icloudphotos::fuse
