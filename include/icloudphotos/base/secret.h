// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace icloudphotos {

/// Passwords, codes, tokens, cookies, URLs with signatures: wiped when it goes, and formatting one does not compile.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_{std::move(text)} {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : text_{other.text_} { other.wipe(); }
  Secret& operator=(const Secret& other) {
    if (this != &other) {
      wipe();
      text_ = other.text_;
    }
    return *this;
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      wipe();
      text_ = other.text_;
      other.wipe();
    }
    return *this;
  }
  ~Secret() { wipe(); }

  /// The text itself, for the one place that sends it.
  [[nodiscard]] std::string_view reveal() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] bool operator==(const Secret& other) const = default;

 private:
  void wipe() noexcept;
  std::string text_;
};

/// Overwrites the bytes so that the compiler cannot leave it out.
void wipe(void* bytes, std::size_t size) noexcept;

}  // namespace icloudphotos
