// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/catalog/catalog.h"

#include "flat_index.h"
#include "names.h"

namespace icloudphotos::tree {

/// How long the name of a photo that left is kept for it: a backup made meanwhile must not find another photo there.
inline constexpr std::chrono::hours kQuarantine{24 * 30};

/// Who has which name in which directory: product.md 3, rules 5 and 6. The claims of one library.
///
/// A rebuild is a round: `begin`, then `claim` for everybody who is there, in order; `finish` releases the names of
/// those who are not. Whoever had a name gets it again; others get the first that is free.
class Claims {
 public:
  using Directory = std::uint32_t;

  /// The names in a directory are of one naming.
  [[nodiscard]] Directory directory(std::string_view key, Naming naming);
  /// Takes in a row of the catalog.
  void restore(const catalog::ClaimRow& row, Naming naming);

  void begin() { ++round_; }
  /// The name of `owner` in `directory`; `wish()` is what it would like to have. A photo keeps the name it has whatever
  /// it wishes, an album keeps it until it is renamed.
  [[nodiscard]] std::string claim(Directory directory, std::string_view owner, TimePoint now,
                                  const std::function<std::string()>& wish);
  void finish(TimePoint now);

  /// Whether `owner` has, or had lately, a name there.
  [[nodiscard]] bool holds(std::string_view directory, std::string_view owner) const;

  /// Rows that have to be written since the last call.
  [[nodiscard]] std::vector<catalog::ClaimRow> take_rows();

  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  /// A piece of `text_`.
  struct Text {
    std::uint32_t offset = 0;
    std::uint32_t length = 0;
  };
  struct Claim {
    std::int64_t released_ms = 0;  ///< kHere while the owner is there.
    Text name;
    std::uint32_t owner = 0;     ///< Index into `owners_`.
    std::uint32_t key_hash = 0;  ///< Of the claim key, which can be had from the name.
    Directory directory = 0;
    std::uint32_t round = 0;  ///< The last one it was claimed in; kHandedOver: it is another's now.
  };
  static constexpr std::int64_t kHere = INT64_MIN;
  static constexpr std::uint32_t kHandedOver = UINT32_MAX;

  [[nodiscard]] Text keep(std::string_view text);
  [[nodiscard]] std::string_view view(Text text) const {
    return std::string_view{text_}.substr(text.offset, text.length);
  }
  [[nodiscard]] std::string_view owner_of(const Claim& claim) const { return view(owners_[claim.owner]); }
  [[nodiscard]] std::optional<std::uint32_t> find_owner(Directory directory, std::string_view owner) const;
  [[nodiscard]] std::optional<std::uint32_t> find_key(Directory directory, std::string_view key) const;
  [[nodiscard]] bool is_free(const Claim& claim, TimePoint now) const;
  void add(Directory directory, std::int64_t released_ms, std::string_view owner, std::string_view name,
           std::string_view key);
  void give_up(std::uint32_t place, TimePoint now);
  void write(const Claim& claim);
  [[nodiscard]] std::string key_of(const Claim& claim) const;

  struct Place {
    std::string key;
    Naming naming;
  };
  std::vector<Place> directories_;
  std::unordered_map<std::string, Directory> directory_of_;
  std::string text_;  ///< All owners, once each, and all names.
  std::vector<Text> owners_;
  FlatIndex owner_texts_;
  std::vector<Claim> claims_;
  FlatIndex by_owner_;
  FlatIndex by_key_;
  std::unordered_map<std::uint64_t, std::uint32_t>
      next_number_;  ///< Of this round, so that thousands of equal names stay cheap.
  std::vector<catalog::ClaimRow> rows_;
  std::uint32_t round_ = 0;
};

}  // namespace icloudphotos::tree
