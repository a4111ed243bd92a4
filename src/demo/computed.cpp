// SPDX-License-Identifier: MIT
#include "computed.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

#include "mix.h"

namespace icloudphotos::demo {
namespace {

constexpr std::int64_t kNewest = 1'758'000'000'000;                        // September 2025
constexpr std::int64_t kSpan = std::int64_t{15} * 365 * 24 * 3600 * 1000;  // fifteen years
constexpr std::int64_t kDay = 24 * 3600 * 1000;

/// Kinds of patterns; each has bodies of its own.
enum class Body : std::uint32_t { Still = 1, LiveVideo, Video, Raw, Edit, Thumb, Medium };

class ComputedSeed final : public Seed {
 public:
  explicit ComputedSeed(const ComputedOptions& options) : options_{options} {
    step_ = std::max<std::int64_t>(1, kSpan / static_cast<std::int64_t>(std::max<std::uint64_t>(1, options.assets)));
    if (options.has_albums) make_albums();
  }

  [[nodiscard]] PhotoId count() const override { return static_cast<PhotoId>(options_.assets); }
  [[nodiscard]] const std::vector<Album>& albums() const override { return albums_; }

  [[nodiscard]] PhotoId first_with_master_of(PhotoId id) const override { return id % 1000 == 999 ? id - 1 : id; }

  [[nodiscard]] Traits traits(PhotoId id) const override {
    const std::uint64_t random = random_of(id);
    Traits traits;
    traits.captured_ms = kNewest - static_cast<std::int64_t>(id) * step_ - static_cast<std::int64_t>(random % step_);
    traits.added_ms = traits.captured_ms + static_cast<std::int64_t>((random >> 20) % (3 * kDay));
    traits.deleted = id % 400 == 200;
    traits.deleted_ms = traits.deleted ? kNewest - static_cast<std::int64_t>(id % 29) * kDay : 0;
    traits.hidden = id % 500 == 250;
    traits.favorite = (random >> 40) % 20 == 0;
    traits.burst = id % 300 >= 100 && id % 300 < 104;
    const PhotoId original = first_with_master_of(id);
    if (const bool moving = original % 12 == 5; moving) {
      traits.slo_mo = original % 120 == 5;
      traits.time_lapse = original % 120 == 17;
      traits.video = !traits.slo_mo && !traits.time_lapse;
    } else {
      traits.live = original % 10 == 3;
      traits.screenshot = !traits.live && original % 40 == 12;
      traits.panorama = !traits.live && !traits.screenshot && original % 200 == 78;
      traits.portrait = is_edited(id) && id % 4 == 0;
    }
    return traits;
  }

