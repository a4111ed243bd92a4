// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <utility>

#include <unistd.h>

namespace icloudphotos {

template <auto Free>
struct FreeWith {
  void operator()(auto* resource) const noexcept { Free(resource); }
};

/// A C library's resource; its type names the function that frees it.
template <class T, auto Free>
using Handle = std::unique_ptr<T, FreeWith<Free>>;

/// An open file descriptor, closed when it leaves scope. -1 is none.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_{fd} {}
  Fd(Fd&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) reset(std::exchange(other.fd_, -1));
    return *this;
  }
  ~Fd() { reset(-1); }

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] explicit operator bool() const { return fd_ >= 0; }
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }
  void reset(int fd) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }

 private:
  int fd_ = -1;
};

}  // namespace icloudphotos
