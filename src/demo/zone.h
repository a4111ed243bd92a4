// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "icloudphotos/base/mutex.h"

#include "seed.h"

namespace icloudphotos::demo {

/// The number of a change; they rise over all zones of a service.
using Seq = std::uint64_t;

enum class RecordKind { Master, Asset, Album, Relation, Other };

inline constexpr std::string_view kStreamPrefix = "sharedstream-";      ///< of zones that are classic shared albums
inline constexpr std::string_view kShareRecord = "cloudkit.zoneshare";  ///< says what a shared zone is called
inline constexpr std::string_view kAccountOwner = "_0123456789abcdef0123456789abcdef",
                                  kOtherOwner = "_fedcba9876543210fedcba9876543210";

/// Names a record of a zone. Masters and assets go by the photo, so that a computed name is made only when it is shown.
struct RecordKey {
  RecordKind kind = RecordKind::Other;
  PhotoId photo = 0;
  std::string name;  ///< of the other kinds
  auto operator<=>(const RecordKey&) const = default;
};

/// The photos of an index, first to last.
using Index = std::vector<PhotoId>;
enum class Listing { Whole, Partial };

/// A zone as it stands at one moment: the seed and what was changed since. Never changes itself; `ZoneEditor` makes the
/// next one.
///
/// Threads   Any.
class Zone {
 public:
  Zone(std::string name, std::string owner, std::shared_ptr<const Seed> seed, std::string title = {});
  /// The same in the hands of somebody else.
  [[nodiscard]] std::shared_ptr<const Zone> owned_by(std::string_view owner) const;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& owner() const { return owner_; }
  [[nodiscard]] const std::string& title() const { return title_; }  ///< Of a shared album.
  [[nodiscard]] bool is_stream() const { return name_.starts_with(kStreamPrefix); }
  [[nodiscard]] bool is_collection() const { return name_.starts_with("SharedCollection-"); }
  [[nodiscard]] bool is_shared_library() const { return name_.starts_with("SharedSync-"); }

  [[nodiscard]] PhotoId end() const { return end_; }  ///< One past the last photo there ever was.
  [[nodiscard]] bool exists(PhotoId id) const { return id < end_ && !purged_.contains(id); }
  [[nodiscard]] Photo photo(PhotoId id) const;
  [[nodiscard]] Traits traits(PhotoId id) const;
  [[nodiscard]] std::optional<PhotoId> find_asset(std::string_view name) const;
  [[nodiscard]] std::optional<PhotoId> find_master(std::string_view name) const;
  /// Two photos with one master say the same here.
  [[nodiscard]] PhotoId master_owner(PhotoId id) const;

  [[nodiscard]] const std::map<std::string, std::shared_ptr<const Album>>& albums() const { return albums_; }
  [[nodiscard]] std::shared_ptr<const Album> album(std::string_view id) const;

  /// The index of that name (indexes.h), made when it is first asked for.
  [[nodiscard]] std::shared_ptr<const Index> index(const std::string& name, Listing listing = Listing::Whole) const;

  /// The number of the last change; 0 for an empty zone.
  [[nodiscard]] Seq last_seq() const { return last_seq_; }
  /// The newest number a record was changed at, if that was after the beginning.
  [[nodiscard]] std::optional<Seq> changed_at(const RecordKey& key) const;
  struct Changes {
    std::vector<RecordKey> records;
    Seq up_to = 0;  ///< where to go on
    bool more = false;
  };
  /// The records changed after `since`, each once, in the order of their last change.
  [[nodiscard]] Changes changes(Seq since, std::size_t limit) const;

 private:
  friend class ZoneEditor;
  Zone(const Zone& other);  // for ZoneEditor; the indexes stay behind

  [[nodiscard]] Seq seed_seqs() const;
  [[nodiscard]] std::optional<RecordKey> seed_record(Seq seq) const;

  std::string name_, owner_, title_;
  std::shared_ptr<const Seed> seed_;
  /// Albums, relations and what no client needs: half of them older than the photos, half of them newer.
  std::shared_ptr<const std::vector<RecordKey>> seed_others_;
  PhotoId end_ = 0;
  std::map<PhotoId, std::shared_ptr<const Photo>> photos_;  ///< those that differ from the seed
  std::map<std::string, PhotoId> added_assets_;
  std::set<PhotoId> purged_;
  std::map<std::string, std::shared_ptr<const Album>> albums_;
  std::map<Seq, RecordKey> log_;
  std::map<RecordKey, Seq> changed_;
  Seq last_seq_ = 0;

  mutable Mutex mutex_;
  mutable std::map<std::pair<std::string, Listing>, std::shared_ptr<const Index>> indexes_ GUARDED_BY(mutex_);
};

/// Makes the next state of a zone, one numbered change after another.
class ZoneEditor {
 public:
  /// `next` is raised by each change.
  ZoneEditor(const Zone& zone, Seq& next) : zone_{new Zone{zone}}, next_{next} {}

  [[nodiscard]] const Zone& zone() const { return *zone_; }
  enum class Touch { Asset, AssetAndMaster };
  void put_photo(PhotoId id, Photo photo, Touch touch);
  PhotoId add_photo(Photo photo);
  void purge_photo(PhotoId id);
  void rename(std::string title);
  void put_album(Album album);
  void erase_album(const std::string& id);
  void add_member(const std::string& album, const std::string& asset, std::int64_t position);
  void remove_member(const std::string& album, const std::string& asset);
  [[nodiscard]] std::shared_ptr<const Zone> finish() { return std::move(zone_); }

 private:
  void log(RecordKey key);
  std::shared_ptr<Zone> zone_;
  Seq& next_;
};

[[nodiscard]] std::string relation_name(std::string_view asset, std::string_view album);

}  // namespace icloudphotos::demo
