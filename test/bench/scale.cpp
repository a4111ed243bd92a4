// SPDX-License-Identifier: MIT
// How catalog and tree bear a large library: time of each step, and the most memory the process ever had.
//   scale [ASSETS [ALBUMS]]        default: 100,000 assets, 300 albums
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include <fmt/format.h>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/catalog/catalog.h"
#include "icloudphotos/tree/tree.h"

#include "temp_dir.h"

namespace icloudphotos {
namespace {

using Clock_ = std::chrono::steady_clock;

double seconds_since(Clock_::time_point start) { return std::chrono::duration<double>(Clock_::now() - start).count(); }

long peak_kb() {
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::atol(line.c_str() + 6);
  }
  return 0;
}

void row(const char* what, double seconds) { fmt::print("{:44}{:10.4f} s{:8} MB\n", what, seconds, peak_kb() / 1024); }

[[noreturn]] void stop(const Error& error) {
  fmt::print(stderr, "scale: {}\n", error.message());
  std::exit(1);
}
template <class T>
T must(Result<T> result) {
  if (!result) stop(result.error());
  return std::move(result).value();
}
void must(const Result<void>& result) {
  if (!result) stop(result.error());
}

const LibraryId kLibrary{"bench/PrimarySync"};
constexpr std::int64_t kNow = 1'780'000'000'000;

/// Every 10th a Live Photo, every 15th edited, every 20th a favourite; fifteen years, names that repeat as cameras' do.
void add_photo(Delta& delta, std::int64_t i, std::int64_t all, std::int64_t albums) {
  Asset asset;
  asset.id = AssetId{fmt::format("{:08X}-0000-4000-8000-{:012X}", i, i * 7919)};
  const auto taken = kNow - 15LL * 365 * 86'400'000 * i / all;
  asset.captured = TimePoint{std::chrono::milliseconds{taken}};
  asset.added = asset.created = asset.changed = TimePoint{std::chrono::milliseconds{taken + 60'000}};
  asset.utc_offset = std::chrono::seconds{7200};
  asset.favorite = i % 20 == 0;
  Original original;
  original.id = OriginalId{fmt::format("original {:018}", i)};
  original.file_name = fmt::format("IMG_{:04}.HEIC", i % 10'000);
  original.type = "public.heic";
  original.changed = asset.changed;
  original.resources.push_back({ResourceKind::Original, "public.heic", 2'000'000, fmt::format("AQ{:026}", i)});
  if (i % 10 == 0) {
    asset.subtype_v2 = 2;
    original.resources.push_back(
        {ResourceKind::LiveVideo, "com.apple.quicktime-movie", 1'000'000, fmt::format("AL{:026}", i)});
  }
  if (i % 15 == 0)
    asset.resources.push_back({ResourceKind::EditedStill, "public.jpeg", 900'000, fmt::format("AE{:026}", i)});
  asset.original = original.id;
  if (albums > 0 && i % 4 == 0)
    delta.memberships.push_back({AlbumId{fmt::format("album {}", i / 4 % albums)}, asset.id, i});
  delta.assets.push_back(std::move(asset));
  delta.originals.push_back(std::move(original));
}

void fill(catalog::Catalog& catalog, std::int64_t assets, std::int64_t albums) {
  must(catalog.add_libraries({{.id = kLibrary, .kind = Library::Kind::Personal, .token = SyncToken{"T"}}}));
  Delta delta;
  delta.library = kLibrary;
  for (std::int64_t i = 0; i < albums; ++i) {
    Album album;
    album.id = AlbumId{fmt::format("album {}", i)};
    album.name = fmt::format("Album {}", i);
    delta.albums.push_back(std::move(album));
  }
  for (std::int64_t i = 0; i < assets; ++i) {
    add_photo(delta, i, assets, albums);
    if (i % 200 != 199 && i + 1 != assets) continue;
    must(catalog.apply(delta, catalog::Source::Lists));
    delta = {};
    delta.library = kLibrary;
  }
}

void measure(std::int64_t assets, std::int64_t albums) {
  const TempDir home;
  SystemClock clock;
  row("start", 0);
  {
    const auto catalog = must(catalog::Catalog::open(home.path(), clock));
    auto start = Clock_::now();
    fill(*catalog, assets, albums);
    row("records stored", seconds_since(start));
    const auto tree = must(tree::Tree::load(*catalog, clock, {}));
    must(catalog->set_listed(kLibrary, true, assets));
    start = Clock_::now();
    (void)must(tree->refresh());
    row("photos arranged for the first time", seconds_since(start));
    Delta news;
    news.library = kLibrary;
    for (std::int64_t i = 0; i < 100; ++i) {
      add_photo(news, i * (assets / 100), assets, albums);
      news.assets.back().favorite = true;
    }
    start = Clock_::now();
    must(catalog->apply(news));
    (void)must(tree->refresh());
    row("100 photos changed", seconds_since(start));
  }
  auto start = Clock_::now();
  const auto catalog = must(catalog::Catalog::open(home.path(), clock));
  const auto tree = must(tree::Tree::load(*catalog, clock, {}));
  row("opened again", seconds_since(start));
  start = Clock_::now();
  Inode here = kRootInode;
  for (const char* name : {"Personal Library", "All Photos"}) here = must(tree->look_up(here, name))->inode;
  std::int64_t files = 0;
  Inode month;
  for (const auto& year : must(tree->directory(here))->entries) {
    for (const auto& entry : must(tree->directory(year.node.inode))->entries) {
      files += static_cast<std::int64_t>(must(tree->directory(entry.node.inode))->entries.size());
      month = entry.node.inode;
    }
  }
  row("All Photos listed", seconds_since(start));
  start = Clock_::now();
  const auto entries = must(tree->directory(month))->entries;
  for (const auto& entry : entries) (void)must(tree->look_up(month, entry.name));
  fmt::print("{} files; a look-up takes {:.1f} us\n", files,
             seconds_since(start) * 1e6 / static_cast<double>(entries.size()));
}

}  // namespace
}  // namespace icloudphotos

int main(int argc, char** argv) {
  icloudphotos::measure(argc > 1 ? std::atoll(argv[1]) : 100'000, argc > 2 ? std::atoll(argv[2]) : 300);
}
