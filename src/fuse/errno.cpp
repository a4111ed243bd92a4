// SPDX-License-Identifier: MIT
#include <cerrno>

#include "fuse/errno_of.h"

namespace icloudphotos::fuse {

int errno_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::NotFound:
      return ENOENT;
    case ErrorKind::Gone:
      return ESTALE;
    case ErrorKind::NeedsSignIn:
    case ErrorKind::Refused:
      return EKEYEXPIRED;
    case ErrorKind::Throttled:
    case ErrorKind::Offline:
      return ETIMEDOUT;  // we have waited already
    case ErrorKind::Protocol:
    case ErrorKind::Rejected:
    case ErrorKind::StaleToken:
      return EPROTO;
    case ErrorKind::Incomplete:
    case ErrorKind::Corrupt:
    case ErrorKind::Storage:
    case ErrorKind::Usage:
      return EIO;
    case ErrorKind::Cancelled:
      return EINTR;
  }
  return EIO;
}

}  // namespace icloudphotos::fuse
