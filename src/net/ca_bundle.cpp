// SPDX-License-Identifier: MIT
#include "ca_bundle.h"

#include <fstream>
#include <iterator>

#include <curl/curl.h>
#include <fmt/format.h>

#include "icloudphotos/base/handle.h"

namespace icloudphotos::net {
namespace {

// Not read_file(): bundles are symlinks on many systems.
std::string content_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::string system_bundle() {
  const Handle<CURL, curl_easy_cleanup> easy{curl_easy_init()};
  const char* file = nullptr;
  if (!easy || curl_easy_getinfo(easy.get(), CURLINFO_CAINFO, &file) != CURLE_OK || file == nullptr) return {};
  return content_of(file);
}

}  // namespace

Result<std::string> ca_bundle_with(const std::filesystem::path& extra) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(extra, ignored))
    return Error{ErrorKind::Usage, fmt::format("the certificate file {} does not exist or is no file", extra.string())};
  const auto added = content_of(extra);
  if (added.find("-----BEGIN CERTIFICATE-----") == std::string::npos)
    return Error{ErrorKind::Usage, fmt::format("{} holds no PEM certificate that can be read", extra.string())};
  return system_bundle() + "\n" + added;
}

}  // namespace icloudphotos::net
