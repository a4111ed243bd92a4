// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <variant>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/net/http_server.h"

#include "photo.h"

namespace icloudphotos::demo {

/// Makes and reads download URLs (photos.md 12.1): what they lead to is in them, and signed, so nothing is remembered.
///
/// Threads   Any.
class ContentUrls {
 public:
  ContentUrls(std::string secret, std::chrono::seconds lifetime) : secret_{std::move(secret)}, lifetime_{lifetime} {}

  [[nodiscard]] std::string make(const std::string& host, std::string_view zone, PhotoId photo, Slot slot,
                                 const Media& media, TimePoint now) const;

  struct Target {
    std::string zone;
    PhotoId photo = 0;
    Slot slot = Slot::Original;
    std::string checksum;
    std::string file_name;  ///< what the client put in the place of `${f}`
  };
  enum class Refusal { Foreign, Expired };
  [[nodiscard]] std::variant<Target, Refusal> read(const net::ServerRequest& request, TimePoint now) const;

  void set_lifetime(std::chrono::seconds lifetime) { lifetime_ = lifetime; }
  void expire_all() { ++generation_; }  ///< Every URL made so far.

 private:
  [[nodiscard]] std::string sign(std::string_view keys, std::string_view object, std::string_view expiry) const;

  const std::string secret_;
  std::atomic<std::chrono::seconds> lifetime_;
  std::atomic<int> generation_ = 0;
};

}  // namespace icloudphotos::demo
