// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
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
/// together when one has come back. So a lone reader waits for nobody and a hundred cost two requests. What room a
/// request has left is filled with names that will be wanted soon; who wants one of those meanwhile waits for that
/// request.
///
/// Threads   Any; callers wait. The request runs on the thread of one of them.
class Lookups {
 public:
  using Answer = std::shared_ptr<const std::vector<ContentUrl>>;
  /// Asks for at most `kMaxRecords` names.
  using Ask = std::function<Result<std::vector<ContentUrl>>(const LibraryId&, const std::vector<std::string>& names,
                                                            std::stop_token)>;
  /// Names worth asking for on the occasion of a request. Called under no lock of ours.
  using Soon = std::function<std::vector<std::string>(const LibraryId&)>;

  explicit Lookups(Ask ask, Soon soon = {}) : ask_{std::move(ask)}, soon_{std::move(soon)} {}

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
  /// A request being made.
  struct Flight {
    Tickets tickets;
    std::set<std::string> names;
  };
  struct Desk {
    Tickets waiting;
    std::list<Flight> flights;
  };
  static constexpr std::size_t kRequestsAtOnce = 2;

  /// Puts who waits into the flight, first come first served, as far as there is room.
  static void board(Tickets& waiting, Flight& flight);
  /// Puts those who wait for nothing else than what a flight asks for into it.
  static void join(Tickets& waiting, Flight& flight);
  /// Fills the room a flight has left, without what others ask for at the moment.
  static void fill(const Desk& desk, Flight& flight, std::vector<std::string> names);
  [[nodiscard]] Result<Answer> ask_for(const LibraryId& library, const std::set<std::string>& names,
                                       std::stop_token stop);

  Ask ask_;
  Soon soon_;
  Mutex mutex_;  ///< desks, flights and tickets; never held while asking
  std::condition_variable_any answered_;
  std::map<LibraryId, Desk> desks_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::cloud
