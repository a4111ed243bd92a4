// SPDX-License-Identifier: MIT
#pragma once

#include "icloudphotos/auth/session.h"
#include "icloudphotos/cli/options.h"
#include "icloudphotos/cloud/photos.h"
#include "icloudphotos/content/store.h"
#include "icloudphotos/fuse/filesystem.h"
#include "icloudphotos/net/http.h"
#include "icloudphotos/tree/options.h"

#include "account.h"

namespace icloudphotos {

// What each room of a mount is told, of all that the mount was told.

[[nodiscard]] tree::TreeOptions tree_options(const cli::MountOptions& options);
[[nodiscard]] net::HttpOptions http_options(const cli::MountOptions& options);
[[nodiscard]] content::StoreOptions store_options(const cli::MountOptions& options, const Account& account);
[[nodiscard]] fuse::FilesystemOptions filesystem_options(const cli::MountOptions& options);
/// Whoever signs in on this machine gets the bytes from it too.
[[nodiscard]] cloud::PhotosOptions::Hosts hosts_of(const auth::Endpoints& endpoints);

}  // namespace icloudphotos