  [[nodiscard]] Photo photo(PhotoId id) const override {
    const Traits traits = this->traits(id);
    const PhotoId first = first_with_master_of(id);
    Photo photo;
    photo.asset = asset_name(id);
    add_originals(photo, first, traits);
    photo.master = photo.at(Slot::Original)->media.checksum();
    photo.item_type = photo.at(Slot::Original)->type;
    photo.name = file_name(first, photo.at(Slot::Original)->type);
    photo.captured_ms = traits.captured_ms;
    photo.added_ms = traits.added_ms;
    photo.modified_ms = traits.added_ms + 1000;
    photo.offset_s = (random_of(id) >> 30) % 2 == 0 ? 3600 : 7200;
    photo.time_zone = "Europe/Berlin";
    photo.favorite = traits.favorite;
    photo.hidden = traits.hidden;
    if (traits.deleted) photo.deleted_ms = traits.deleted_ms;
    photo.subtype = traits.panorama ? 1 : traits.slo_mo ? 100 : traits.time_lapse ? 101 : 0;
    photo.subtype_v2 = traits.live ? 2 : traits.screenshot ? 3 : 0;
    photo.orientation = photo.is_video() || id % 3 != 0 ? 1 : 6;
    if (photo.is_video()) photo.duration_ms = 1000 + static_cast<std::int64_t>(random_of(id) % 60'000);
    if (traits.burst) {
      photo.burst_id = fmt::format("B0000000-0000-4000-8000-{:012X}", id / 300);
      photo.burst_flags = id % 300 == 100 ? 52 : 2;
    }
    if (is_edited(id)) add_edit(photo, id, traits);
    return photo;
  }

  [[nodiscard]] std::optional<PhotoId> find_asset(std::string_view name) const override {
    if (name.size() != 36) return std::nullopt;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(name.data() + 24, name.data() + 36, number, 16);
    if (error != std::errc{} || end != name.data() + 36 || number == 0 || number > options_.assets) return std::nullopt;
    const auto id = static_cast<PhotoId>(number - 1);
    return ascii_iequals(asset_name(id), name) ? std::optional{id} : std::nullopt;
  }

  [[nodiscard]] std::optional<PhotoId> find_master(std::string_view name) const override {
    const auto digits = base64_decode(name);
    if (!digits || digits->size() != 21) return std::nullopt;
    const Lock lock{mutex_};
    if (masters_.empty()) index_masters();
    const auto found = std::ranges::lower_bound(masters_, std::pair{key_of(*digits), PhotoId{0}});
    if (found == masters_.end() || found->first != key_of(*digits)) return std::nullopt;
    return found->second;
  }

 private:
  [[nodiscard]] std::uint64_t random_of(PhotoId id) const { return mix(options_.series * 0x1'0000'0000U + id); }
  [[nodiscard]] static bool is_edited(PhotoId id) { return id % 15 == 7; }
  /// Most devices make them of capital letters, some do not.
  [[nodiscard]] std::string asset_name(PhotoId id) const {
    std::string name = fmt::format("{:08X}-{:04X}-4D3A-8000-{:012X}", static_cast<std::uint32_t>(random_of(id)),
                                   options_.series & 0xffffU, std::uint64_t{id} + 1);
    return id % 50 == 9 ? ascii_lower(name) : name;
  }

  [[nodiscard]] std::string file_name(PhotoId id, std::string_view type) const {
    const std::string_view extension = type == "public.heic"                 ? "HEIC"
                                       : type == "public.jpeg"               ? "JPG"
                                       : type == "public.png"                ? "PNG"
                                       : type == "com.apple.quicktime-movie" ? "MOV"
                                                                             : "DNG";
    return fmt::format("IMG_{:04}.{}", (options_.assets - id) % 10'000,
                       extension);  // counters start over, as cameras do
  }

  [[nodiscard]] Rendition rendition(Body body, PhotoId id, std::uint64_t size, std::string type, int width,
                                    int height) const {
    const Pattern pattern{static_cast<std::uint32_t>(body), (options_.series << 32) + id};
    return {patterns_.make(pattern, size), std::move(type), width, height};
  }
  /// One of few sizes, so that few bodies are hashed.
  [[nodiscard]] std::uint64_t size_of(Body body, PhotoId id) const {
    const std::uint64_t choice = mix(random_of(id) + static_cast<std::uint64_t>(body));
    switch (body) {
      case Body::Still:
        return options_.file_bytes != 0 ? options_.file_bytes : 2'048 + choice % 24 * 1'601;
      case Body::Video:
        return options_.file_bytes != 0 ? options_.file_bytes : 100'000 + choice % 12 * 81'813;
      case Body::LiveVideo:
        return 20'000 + choice % 8 * 5'003;
      case Body::Raw:
        return 60'000 + choice % 4 * 10'007;
      case Body::Edit:
        return 2'000 + choice % 24 * 1'607;
      case Body::Thumb:
        return 900 + choice % 4 * 301;
      case Body::Medium:
        return 3'000 + choice % 8 * 701;
    }
    return 0;
  }

  void add_originals(Photo& photo, PhotoId id, const Traits& traits) const {
    const auto add = [&](Slot slot, Body body, const char* type, int width, int height) {
      photo.at(slot) = rendition(body, id, size_of(body, id), type, width, height);
    };
    if (traits.video || traits.slo_mo || traits.time_lapse) {
      add(Slot::Original, Body::Video, "com.apple.quicktime-movie", 1920, 1080);
      add(Slot::VidMed, Body::Medium, "public.mpeg-4", 1280, 720);
    } else {
      const bool jpeg = id % 4 == 1;
      add(Slot::Original, Body::Still,
          traits.screenshot ? "public.png"
          : jpeg            ? "public.jpeg"
                            : "public.heic",
          4032, 3024);
      if (traits.live) add(Slot::OriginalVidCompl, Body::LiveVideo, "com.apple.quicktime-movie", 1308, 980);
      if (jpeg && id % 100 == 41) add(Slot::OriginalAlt, Body::Raw, "com.adobe.raw-image", 4032, 3024);
      if (id % 2 == 0) add(Slot::JpegMed, Body::Medium, "public.jpeg", 2048, 1536);
    }
    add(Slot::JpegThumb, Body::Thumb, "public.jpeg", 480, 360);
  }

  void add_edit(Photo& photo, PhotoId id, const Traits& traits) const {
    photo.adjustment_type = traits.slo_mo ? "com.apple.video.slomo" : "com.apple.photo";
    photo.adjustment_render_type = traits.portrait ? 2050 : 0;
    if (traits.slo_mo) return;  // a speed ramp alone is never rendered
    const bool moving = photo.is_video();
    photo.at(moving ? Slot::VidFull : Slot::JpegFull) = rendition(
        Body::Edit, id, size_of(Body::Edit, id), moving ? "com.apple.quicktime-movie" : "public.jpeg", 3024, 4032);
    photo.modified_ms = traits.added_ms + kDay;
  }

  static std::uint64_t key_of(std::string_view digits) {
    std::uint64_t key = 0;
    std::memcpy(&key, digits.data() + 1, sizeof key);
    return key;
  }
  void index_masters() const REQUIRES(mutex_) {
    masters_.reserve(count());
    for (PhotoId id = 0; id < count(); ++id) {
      if (first_with_master_of(id) != id) continue;
      const Traits traits = this->traits(id);
      const Body body = traits.video || traits.slo_mo || traits.time_lapse ? Body::Video : Body::Still;
      const std::string name = rendition(body, id, size_of(body, id), "", 0, 0).media.checksum();
      masters_.emplace_back(key_of(*base64_decode(name)), id);
    }
    std::ranges::sort(masters_);
  }

  Album& add_album(std::string name, std::string parent, bool is_folder) {
    Album album;
    album.id = fmt::format("A1B00000-{:04X}-4000-8000-{:012X}", options_.series & 0xffffU, albums_.size() + 1);
    album.name = std::move(name);
    album.parent = std::move(parent);
    album.is_folder = is_folder;
    album.position = 1024 * (static_cast<std::int64_t>(albums_.size()) + 1);
    album.created_ms = kNewest - kSpan + static_cast<std::int64_t>(albums_.size()) * kDay;
    album.modified_ms = album.created_ms;
    return albums_.emplace_back(std::move(album));
  }
  void fill_album(Album& album, std::uint64_t wanted, std::uint64_t first) const {
    const std::uint64_t size = std::min(wanted, options_.assets);
    const std::uint64_t stride = size == 0 ? 0 : options_.assets / size;
    for (std::uint64_t i = 0; i < size; ++i) {
      const auto id = static_cast<PhotoId>((first + i * stride) % options_.assets);
      album.members.push_back({asset_name(id), 1024 * (static_cast<std::int64_t>(i) + 1)});
    }
  }
  void make_albums() {
    for (const int size : {1, 65, 66, 67, 132, 200, 201, 660}) {
      // Every photo but one, so that these sizes are those of the lists: hidden and deleted members would be left out.
      fill_album_of_visible(add_album(fmt::format("Exactly {}", size), "", false), static_cast<std::uint64_t>(size));
    }
    add_album("Empty", "", false);
    const std::string trips = add_album("Trips", "", true).id;
    const std::string year = add_album("2024", trips, true).id;
    const std::string country = add_album("France", year, true).id;
    fill_album(add_album("Paris", country, false), 25, 3);
    fill_album(add_album("Loire", country, false), 12, 5);
    fill_album(add_album("Favorites", "", false), 10, 7);  // named like a smart album
    for (std::uint64_t i = 0; i < options_.albums; ++i)
      fill_album(add_album(fmt::format("Album {:04}", i + 1), "", false), i % 7, i * 13);
  }
  void fill_album_of_visible(Album& album, std::uint64_t wanted) const {
    const std::uint64_t stride = std::max<std::uint64_t>(1, options_.assets / (wanted * 2));
    std::int64_t position = 0;
    for (std::uint64_t id = 0; id < options_.assets && album.members.size() < wanted; id += stride) {
      const Traits traits = this->traits(static_cast<PhotoId>(id));
      if (traits.hidden || traits.deleted) continue;
      album.members.push_back({asset_name(static_cast<PhotoId>(id)), position += 1024});
    }
  }

  const ComputedOptions options_;
  std::int64_t step_ = 1;
  std::vector<Album> albums_;
  mutable PatternMaker patterns_;
  mutable Mutex mutex_;
  mutable std::vector<std::pair<std::uint64_t, PhotoId>> masters_ GUARDED_BY(mutex_);  ///< sorted; empty: not yet made
};

}  // namespace

std::unique_ptr<Seed> make_computed_seed(const ComputedOptions& options) {
  return std::make_unique<ComputedSeed>(options);
}

}  // namespace icloudphotos::demo
