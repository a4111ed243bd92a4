// SPDX-License-Identifier: MIT
#include "listed_seed.h"

#include <map>

#include "icloudphotos/base/text.h"

namespace icloudphotos::demo {
namespace {

class ListedSeed final : public Seed {
 public:
  ListedSeed(std::vector<Photo> photos, std::vector<Album> albums, std::shared_ptr<const void> bytes)
      : photos_{std::move(photos)}, albums_{std::move(albums)}, bytes_{std::move(bytes)} {
    for (PhotoId id = 0; id < photos_.size(); ++id) {
      assets_.emplace(ascii_upper(photos_[id].asset), id);
      if (const auto [first, is_new] = masters_.emplace(photos_[id].master, id); !is_new)
        adopt(photos_[first->second], photos_[id]);
    }
  }
  [[nodiscard]] PhotoId count() const override { return static_cast<PhotoId>(photos_.size()); }
  [[nodiscard]] Photo photo(PhotoId id) const override { return photos_[id]; }
  [[nodiscard]] Traits traits(PhotoId id) const override { return traits_of(photos_[id]); }
  [[nodiscard]] PhotoId first_with_master_of(PhotoId id) const override { return masters_.at(photos_[id].master); }
  [[nodiscard]] std::optional<PhotoId> find_asset(std::string_view name) const override {
    return find(assets_, ascii_upper(name));
  }
  [[nodiscard]] std::optional<PhotoId> find_master(std::string_view name) const override {
    return find(masters_, std::string{name});
  }
  [[nodiscard]] const std::vector<Album>& albums() const override { return albums_; }

 private:
  /// Siblings have one master record, and with it one name and one set of originals: those of the first.
  static void adopt(const Photo& first, Photo& sibling) {
    sibling.name = first.name;
    sibling.name_encoding = first.name_encoding;
    sibling.item_type = first.item_type;
    sibling.late_master = first.late_master;
    sibling.no_download_url = first.no_download_url;
    for (const Slot slot : kSlots) {
      if (slot != Slot::JpegFull && slot != Slot::VidFull) sibling.at(slot) = first.at(slot);
    }
  }
  static std::optional<PhotoId> find(const std::map<std::string, PhotoId>& in, const std::string& name) {
    const auto found = in.find(name);
    return found == in.end() ? std::nullopt : std::optional{found->second};
  }
  std::vector<Photo> photos_;
  std::vector<Album> albums_;
  std::shared_ptr<const void> bytes_;  ///< what the photos' media point into
  std::map<std::string, PhotoId> assets_, masters_;
};

}  // namespace

std::unique_ptr<Seed> make_listed_seed(std::vector<Photo> photos, std::vector<Album> albums,
                                       std::shared_ptr<const void> bytes) {
  return std::make_unique<ListedSeed>(std::move(photos), std::move(albums), std::move(bytes));
}

}  // namespace icloudphotos::demo
