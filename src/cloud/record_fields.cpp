// SPDX-License-Identifier: MIT
#include "cloud/record_fields.h"

#include "icloudphotos/base/text.h"

namespace icloudphotos::cloud {
namespace {

constexpr std::size_t kMaxText = std::size_t{1} << 20;
constexpr std::int64_t kUnset[] = {-62'135'596'800'000, -62'135'769'600'000};  // the year 1 in two time zones
constexpr std::int64_t kFirstMillisecond = -62'135'769'600'000;
constexpr std::int64_t kLastMillisecond = 253'402'300'799'999;  // of the year 9999

std::string utf8_or_nothing(std::string text) { return is_utf8(text) ? std::move(text) : std::string{}; }

}  // namespace

std::optional<TimePoint> time_of(JsonView value) {
  const auto milliseconds = value.integer();
  if (!milliseconds || *milliseconds < kFirstMillisecond || *milliseconds > kLastMillisecond) return std::nullopt;
  for (const auto unset : kUnset)
    if (*milliseconds == unset) return std::nullopt;
  return TimePoint{std::chrono::milliseconds{*milliseconds}};
}

bool is_true(JsonView value) {
  if (const auto number = value.integer()) return *number != 0;
  return value.boolean().value_or(false) || ascii_iequals(value.text().value_or(""), "true");
}

bool is_uuid(std::string_view name) {
  constexpr std::string_view kForm = "00000000-0000-0000-0000-000000000000";
  if (name.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool is_hex = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
    if (kForm[i] == '-' ? c != '-' : !is_hex) return false;
  }
  return true;
}

std::string canonical_id(std::string name) { return is_uuid(name) ? ascii_upper(name) : name; }

std::string RecordFields::plain(std::string_view name) const {
  const auto text = value(name).text();
  if (!text || text->size() > kMaxText) return {};
  return utf8_or_nothing(std::string{*text});
}

std::string RecordFields::text(std::string_view name) const {
  const auto value = this->value(name).text();
  if (!value || value->size() > kMaxText) return {};
  const auto type = fields_[name]["type"].text().value_or("");
  if (type == "STRING") return utf8_or_nothing(std::string{*value});
  if (auto decoded = base64_decode(*value); decoded && is_utf8(*decoded)) return *std::move(decoded);
  // Of bytes that are no text nothing is left; without a type they may have been text all the time.
  return type == "ENCRYPTED_BYTES" || type == "BYTES" ? std::string{} : utf8_or_nothing(std::string{*value});
}

std::string RecordFields::bytes(std::string_view name) const {
  const auto value = this->value(name).text();
  if (!value || value->size() > kMaxText) return {};
  return base64_decode(*value).value_or(std::string{});
}

std::string RecordFields::reference(std::string_view name) const {
  const auto target = value(name);
  return std::string{target["recordName"].text().value_or(target.text().value_or(""))};
}

}  // namespace icloudphotos::cloud
