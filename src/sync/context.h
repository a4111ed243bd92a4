// SPDX-License-Identifier: MIT
#pragma once

#include <stop_token>

#include "icloudphotos/sync/syncer.h"

#include "guard.h"
#include "urgent.h"

namespace icloudphotos::sync {

/// What every step of a round works with.
struct Context {
  cloud::Photos& photos;
  catalog::Catalog& catalog;
  const SyncOptions& options;
  const SyncListener& listener;
  std::stop_token stop;
  Guard& guard;
  const Urgent* urgent = nullptr;  ///< None: nobody waits for anything.
};

}  // namespace icloudphotos::sync
