// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace icloudphotos {

// Values one after the other in few bytes: numbers by seven bits, the lowest first, texts after their length.
void pack_number(std::string& out, std::uint64_t number);
/// Numbers of either sign, small ones short.
void pack_signed(std::string& out, std::int64_t number);
void pack_text(std::string& out, std::string_view text);

/// Takes values from the front. At the first that is cut short or too large it is at its end, and gives nothing more.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_{bytes} {}
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  std::optional<std::uint64_t> number();
  std::optional<std::int64_t> signed_number();
  std::optional<std::string_view> text();

 private:
  std::string_view rest_;
};

}  // namespace icloudphotos
