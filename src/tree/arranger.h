// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "icloudphotos/catalog/catalog.h"
#include "icloudphotos/tree/options.h"

#include "card.h"
#include "draft.h"
#include "inodes.h"
#include "layout.h"
#include "library_places.h"
#include "news.h"
#include "tags.h"
#include "versions.h"

namespace icloudphotos::tree {

/// How long the name of a photo that left is kept for it: a backup made meanwhile must not find another photo there.
inline constexpr std::chrono::hours kQuarantine{24 * 30};

/// Who is in the views that no field of a photo decides.
struct Chosen {
  std::unordered_set<std::int64_t> recents;
  std::int64_t today = 0;  ///< As `CardRow::day`.
};

/// What photos are arranged with.
struct ArrangeSetting {
  const TreeOptions& options;
  const Layout& layout;
  const Layout& day;  ///< "%m%d", by the same clock.
  TimePoint now;
};

/// Puts the photos of one library in their places: files, inodes, names; product.md 2 to 4. Where a photo belongs
/// follows from its own rows, and only the difference to its card is written.
///
/// Names     Whoever had a name in a directory gets it again; others get the first that is free (product.md 3, rules 5
///           and 6), in the order in which they are arranged.
class Arranger {
 public:
  /// `news`: none for a library nobody has seen yet.
  Arranger(Draft& draft, const ArrangeSetting& setting, const LibraryPlaces& places, catalog::Shown& sums, News* news)
      : draft_{draft}, setting_{setting}, places_{places}, sums_{sums}, news_{news} {}

  void choose(Chosen chosen) { chosen_ = std::move(chosen); }
  /// Arranges photos, in this order, in a transaction of the caller's. After an Error the arranger is of no use.
  [[nodiscard]] Result<void> arrange(catalog::TreeWriter& writer, const std::vector<std::int64_t>& photos);
  /// Of a library of which only the photos taken since a moment are known: puts them in those directories by date that
  /// have no older ones, and tells which these are.
  [[nodiscard]] Result<std::unordered_set<std::int64_t>> arrange_newest(catalog::TreeWriter& writer,
                                                                        const std::vector<std::int64_t>& photos,
                                                                        TimePoint known_since);
  /// Of a library of which not all photos are known: puts all photos of one album in its directory, and nowhere else.
  [[nodiscard]] Result<void> arrange_album(catalog::TreeWriter& writer, const std::vector<std::int64_t>& photos,
                                           std::int64_t directory);

 private:
  struct Wanted {
    std::int64_t directory = 0;
    Part part = kWholePhoto;
    std::string wish;         ///< For the stem, or the whole name of one file.
    std::uint64_t bytes = 0;  ///< Of that one file.
  };
  struct Subject {
    const catalog::PhotoRow& row;
    Versions versions;
    Moment moment;
    Card before;
    Card now;
    std::map<Part, std::string> own_names{};  ///< What files wish to be called where each has a name of its own.
  };

  [[nodiscard]] Result<void> arrange(std::int64_t photo);
  [[nodiscard]] bool knows_all() const { return !known_since_ && !album_; }
  [[nodiscard]] bool like_icloudpd() const { return setting_.options.naming == TreeOptions::Naming::Icloudpd; }
  [[nodiscard]] bool is_of_this_day(const Subject& subject) const;
  [[nodiscard]] Moment moment_of(const catalog::PhotoRow& row, const Card& before);
  [[nodiscard]] Result<void> describe(Subject& subject);
  [[nodiscard]] Result<void> add_sidecar(Subject& subject);
  void name_like_icloudpd(Subject& subject);
  [[nodiscard]] Result<Inode> inode_of(const Subject& subject, Part part, const std::string& key);
  [[nodiscard]] bool is_among_newest(const Subject& subject) const;
  [[nodiscard]] Result<std::vector<Wanted>> wanted(const Subject& subject);
  [[nodiscard]] Result<std::int64_t> date_directory(const Moment& moment, std::int64_t top, Role role);
  [[nodiscard]] Result<void> place(Subject& subject, const std::vector<Wanted>& wanted);
  [[nodiscard]] Result<CardPlace> claim(std::int64_t photo, const Wanted& wanted);
  [[nodiscard]] Result<void> release(CardPlace& place);
  [[nodiscard]] Result<void> tell(const Subject& subject);
  [[nodiscard]] Result<void> save(const Subject& subject);

  catalog::TreeWriter* writer_ = nullptr;  ///< of the present transaction
  Draft& draft_;
  const ArrangeSetting setting_;
  const LibraryPlaces& places_;
  Chosen chosen_;
  std::optional<TimePoint> known_since_;  ///< While only the newest are arranged.
  std::optional<std::int64_t> album_;     ///< While only one is arranged.
  std::unordered_set<std::int64_t> whole_;
  catalog::Shown& sums_;
  News* news_;
  Inodes digests_;
  /// The first number that may be free for a wish that has met others: directories have thousands of equal names.
  std::map<std::pair<std::int64_t, std::string>, std::uint32_t> next_number_;
  std::unordered_map<std::string, std::int64_t> date_directories_;  ///< By role and filled-in layout.
};

/// How many names a file has.
[[nodiscard]] std::uint32_t links_of(const Card& card, const CardFile& file,
                                     const std::function<Role(std::int64_t directory)>& role_of);
/// Whether a file is shown where the photo has a place.
[[nodiscard]] bool shows(const CardPlace& place, const CardFile& file, Role role);
/// How the sidecar of a photo is made, for a text that is the same wherever it is asked for.
[[nodiscard]] std::string sidecar_of(const Asset& asset, const std::vector<AlbumPath>& albums,
                                     TreeOptions::Sidecars sidecars);
/// Under which key a file of that name was claimed.
[[nodiscard]] std::int64_t claim_hash_of_file(std::string_view name, Role role, const TreeOptions& options);
/// What two names in a directory must not share, as it is stored.
[[nodiscard]] std::int64_t claim_hash(std::string_view key);

}  // namespace icloudphotos::tree
