// SPDX-License-Identifier: MIT
#include "icloudphotos/base/result.h"

namespace icloudphotos {

std::string_view name_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::NotFound:
      return "not-found";
    case ErrorKind::Gone:
      return "gone";
    case ErrorKind::NeedsSignIn:
      return "needs-sign-in";
    case ErrorKind::Refused:
      return "refused";
    case ErrorKind::Throttled:
      return "throttled";
    case ErrorKind::Offline:
      return "offline";
    case ErrorKind::Protocol:
      return "protocol";
    case ErrorKind::Rejected:
      return "rejected";
    case ErrorKind::StaleToken:
      return "stale-token";
    case ErrorKind::Incomplete:
      return "incomplete";
    case ErrorKind::Corrupt:
      return "corrupt";
    case ErrorKind::Storage:
      return "storage";
    case ErrorKind::Usage:
      return "usage";
    case ErrorKind::Cancelled:
      return "cancelled";
  }
  return "unknown";
}

bool concerns_everything(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::NeedsSignIn:
    case ErrorKind::Refused:
    case ErrorKind::Throttled:
    case ErrorKind::Offline:
    case ErrorKind::Storage:
    case ErrorKind::Usage:
    case ErrorKind::Cancelled:
      return true;
    case ErrorKind::NotFound:
    case ErrorKind::Gone:
    case ErrorKind::Protocol:
    case ErrorKind::Rejected:
    case ErrorKind::StaleToken:
    case ErrorKind::Incomplete:
    case ErrorKind::Corrupt:
      return false;
  }
  return true;
}

}  // namespace icloudphotos
