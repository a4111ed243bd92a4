// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/json.h"

namespace icloudphotos::cloud {

/// A time in milliseconds since 1970. Nothing for the values that mean "unset" and for years no calendar has.
[[nodiscard]] std::optional<TimePoint> time_of(JsonView value);

/// The `fields` of a record: each is `{"value": …, "type": …}`, or anything else.
class RecordFields {
 public:
  explicit RecordFields(JsonView fields) : fields_{fields} {}

  [[nodiscard]] bool empty() const { return fields_.size() == 0; }
  [[nodiscard]] JsonView value(std::string_view name) const { return fields_[name]["value"]; }
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const { return value(name).integer(); }
  [[nodiscard]] bool flag(std::string_view name) const { return integer(name).value_or(0) != 0; }
  [[nodiscard]] std::optional<TimePoint> time(std::string_view name) const { return time_of(value(name)); }
  /// Text that is not encoded, "" when there is none.
  [[nodiscard]] std::string plain(std::string_view name) const;
  /// Text as its type says: plain, or base64 of UTF-8. "" when there is none or it cannot be read.
  [[nodiscard]] std::string text(std::string_view name) const;
  /// What a field of bytes holds, "" when there is none.
  [[nodiscard]] std::string bytes(std::string_view name) const;
  /// The record a reference points to, "" when there is none.
  [[nodiscard]] std::string reference(std::string_view name) const;

 private:
  JsonView fields_;
};

}  // namespace icloudphotos::cloud
