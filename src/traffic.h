// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/net/http.h"

#include "troubles.h"

namespace icloudphotos {

/// Passes requests on and counts them, for the status; what goes wrong with them is noted among the troubles. Threads:
/// any.
class Traffic final : public net::Http {
 public:
  Traffic(net::Http& http, Clock& clock, Troubles& troubles) : http_{http}, clock_{clock}, troubles_{troubles} {}

  [[nodiscard]] Result<net::Response> send(const net::Request& request, std::stop_token stop) override;
  [[nodiscard]] Result<net::ResponseHead> send(const net::Request& request, net::BodySink& sink,
                                               std::stop_token stop) override;

  /// {"under_way": …, "today": …, "bytes_today": …, "bytes_per_second": …}; the last is over the last few seconds.
  void write(JsonWriter& out) const;

 private:
  friend class CountingSink;
  void begin();
  void receive(std::size_t bytes);
  void end(int status);
  void fail(const Error& error);
  void new_day(std::string today) REQUIRES(mutex_);

  net::Http& http_;
  Clock& clock_;
  Troubles& troubles_;

  struct Second {
    std::int64_t number = -1;
    std::uint64_t bytes = 0;
  };
  mutable Mutex mutex_;
  std::int64_t under_way_ GUARDED_BY(mutex_) = 0;
  std::string day_ GUARDED_BY(mutex_);
  std::int64_t requests_ GUARDED_BY(mutex_) = 0;
  std::uint64_t bytes_ GUARDED_BY(mutex_) = 0;
  std::array<Second, 8> seconds_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos
