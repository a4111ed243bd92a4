// SPDX-License-Identifier: MIT
#include "traffic.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace icloudphotos {
namespace {

/// The present second is not over yet.
constexpr std::int64_t kSecondsMeasured = 5;

std::int64_t second_of(const Clock& clock) {
  return std::chrono::floor<std::chrono::seconds>(clock.monotonic().time_since_epoch()).count();
}

}  // namespace

class CountingSink final : public net::BodySink {
 public:
  CountingSink(Traffic& traffic, net::BodySink& sink) : traffic_{traffic}, sink_{sink} {}
  bool begin(const net::ResponseHead& head) override { return sink_.begin(head); }
  bool write(std::span<const std::byte> bytes) override {
    traffic_.receive(bytes.size());
    return sink_.write(bytes);
  }

 private:
  Traffic& traffic_;
  net::BodySink& sink_;
};

Result<net::Response> Traffic::send(const net::Request& request, std::stop_token stop) {
  begin();
  auto response = http_.send(request, std::move(stop));
  if (!response) return fail(response.error()), response;
  receive(response->body.size());
  end(response->status);
  return response;
}

Result<net::ResponseHead> Traffic::send(const net::Request& request, net::BodySink& sink, std::stop_token stop) {
  begin();
  CountingSink counted{*this, sink};
  auto head = http_.send(request, counted, std::move(stop));
  head ? end(head->status) : fail(head.error());
  return head;
}

void Traffic::new_day(std::string today) {
  if (today == day_) return;
  day_ = std::move(today);
  requests_ = 0;
  bytes_ = 0;
}

void Traffic::begin() {
  auto today = day_of(clock_.now());
  const Lock lock{mutex_};
  new_day(std::move(today));
  ++under_way_;
  ++requests_;
}

void Traffic::receive(std::size_t bytes) {
  const auto number = second_of(clock_);
  const Lock lock{mutex_};
  auto& second = seconds_[static_cast<std::size_t>(number) % seconds_.size()];
  if (second.number != number) second = {number, 0};
  second.bytes += bytes;
  bytes_ += bytes;
}

void Traffic::end(int status) {
  {
    const Lock lock{mutex_};
    --under_way_;
  }
  // The rest belongs to the day's work: sessions end, addresses of bytes expire.
  if (status == 429 || status == 503) {
    troubles_.note({ErrorKind::Throttled, fmt::format("iCloud asked to be asked later (HTTP {})", status)});
  } else if (status >= 500) {
    troubles_.note({ErrorKind::Offline, fmt::format("iCloud had trouble of its own (HTTP {})", status)});
  }
}

void Traffic::fail(const Error& error) {
  {
    const Lock lock{mutex_};
    --under_way_;
  }
  troubles_.note(error);
}

void Traffic::write(JsonWriter& out) const {
  const auto now = second_of(clock_);
  const auto today = day_of(clock_.now());
  const Lock lock{mutex_};
  std::uint64_t lately = 0;
  for (const auto& second : seconds_)
    if (second.number >= now - kSecondsMeasured && second.number < now) lately += second.bytes;
  const bool any = day_ == today;
  out.object().member("under_way", under_way_).member("today", any ? requests_ : 0);
  out.member("bytes_today", any ? bytes_ : 0).member("bytes_per_second", lately / kSecondsMeasured).end();
}

}  // namespace icloudphotos
