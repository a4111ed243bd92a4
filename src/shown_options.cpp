// SPDX-License-Identifier: MIT
#include "shown_options.h"

#include <unistd.h>

#include "icloudphotos/net/http.h"

namespace icloudphotos {
namespace {

tree::TreeOptions::Versions versions_of(cli::ShownVersions versions) {
  switch (versions) {
    case cli::ShownVersions::Original:
      return tree::TreeOptions::Versions::Original;
    case cli::ShownVersions::Current:
      return tree::TreeOptions::Versions::Current;
    case cli::ShownVersions::Both:
      break;
  }
  return tree::TreeOptions::Versions::Both;
}

tree::TreeOptions::Sidecars sidecars_of(cli::Sidecars sidecars) {
  switch (sidecars) {
    case cli::Sidecars::Plain:
      return tree::TreeOptions::Sidecars::On;
    case cli::Sidecars::Tree:
      return tree::TreeOptions::Sidecars::Tree;
    case cli::Sidecars::Lightroom:
      return tree::TreeOptions::Sidecars::Lightroom;
    case cli::Sidecars::None:
      break;
  }
  return tree::TreeOptions::Sidecars::Off;
}

}  // namespace

tree::TreeOptions tree_options(const cli::MountOptions& options) {
  tree::TreeOptions shown;
  using Tree = tree::TreeOptions;
  shown.layout = options.layout;
  shown.zone = options.timezone;
  shown.naming = options.icloudpd_names ? Tree::Naming::Icloudpd : Tree::Naming::Ours;
  shown.versions = versions_of(options.versions);
  shown.live = options.live_suffix ? Tree::LiveNames::Suffix : Tree::LiveNames::Original;
  shown.unicode = options.ascii_names ? Tree::Unicode::Remove : Tree::Unicode::Keep;
  shown.hidden = options.hidden;
  shown.deleted = options.deleted;
  shown.jpeg = options.jpeg;
  shown.xmp = sidecars_of(options.xmp);
  shown.xattr = options.xattr;
  return shown;
}

content::StoreOptions store_options(const cli::MountOptions& options, const Account& account) {
  content::StoreOptions cache;
  cache.directory = account.cache;
  cache.limit_bytes = options.cache_bytes;
  cache.fetch_workers = options.connections;
  cache.read_deadline = options.read_timeout;
  return cache;
}

fuse::FilesystemOptions filesystem_options(const cli::MountOptions& options) {
  fuse::FilesystemOptions shown;
  shown.uid = options.uid.value_or(::getuid());
  shown.gid = options.gid.value_or(::getgid());
  shown.umask = options.umask;
  shown.extended_attributes = options.xattr;
  shown.incomplete_wait = options.incomplete_wait;
  return shown;
}

cloud::PhotosOptions::Hosts hosts_of(const auth::Endpoints& endpoints) {
  const auto setup = net::parse_url(endpoints.setup_url);
  return setup && setup->is_loopback() ? cloud::PhotosOptions::Hosts::OfAppleOrLoopback
                                       : cloud::PhotosOptions::Hosts::OfApple;
}

}  // namespace icloudphotos
