// SPDX-License-Identifier: MIT
#include "quota.h"

#include "icloudphotos/base/log.h"
#include "icloudphotos/cloud/storage.h"

namespace icloudphotos {
namespace {

constexpr Log log{"mount"};
constexpr std::chrono::minutes kLookEvery{10};

}  // namespace

void Quota::look(std::stop_token stop) {
  const auto now = clock_.monotonic();
  if (looked_ && now - *looked_ < kLookEvery) return;
  looked_ = now;
  const auto storage = cloud::storage_of(gateway_, std::move(stop));
  if (!storage) return log.debug("the account's storage is not known reason={}", storage.error().message());
  files_.set_room({storage->total_bytes, storage->used_bytes});
}

}  // namespace icloudphotos
