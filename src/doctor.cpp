// SPDX-License-Identifier: MIT
#include "doctor.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

#include "completeness.h"

namespace icloudphotos {
namespace {

/// Writes findings about one library.
class Examination {
 public:
  Examination(const catalog::Catalog& catalog, const catalog::LibraryState& state, std::int64_t most, JsonWriter& out)
      : catalog_{catalog}, state_{state}, most_{most}, out_{out} {}

  Result<void> run() {
    TRY(look_at_library());
    TRY(catalog_.each_photo(state_.library.id, [this](const catalog::Photo& photo) { look_at(photo); }));
    if (photos_ > most_) note("library", state_.library.id.value, "", fmt::format("{} more photos", photos_ - most_));
    for (const auto& [album, photos] : TRY(catalog_.album_balances(state_.library.id))) {
      if (differ(state_.library, photos)) note("album", album.id.value, album.name, words(photos));
    }
    return {};
  }

 private:
  Result<void> look_at_library() {
    const auto& library = state_.library;
    if (!state_.listed || !state_.read_through) note("library", library.id.value, "", "is still being read");
    const auto photos = TRY(catalog_.balance(library.id));
    if (differ(library, photos)) note("library", library.id.value, "", words(photos));
    return {};
  }

  void look_at(const catalog::Photo& photo) {
    const auto is_original = [](const Resource& resource) { return resource.kind == ResourceKind::Original; };
    if (!photo.original) {
      const bool is_named = !photo.asset.original.value.empty();
      return note_photo(photo, "", is_named ? "its original was never delivered" : "its record names no original");
    }
    const auto& files = photo.original->resources;
    if (std::none_of(files.begin(), files.end(), is_original))
      note_photo(photo, photo.original->file_name, "its original is not in the cloud");
  }

  void note_photo(const catalog::Photo& photo, std::string_view name, std::string_view why) {
    if (++photos_ <= most_) note("photo", photo.asset.id.value, name, why);
  }

  static std::string words(const catalog::Balance& photos) {
    auto text = fmt::format("{} listed, {} in the change feed", photos.listed, photos.fed);
    if (photos.counted) text += fmt::format(", Apple counts {}", *photos.counted);
    return text;
  }

  void note(std::string_view what, std::string_view record, std::string_view name, std::string_view why) {
    out_.object().member("library", library_name(state_.library)).member("what", what).member("record", record);
    out_.member("name", name).member("why", why).end();
  }

  const catalog::Catalog& catalog_;
  const catalog::LibraryState& state_;
  const std::int64_t most_;
  JsonWriter& out_;
  std::int64_t photos_ = 0;  ///< That lack something.
};

}  // namespace

Result<std::string> examine(const catalog::Catalog& catalog, std::int64_t most) {
  JsonWriter out;
  out.array();
  for (const auto& state : TRY(catalog.libraries())) TRY(Examination(catalog, state, most, out).run());
  return out.end().take();
}

std::string describe_finding(JsonView finding) {
  const auto word = [&](std::string_view name) { return printable(finding[name].text().value_or("")); };
  const auto name = word("name");
  return fmt::format("{}: {} {}{}: {}", word("library"), word("what"), word("record"),
                     name.empty() ? name : fmt::format(" \"{}\"", name), word("why"));
}

}  // namespace icloudphotos
