// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "icloudphotos/catalog/catalog.h"

#include "losses.h"

namespace icloudphotos::sync {

/// What the pages of one run of changes would take away. It waits for the last page, so that it can be judged as a
/// whole, while what the pages bring is written as it comes.
class Withheld {
 public:
  /// What tells of photos that left albums. A reading of a whole feed can do without: what such a feed does not bring
  /// is dropped at its end.
  enum class Relations { Wait, Drop };
  explicit Withheld(Relations relations = Relations::Wait) : relations_{relations} {}

  /// Takes out of a page what would take photos away, and keeps it. What the page brings back waits no longer.
  /// Errors: Storage.
  [[nodiscard]] Result<void> take_from(const catalog::Catalog& catalog, Delta& page);
  [[nodiscard]] bool empty() const { return gone_.empty() && left_.empty() && leaving_.empty(); }
  /// Adds the photos that would go with it.
  [[nodiscard]] Result<void> add_to(Losses& losses, const catalog::Catalog& catalog, const LibraryId& library) const;
  /// All of it, to be written.
  [[nodiscard]] Delta as_delta(const LibraryId& library, const std::optional<SyncToken>& next) const;

 private:
  void take_relations(Delta& page);
  [[nodiscard]] Result<void> take_gone(const catalog::Catalog& catalog, Delta& page);
  [[nodiscard]] Result<void> take_leaving(const catalog::Catalog& catalog, Delta& page);
  void forget_what_returns(const Delta& page);

  Relations relations_;
  std::map<std::string, std::vector<std::string>> gone_;  ///< Names of tombstones, by themselves in upper case.
  std::map<std::string, Membership> left_;                ///< By the relation's name in upper case.
  std::map<AssetId, Asset> leaving_;                      ///< Photos as they will be: hidden, or in the trash.
};

}  // namespace icloudphotos::sync
