// SPDX-License-Identifier: MIT
#include "shown_options.h"

#include <algorithm>

#include <unistd.h>

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

/// Listings and look-ups that may be under way beside the downloads, where one host does all.
constexpr std::size_t kOtherRequests = 16;
/// With less than this each, many downloads only make each other late.
constexpr std::uint64_t kWorthAConnection = 256 << 10;

unsigned downloads_at_once(const cli::MountOptions& options) {
  if (options.max_rate == 0) return options.connections;
  const auto useful = std::max<std::uint64_t>(options.max_rate / kWorthAConnection, 2);
  return static_cast<unsigned>(std::min<std::uint64_t>(options.connections, useful));
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

net::HttpOptions http_options(const cli::MountOptions& options) {
  net::HttpOptions http;
  http.ca_file = options.ca_file;
  http.downloads_per_host = downloads_at_once(options);
  http.connections_per_host = http.downloads_per_host + kOtherRequests;
  http.max_download_rate = options.max_rate;
  return http;
}

content::StoreOptions store_options(const cli::MountOptions& options, const Account& account) {
  content::StoreOptions cache;
  cache.directory = account.cache;
  cache.limit_bytes = options.cache_bytes;
  cache.fetch_workers = downloads_at_once(options);
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
