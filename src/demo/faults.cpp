// SPDX-License-Identifier: MIT
#include "faults.h"

#include <algorithm>
#include <array>

#include "mix.h"

namespace icloudphotos::demo {
namespace {

constexpr std::array kActions{
    std::pair{"status", Fault::Action::Status}, std::pair{"reset", Fault::Action::HangUp},
    std::pair{"hang", Fault::Action::Hang},     std::pair{"truncate", Fault::Action::Truncate},
    std::pair{"html", Fault::Action::Html},     std::pair{"corrupt", Fault::Action::Corrupt},
    std::pair{"slow", Fault::Action::Slow},     std::pair{"delay", Fault::Action::Delay}};

std::uint64_t unsigned_of(JsonView value, std::uint64_t otherwise) {
  return static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, value.integer().value_or(static_cast<std::int64_t>(otherwise))));
}

}  // namespace

Result<void> Faults::add(JsonView from) {
  Entry entry;
  entry.match = std::string{from["match"].text().value_or("")};
  entry.nth = unsigned_of(from["nth"], 0);
  entry.every = unsigned_of(from["every"], 0);
  entry.times = unsigned_of(from["times"], 0);
  entry.probability = from["probability"].number().value_or(1);
  const auto name = from["action"].text().value_or("");
  const auto* action = std::ranges::find_if(kActions, [&](const auto& each) { return name == each.first; });
  if (action == kActions.end()) return Error{ErrorKind::Usage, "unknown action of a fault: " + std::string{name}};
  entry.fault.action = action->second;
  entry.fault.status = static_cast<int>(from["status"].integer().value_or(503));
  entry.fault.body = std::string{from["body"].text().value_or("Service Temporary Unavailable")};
  entry.fault.content_type = std::string{from["content_type"].text().value_or("text/plain")};
  from["headers"].each_member([&](std::string_view header, JsonView value) {
    entry.fault.headers.add(std::string{header}, std::string{value.text().value_or("")});
  });
  entry.fault.at = unsigned_of(from["at"], 0);
  entry.fault.bytes_per_second = unsigned_of(from["bytes_per_second"], 1000);
  entry.fault.delay = std::chrono::milliseconds{unsigned_of(from["ms"], 60'000)};
  const Lock lock{mutex_};
  entries_.push_back(std::move(entry));
  return {};
}

void Faults::clear() {
  const Lock lock{mutex_};
  entries_.clear();
}

bool Faults::strikes(Entry& entry) {
  ++entry.seen;
  if (entry.times != 0 && entry.struck >= entry.times) return false;
  if (entry.nth != 0 && entry.seen != entry.nth) return false;
  if (entry.every != 0 && entry.seen % entry.every != 0) return false;
  // The same requests fail in the same run of a test.
  const double chance = static_cast<double>(mix(entry.seen) >> 11) / static_cast<double>(std::uint64_t{1} << 53);
  if (chance >= entry.probability) return false;
  ++entry.struck;
  return true;
}

std::optional<Fault> Faults::next(const std::string& operation) {
  const Lock lock{mutex_};
  std::optional<Fault> found;
  for (Entry& entry : entries_) {
    if (operation.find(entry.match) == std::string::npos) continue;
    if (strikes(entry) && !found) found = entry.fault;
  }
  return found;
}

std::vector<std::uint64_t> Faults::struck() const {
  const Lock lock{mutex_};
  std::vector<std::uint64_t> counts;
  for (const Entry& entry : entries_) counts.push_back(entry.struck);
  return counts;
}

void spoil(net::ServerResponse& response, const Fault& fault) {
  switch (fault.action) {
    case Fault::Action::Status:
      response = {};
      response.status = fault.status;
      response.headers = fault.headers;
      response.headers.set("Content-Type", fault.content_type);
      response.body = fault.body;
      return;
    case Fault::Action::HangUp:
    case Fault::Action::Hang:
      response.hang_up = true;
      return;
    case Fault::Action::Html:
      response = {};
      response.headers.add("Content-Type", "text/html");
      response.body = "<html><body>Service Temporary Unavailable</body></html>";
      return;
    case Fault::Action::Truncate:
      if (response.stream) return;
      response.stream_length = response.body.size();
      response.stream = [text = response.body.substr(0, fault.at)](const auto& write) { write(text); };
      response.body.clear();
      return;
    case Fault::Action::Corrupt:
      if (fault.at < response.body.size()) response.body[fault.at] ^= 1;
      return;
    case Fault::Action::Slow:
    case Fault::Action::Delay:
      return;
  }
}

}  // namespace icloudphotos::demo
