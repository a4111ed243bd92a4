// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/model/id.h"

#include "cloud/decode.h"

namespace icloudphotos::cloud {

/// Records looked up by name, many callers' names in one request.
///
/// Whoever comes while few requests are under way asks at once, for all who wait; the others find their names asked for
/// together when one has come back. So a lone reader waits for nobody and a hundred cost two requests.
///
/// Threads   Any; callers wait. The request runs on the thread of one of them.
class Lookups {
 public:
  using Answer = std::shared_ptr<const std::vector<ContentUrl>>;
  /// Asks for at most `kMaxRecords` names.
  using Ask = std::function<Result<std::vector<ContentUrl>>(const LibraryId&, const std::vector<std::string>& names,
                                                            std::stop_token)>;

  explicit Lookups(Ask ask) : ask_{std::move(ask)} {}

  /// All that was learnt by a request that had these names in it, perhaps among others.
  [[nodiscard]] Result<Answer> look_up(const LibraryId& library, const std::vector<std::string>& names,
                                       std::stop_token stop);

 private:
  struct Ticket {
    std::vector<std::string> names;
    bool asked_for = false;  ///< In somebody's request.
    std::optional<Result<Answer>> answer;
  };
  using Tickets = std::deque<std::shared_ptr<Ticket>>;
  struct Desk {
    Tickets waiting;
    int busy = 0;
  };
  static constexpr int kRequestsAtOnce = 2;

  [[nodiscard]] static Tickets take_batch(Tickets& waiting);
  [[nodiscard]] Result<Answer> ask_for(const LibraryId& library, const Tickets& batch, std::stop_token stop);

  Ask ask_;
  Mutex mutex_;  ///< desks and tickets; never held while asking
  std::condition_variable_any answered_;
  std::map<LibraryId, Desk> desks_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::cloud
