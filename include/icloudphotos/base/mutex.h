// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>

#if defined(__clang__)
#define ICLOUDPHOTOS_ANNOTATE(x) __attribute__((x))
#else
#define ICLOUDPHOTOS_ANNOTATE(x)
#endif
#define CAPABILITY(x) ICLOUDPHOTOS_ANNOTATE(capability(x))
#define SCOPED_CAPABILITY ICLOUDPHOTOS_ANNOTATE(scoped_lockable)
#define GUARDED_BY(x) ICLOUDPHOTOS_ANNOTATE(guarded_by(x))
#define REQUIRES(...) ICLOUDPHOTOS_ANNOTATE(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) ICLOUDPHOTOS_ANNOTATE(locks_excluded(__VA_ARGS__))
#define ACQUIRE(...) ICLOUDPHOTOS_ANNOTATE(acquire_capability(__VA_ARGS__))
#define RELEASE(...) ICLOUDPHOTOS_ANNOTATE(release_capability(__VA_ARGS__))

namespace icloudphotos {

/// A std::mutex that clang's thread-safety analysis can check (`GUARDED_BY`).
class CAPABILITY("mutex") Mutex {
 public:
  void lock() ACQUIRE() { mutex_.lock(); }
  void unlock() RELEASE() { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

/// Holds a Mutex for a scope. It is a BasicLockable too, for `std::condition_variable_any::wait`.
class SCOPED_CAPABILITY Lock {
 public:
  explicit Lock(Mutex& mutex) ACQUIRE(mutex) : mutex_{mutex} { mutex_.lock(); }
  ~Lock() RELEASE() {
    if (held_) mutex_.unlock();
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  void lock() ACQUIRE() {
    mutex_.lock();
    held_ = true;
  }
  void unlock() RELEASE() {
    held_ = false;
    mutex_.unlock();
  }

 private:
  Mutex& mutex_;
  bool held_ = true;
};

}  // namespace icloudphotos
