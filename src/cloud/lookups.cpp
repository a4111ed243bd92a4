// SPDX-License-Identifier: MIT
#include "cloud/lookups.h"

#include <set>

#include "cloud/queries.h"

namespace icloudphotos::cloud {

Result<Lookups::Answer> Lookups::look_up(const LibraryId& library, const std::vector<std::string>& names,
                                         std::stop_token stop) {
  const auto mine = std::make_shared<Ticket>();
  mine->names = names;
  const std::stop_callback wake{stop, [this] {
                                  const Lock lock{mutex_};  // so that nobody is between looking and waiting
                                  answered_.notify_all();
                                }};
  Lock lock{mutex_};
  auto& desk = desks_[library];
  desk.waiting.push_back(mine);
  for (;;) {
    answered_.wait(lock, [&]() REQUIRES(mutex_) {
      return mine->answer || stop.stop_requested() || (!mine->asked_for && desk.busy < kRequestsAtOnce);
    });
    if (mine->answer) return *mine->answer;
    if (stop.stop_requested()) {
      std::erase(desk.waiting, mine);
      return Error{ErrorKind::Cancelled, "asked to stop"};
    }
    // Those who came first are asked for first; we may have to stand in line again.
    const auto batch = take_batch(desk.waiting);
    ++desk.busy;
    lock.unlock();
    const auto answer = ask_for(library, batch, stop);
    lock.lock();
    --desk.busy;
    // That we were told to stop is no answer for the others.
    const bool stopped = !answer && answer.error().kind() == ErrorKind::Cancelled;
    for (auto ticket = batch.rbegin(); ticket != batch.rend(); ++ticket) {
      if (stopped && *ticket != mine) {
        (*ticket)->asked_for = false;
        desk.waiting.push_front(*ticket);
      } else {
        (*ticket)->answer = answer;
      }
    }
    answered_.notify_all();
  }
}

Lookups::Tickets Lookups::take_batch(Tickets& waiting) {
  Tickets batch;
  std::size_t names = 0;
  while (!waiting.empty()) {
    names += waiting.front()->names.size();
    if (!batch.empty() && names > kMaxRecords) break;
    waiting.front()->asked_for = true;
    batch.push_back(std::move(waiting.front()));
    waiting.pop_front();
  }
  return batch;
}

Result<Lookups::Answer> Lookups::ask_for(const LibraryId& library, const Tickets& batch, std::stop_token stop) {
  std::set<std::string> names;
  for (const auto& ticket : batch) names.insert(ticket->names.begin(), ticket->names.end());
  return std::make_shared<const std::vector<ContentUrl>>(
      TRY(ask_(library, std::vector<std::string>{names.begin(), names.end()}, std::move(stop))));
}

}  // namespace icloudphotos::cloud
