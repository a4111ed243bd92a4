// SPDX-License-Identifier: MIT
#include "claims.h"

#include <algorithm>
#include <utility>

#include "icloudphotos/base/text.h"

namespace icloudphotos::tree {
namespace {

std::uint64_t hash_of(std::string_view text) { return std::hash<std::string_view>{}(text); }

std::uint64_t hash_in(std::uint32_t directory, std::uint64_t hash) {
  return hash ^ (directory + 1) * 0x9e3779b97f4a7c15ULL;
}

/// Whether `name` is what a directory that wishes to be called `wish` may be called: it, or it with a number.
bool is_wish(std::string_view name, std::string_view wish) {
  if (name == candidate(wish, 1, Naming::Directory)) return true;
  const auto open = name.rfind(" (");
  if (open == std::string_view::npos || !name.ends_with(')')) return false;
  const std::string_view digits = name.substr(open + 2, name.size() - open - 3);
  if (digits.empty() || digits.size() > 9 || digits.find_first_not_of("0123456789") != std::string_view::npos)
    return false;
  std::uint32_t number = 0;
  for (const char digit : digits) number = number * 10 + static_cast<std::uint32_t>(digit - '0');
  return number > 1 && name == candidate(wish, number, Naming::Directory);
}

}  // namespace

Claims::Directory Claims::directory(std::string_view key, Naming naming) {
  const auto [entry, added] = directory_of_.try_emplace(std::string{key}, static_cast<Directory>(directories_.size()));
  if (added) directories_.push_back({std::string{key}, naming});
  return entry->second;
}

void Claims::restore(const catalog::ClaimRow& row, Naming naming) {
  const Directory place = directory(row.directory, naming);
  const std::int64_t released_ms = row.released ? row.released->time_since_epoch().count() : kHere;
  if (const auto known = find_owner(place, row.owner)) {
    // Somebody who came back after his name had gone to another has an old row as well: the newest counts.
    Claim& other = claims_[*known];
    const auto age = [](std::int64_t released) { return released == kHere ? INT64_MAX : released; };
    if (age(other.released_ms) >= age(released_ms)) return;
    other.round = kHandedOver;
  }
  add(place, released_ms, row.owner, row.stem, row.folded);
}

std::string Claims::claim(Directory directory, std::string_view owner, TimePoint now,
                          const std::function<std::string()>& wish) {
  const Naming naming = directories_[directory].naming;
  std::string wished;
  if (const auto known = find_owner(directory, owner)) {
    Claim& mine = claims_[*known];
    if (naming == Naming::Directory) wished = wish();
    if (naming == Naming::Photo || is_wish(view(mine.name), wished)) {
      mine.round = round_;
      if (std::exchange(mine.released_ms, kHere) != kHere) write(mine);
      return std::string{view(mine.name)};
    }
    give_up(*known, now);  // renamed
  }
  if (wished.empty()) wished = wish();
  const auto start = hash_in(directory, hash_of(wished));
  const auto hint = next_number_.find(start);
  for (std::uint32_t n = hint == next_number_.end() ? 1 : hint->second;; ++n) {
    const std::string name = candidate(wished, n, naming);
    const std::string key = claim_key(name, naming);
    if (const auto taken = find_key(directory, key)) {
      if (!is_free(claims_[*taken], now)) continue;
      claims_[*taken].round = kHandedOver;
    }
    if (n > 1) next_number_[start] = n + 1;
    add(directory, kHere, owner, name, key);
    write(claims_.back());
    return name;
  }
}

void Claims::finish(TimePoint now) {
  for (Claim& claim : claims_) {
    if (claim.round == round_ || claim.round == kHandedOver || claim.released_ms != kHere) continue;
    claim.released_ms = now.time_since_epoch().count();
    write(claim);
  }
  next_number_.clear();
}

bool Claims::holds(std::string_view directory, std::string_view owner) const {
  const auto place = directory_of_.find(std::string{directory});
  return place != directory_of_.end() && find_owner(place->second, owner).has_value();
}

std::vector<catalog::ClaimRow> Claims::take_rows() { return std::exchange(rows_, {}); }

std::size_t Claims::memory_bytes() const {
  return text_.capacity() + owners_.capacity() * sizeof(Text) + claims_.capacity() * sizeof(Claim) +
         owner_texts_.memory_bytes() + by_owner_.memory_bytes() + by_key_.memory_bytes();
}

Claims::Text Claims::keep(std::string_view text) {
  const Text kept{static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(text.size())};
  text_ += text;
  return kept;
}

std::optional<std::uint32_t> Claims::find_owner(Directory directory, std::string_view owner) const {
  return by_owner_.find(hash_in(directory, hash_of(owner)), [&](std::uint32_t place) {
    const Claim& claim = claims_[place];
    return claim.directory == directory && claim.round != kHandedOver && owner_of(claim) == owner;
  });
}

std::optional<std::uint32_t> Claims::find_key(Directory directory, std::string_view key) const {
  const std::uint64_t hash = hash_of(key);
  return by_key_.find(hash_in(directory, hash), [&](std::uint32_t place) {
    const Claim& claim = claims_[place];
    return claim.directory == directory && claim.round != kHandedOver &&
           claim.key_hash == static_cast<std::uint32_t>(hash) && key_of(claim) == key;
  });
}

/// The name of an album that is gone is free at once: whoever calls a new album like that means it.
bool Claims::is_free(const Claim& claim, TimePoint now) const {
  if (claim.released_ms == kHere) return false;
  return directories_[claim.directory].naming == Naming::Directory ||
         now - TimePoint{std::chrono::milliseconds{claim.released_ms}} >= kQuarantine;
}

void Claims::add(Directory directory, std::int64_t released_ms, std::string_view owner, std::string_view name,
                 std::string_view key) {
  Claim claim;
  claim.directory = directory;
  claim.released_ms = released_ms;
  claim.round = round_;
  const std::uint64_t owner_hash = hash_of(owner);
  const auto known = owner_texts_.find(owner_hash, [&](std::uint32_t place) { return view(owners_[place]) == owner; });
  claim.owner = known.value_or(static_cast<std::uint32_t>(owners_.size()));
  if (!known) {
    owner_texts_.insert(owner_hash, claim.owner);
    owners_.push_back(keep(owner));
  }
  claim.name = keep(name);
  const std::uint64_t key_hash = hash_of(key);
  claim.key_hash = static_cast<std::uint32_t>(key_hash);
  const auto place = static_cast<std::uint32_t>(claims_.size());
  claims_.push_back(claim);
  by_owner_.insert(hash_in(directory, owner_hash), place);
  by_key_.insert(hash_in(directory, key_hash), place);
}

/// Gives a name back, as the owner gets another one.
void Claims::give_up(std::uint32_t place, TimePoint now) {
  Claim& claim = claims_[place];
  claim.released_ms = now.time_since_epoch().count();
  write(claim);
  claim.round = kHandedOver;
}

void Claims::write(const Claim& claim) {
  std::optional<TimePoint> released;
  if (claim.released_ms != kHere) released = TimePoint{std::chrono::milliseconds{claim.released_ms}};
  rows_.push_back({directories_[claim.directory].key, key_of(claim), std::string{view(claim.name)},
                   std::string{owner_of(claim)}, released});
}

std::string Claims::key_of(const Claim& claim) const {
  return claim_key(view(claim.name), directories_[claim.directory].naming);
}

}  // namespace icloudphotos::tree
