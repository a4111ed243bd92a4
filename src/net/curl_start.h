// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>

#include <curl/curl.h>

namespace icloudphotos::net {

/// Makes libcurl ready, once in the program's life; to be called before anything else of it.
inline void start_curl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

}  // namespace icloudphotos::net
