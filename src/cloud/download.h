// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <stop_token>
#include <string_view>

#include "icloudphotos/auth/gateway.h"
#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/cloud/photos.h"
#include "icloudphotos/net/http.h"

#include "cloud/download_urls.h"

namespace icloudphotos::cloud {

/// Whether bytes may be fetched from a URL that an answer named.
[[nodiscard]] bool is_allowed(std::string_view url, PhotosOptions::Hosts hosts);

/// What downloads need; outlives them.
struct DownloadTools {
  net::Http& http;
  auth::Gateway& gateway;
  Clock& clock;
  DownloadUrls& urls;
  PhotosOptions::Hosts hosts;
};

/// Fetches `range` of a resource, going on where a transfer was cut, with a new URL where the old one has run out.
/// Errors: as `Photos::download`.
[[nodiscard]] Result<void> download(DownloadTools& tools, const ResourceRef& resource, Range range, ByteSink& sink,
                                    std::stop_token stop);

/// How many bytes there are at a URL that no record told the size of.
[[nodiscard]] Result<std::uint64_t> size_at(DownloadTools& tools, const Secret& url, std::stop_token stop);

}  // namespace icloudphotos::cloud
