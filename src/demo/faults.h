// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/net/http_server.h"

namespace icloudphotos::demo {

/// What goes wrong with one answer.
struct Fault {
  enum class Action { Status, HangUp, Hang, Truncate, Html, Corrupt, Slow, Delay };
  Action action = Action::Status;
  int status = 503;                    ///< Status
  std::string body, content_type;      ///< Status
  net::Headers headers;                ///< Status
  std::uint64_t at = 0;                ///< Truncate: bytes that still come; Corrupt: the byte that is wrong
  std::uint64_t bytes_per_second = 0;  ///< Slow
  std::chrono::milliseconds delay{0};  ///< Delay, Hang
};

/// The script of faults: which answers go wrong, and how (README.md). Threads: any.
class Faults {
 public:
  /// Adds an entry. Errors: Usage.
  Result<void> add(JsonView entry);
  void clear();
  /// The fault of this request, which counts for every entry that matches.
  [[nodiscard]] std::optional<Fault> next(const std::string& operation);
  /// How often each entry struck, in the order they were added.
  [[nodiscard]] std::vector<std::uint64_t> struck() const;

 private:
  struct Entry {
    std::string match;        ///< part of the operation's name
    std::uint64_t nth = 0;    ///< 0: every matching one
    std::uint64_t every = 0;  ///< each n-th
    std::uint64_t times = 0;  ///< at most so often; 0: no limit
    double probability = 1;
    Fault fault;
    std::uint64_t seen = 0, struck = 0;
  };
  [[nodiscard]] static bool strikes(Entry& entry);
  mutable Mutex mutex_;
  std::vector<Entry> entries_ GUARDED_BY(mutex_);
};

/// Does to an answer of any host what the fault says; content is faulted by its Delivery.
void spoil(net::ServerResponse& response, const Fault& fault);

}  // namespace icloudphotos::demo
