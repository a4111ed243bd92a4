// SPDX-License-Identifier: MIT
#include "code_desk.h"

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::demo {
namespace {

constexpr int kMaxSent = 5, kMaxWrong = 5;

}  // namespace

void CodeDesk::make(CodeTarget target) {
  std::uint32_t number = 0;
  for (const std::byte byte : random_bytes(4)) number = number << 8 | std::to_integer<std::uint32_t>(byte);
  std::string code = fmt::format("{:06}", number % 1'000'000);
  if (code == code_) code.front() = code.front() == '9' ? '0' : static_cast<char>(code.front() + 1);
  code_ = fixed_.value_or(code);
  target_ = target;
}

bool CodeDesk::send(CodeTarget target) {
  const Lock lock{mutex_};
  if (recent_.sent >= kMaxSent) return false;
  ++recent_.sent;
  ++totals_.sent;
  make(target);
  return true;
}

std::string CodeDesk::generate() {
  const Lock lock{mutex_};
  make(0);
  return code_;
}

CodeDesk::Verdict CodeDesk::check(CodeTarget target, std::string_view code) {
  const Lock lock{mutex_};
  if (recent_.wrong >= kMaxWrong) return Verdict::Locked;
  if (fixed_ ? code == *fixed_ : (!code_.empty() && target == target_ && code == code_)) {
    code_.clear();  // one use
    return Verdict::Right;
  }
  ++recent_.wrong;
  ++totals_.wrong;
  return recent_.wrong >= kMaxWrong ? Verdict::Locked : Verdict::Wrong;
}

std::string CodeDesk::shown() const {
  const Lock lock{mutex_};
  return code_;
}

void CodeDesk::forgive() {
  const Lock lock{mutex_};
  recent_ = {};
}

CodeDesk::Counts CodeDesk::counts() const {
  const Lock lock{mutex_};
  return totals_;
}

bool CodeDesk::is_locked() const {
  const Lock lock{mutex_};
  return recent_.sent >= kMaxSent || recent_.wrong >= kMaxWrong;
}

}  // namespace icloudphotos::demo
