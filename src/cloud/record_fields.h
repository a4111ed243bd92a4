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

/// Whether it says yes: as a truth, a number, or a text of either.
[[nodiscard]] bool is_true(JsonView value);

/// The one spelling of an asset's or album's name: UUIDs compare without case, and records name each other in either.
[[nodiscard]] std::string canonical_id(std::string name);
/// Whether the name could be spelled otherwise.
[[nodiscard]] bool is_uuid(std::string_view name);

/// The `fields` of a record: each is `{"value": …, "type": …}`, or anything else.
class RecordFields {
 public:
  explicit RecordFields(JsonView fields) : fields_{fields} {}

  [[nodiscard]] bool empty() const { return fields_.size() == 0; }
  [[nodiscard]] JsonView value(std::string_view name) const { return fields_[name]["value"]; }
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const { return value(name).integer(); }
  [[nodiscard]] bool has(std::string_view name) const { return fields_[name].exists(); }
  [[nodiscard]] bool flag(std::string_view name) const { return is_true(value(name)); }
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
