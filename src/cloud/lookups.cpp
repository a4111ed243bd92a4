// SPDX-License-Identifier: MIT
#include "cloud/lookups.h"

#include <algorithm>

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
  for (auto& flight : desk.flights) join(desk.waiting, flight);
  for (;;) {
    answered_.wait(lock, [&]() REQUIRES(mutex_) {
      return mine->answer || stop.stop_requested() || (!mine->asked_for && desk.flights.size() < kRequestsAtOnce);
    });
    if (mine->answer) return *mine->answer;
    if (stop.stop_requested()) {
      std::erase(desk.waiting, mine);
      return Error{ErrorKind::Cancelled, "asked to stop"};
    }
    // Those who came first are asked for first; we may have to stand in line again.
    const auto flight = desk.flights.emplace(desk.flights.end());
    board(desk.waiting, *flight);
    lock.unlock();
    auto soon = soon_ ? soon_(library) : std::vector<std::string>{};
    lock.lock();
    fill(desk, *flight, std::move(soon));
    join(desk.waiting, *flight);
    const auto asked = flight->names;
    lock.unlock();
    const auto answer = ask_for(library, asked, stop);
    lock.lock();
    // That we were told to stop is no answer for the others.
    const bool stopped = !answer && answer.error().kind() == ErrorKind::Cancelled;
    for (auto ticket = flight->tickets.rbegin(); ticket != flight->tickets.rend(); ++ticket) {
      if (stopped && *ticket != mine) {
        (*ticket)->asked_for = false;
        desk.waiting.push_front(*ticket);
      } else {
        (*ticket)->answer = answer;
      }
    }
    desk.flights.erase(flight);
    answered_.notify_all();
  }
}

void Lookups::board(Tickets& waiting, Flight& flight) {
  std::size_t names = 0;
  while (!waiting.empty()) {
    auto& ticket = waiting.front();
    names += ticket->names.size();
    if (!flight.tickets.empty() && names > kMaxRecords) break;
    flight.names.insert(ticket->names.begin(), ticket->names.end());
    ticket->asked_for = true;
    flight.tickets.push_back(std::move(ticket));
    waiting.pop_front();
  }
}

void Lookups::join(Tickets& waiting, Flight& flight) {
  std::erase_if(waiting, [&](const std::shared_ptr<Ticket>& ticket) {
    const auto& names = ticket->names;
    if (!std::all_of(names.begin(), names.end(), [&](const auto& name) { return flight.names.contains(name); }))
      return false;
    ticket->asked_for = true;
    flight.tickets.push_back(ticket);
    return true;
  });
}

void Lookups::fill(const Desk& desk, Flight& flight, std::vector<std::string> names) {
  for (auto& name : names) {
    if (flight.names.size() >= kMaxRecords) return;
    const auto asks = [&](const Flight& other) { return other.names.contains(name); };
    if (std::none_of(desk.flights.begin(), desk.flights.end(), asks)) flight.names.insert(std::move(name));
  }
}

Result<Lookups::Answer> Lookups::ask_for(const LibraryId& library, const std::set<std::string>& names,
                                         std::stop_token stop) {
  return std::make_shared<const std::vector<ContentUrl>>(
      TRY(ask_(library, std::vector<std::string>{names.begin(), names.end()}, std::move(stop))));
}

}  // namespace icloudphotos::cloud
