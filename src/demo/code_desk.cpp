// SPDX-License-Identifier: MIT
#include "code_desk.h"

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::demo {
namespace {

using namespace std::chrono_literals;

constexpr int kMaxSent = 5, kMaxWrong = 5;
constexpr auto kLockLife = 8h;

}  // namespace

std::string_view name_of(CodeMode mode) {
  switch (mode) {
    case CodeMode::Push:
      return "push";
    case CodeMode::Sms:
      return "sms";
    case CodeMode::Voice:
      return "voice";
  }
  return "push";
}

std::string CodeDesk::digits_unlike(std::string_view before) const {
  if (fixed_) return *fixed_;
  std::uint32_t number = 0;
  for (const std::byte byte : random_bytes(4)) number = number << 8 | std::to_integer<std::uint32_t>(byte);
  std::string code = fmt::format("{:06}", number % 1'000'000);
  if (code == before) code.front() = code.front() == '9' ? '0' : static_cast<char>(code.front() + 1);
  return code;
}

void CodeDesk::cool_down() {
  if (clock_.now() - last_event_ > kLockLife) recently_sent_ = recently_wrong_ = 0;
}

CodeDesk::Sending CodeDesk::send(CodeWish wish, const Quirks& quirks) {
  const Lock lock{mutex_};
  const TimePoint now = clock_.now();
  cool_down();
  if (recently_sent_ >= kMaxSent || recently_wrong_ >= kMaxWrong) return Sending::TooMany;
  if (!log_.empty() && now - log_.back().at < std::chrono::seconds{quirks.code_cooldown_s}) return Sending::TooSoon;
  ++recently_sent_;
  last_event_ = now;
  sent_code_ = {wish.target, digits_unlike(sent_code_.digits), now};
  settings_came_last_ = false;
  log_.push_back({std::move(wish), sent_code_.digits, now});
  return Sending::Sent;
}

std::string CodeDesk::generate() {
  const Lock lock{mutex_};
  settings_code_ = {0, digits_unlike(settings_code_.digits), clock_.now()};
  settings_came_last_ = true;
  return settings_code_.digits;
}

bool CodeDesk::is_right(Code& candidate, CodeTarget target, std::string_view code, const Quirks& quirks) {
  const bool is_it = !candidate.digits.empty() && candidate.target == target && candidate.digits == code &&
                     clock_.now() - candidate.at <= std::chrono::seconds{quirks.code_life_s};
  if (is_it) candidate.digits.clear();  // one use
  return is_it;
}

CodeDesk::Verdict CodeDesk::check(CodeTarget target, std::string_view code, const Quirks& quirks) {
  const Lock lock{mutex_};
  cool_down();
  if (recently_wrong_ >= kMaxWrong) return Verdict::Locked;
  const bool is_one = is_right(sent_code_, target, code, quirks) || is_right(settings_code_, target, code, quirks);
  if (is_one || (fixed_ && code == *fixed_)) return Verdict::Right;
  ++recently_wrong_;
  ++wrong_;
  last_event_ = clock_.now();
  return recently_wrong_ >= kMaxWrong ? Verdict::Locked : Verdict::Wrong;
}

std::string CodeDesk::shown() const {
  const Lock lock{mutex_};
  return settings_came_last_ ? settings_code_.digits : sent_code_.digits;
}

void CodeDesk::forgive() {
  const Lock lock{mutex_};
  recently_sent_ = recently_wrong_ = 0;
}

std::vector<SentCode> CodeDesk::sent() const {
  const Lock lock{mutex_};
  return log_;
}

int CodeDesk::wrong_in_all() const {
  const Lock lock{mutex_};
  return wrong_;
}

CodeState CodeDesk::state(const Quirks& quirks) const {
  const Lock lock{mutex_};
  const TimePoint now = clock_.now();
  if (now - last_event_ > kLockLife) return {};
  const bool cooling = !log_.empty() && now - log_.back().at < std::chrono::seconds{quirks.code_cooldown_s};
  return {recently_sent_ >= kMaxSent, recently_wrong_ >= kMaxWrong, cooling};
}

}  // namespace icloudphotos::demo
