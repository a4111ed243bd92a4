// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <utility>

#include "icloudphotos/base/result.h"
#include "icloudphotos/content/store.h"
#include "icloudphotos/fuse/filesystem.h"

#include "fuse/fuse_version.h"
#include "fuse/passthrough.h"
#include "fuse/xattr_answer.h"

namespace icloudphotos::fuse {

/// The one answer a request is owed. Leaving scope unanswered answers EIO.
class Reply {
 public:
  explicit Reply(fuse_req_t request) : request_{request} {}
  Reply(Reply&& other) noexcept : request_{std::exchange(other.request_, nullptr)} {}
  Reply& operator=(Reply&&) = delete;
  ~Reply();

  /// From here on the caller's signals reach `call`. Before anybody may answer.
  void interruptible(Filesystem::CallId call);

  void entry(const Result<Found>& found);       ///< For lookup.
  void attributes(const Result<Found>& found);  ///< For getattr.
  void slice(const Result<content::Slice>& slice);
  void bytes(std::string_view bytes);
  void attribute(const XattrAnswer& answer, std::size_t room);  ///< For getxattr and listxattr.
  void directory(Result<DirectoryRef> directory);
  void space(const struct statvfs& space);
  [[nodiscard]] bool opened(Passthrough::Way way);  ///< False: the kernel will never release it.
  void done() { error(0); }
  void error(int error_number);

 private:
  [[nodiscard]] fuse_req_t take() { return std::exchange(request_, nullptr); }
  fuse_req_t request_;
};

/// What an open directory keeps: its entries as they were when it was opened.
struct OpenDirectory {
  DirectoryRef directory;
};

[[nodiscard]] fuse_entry_param entry_of(const Found& found);

}  // namespace icloudphotos::fuse
