// SPDX-License-Identifier: MIT
#include <cerrno>

#include <gtest/gtest.h>

#include "fuse/errno_of.h"

namespace icloudphotos::fuse {
namespace {

TEST(Errno, IsTheOneTheManualPromises) {
  EXPECT_EQ(errno_of(ErrorKind::NotFound), ENOENT);
  EXPECT_EQ(errno_of(ErrorKind::Gone), ESTALE);
  EXPECT_EQ(errno_of(ErrorKind::NeedsSignIn), EKEYEXPIRED);
  EXPECT_EQ(errno_of(ErrorKind::Offline), ETIMEDOUT);
  EXPECT_EQ(errno_of(ErrorKind::Throttled), ETIMEDOUT);
  EXPECT_EQ(errno_of(ErrorKind::Protocol), EPROTO);
  EXPECT_EQ(errno_of(ErrorKind::Corrupt), EIO);
  EXPECT_EQ(errno_of(ErrorKind::Incomplete), EIO);
  EXPECT_EQ(errno_of(ErrorKind::Storage), EIO);
  EXPECT_EQ(errno_of(ErrorKind::Cancelled), EINTR);
}

}  // namespace
}  // namespace icloudphotos::fuse
