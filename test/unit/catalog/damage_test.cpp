// SPDX-License-Identifier: MIT
#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>

#include <gtest/gtest.h>

#include "photos.h"
#include "temp_dir.h"

// What a power failure or a bad disk leaves: rows and token still belong together, or all is made again.
namespace icloudphotos::catalog {
namespace {

namespace fs = std::filesystem;

constexpr int kDeltas = 40;
constexpr std::int64_t kPhotosInEach = 20;
constexpr std::size_t kPageBytes = 4096;

std::string content(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

void overwrite(const fs::path& path, const std::string& bytes) { std::ofstream{path, std::ios::binary} << bytes; }

class Damage : public ::testing::Test {
 protected:
  [[nodiscard]] Result<std::unique_ptr<Catalog>> open() { return Catalog::open(state_, clock_); }

  /// Each delta adds so many photos and a token that says how many deltas there were.
  void write_deltas(Catalog& catalog) {
    ASSERT_TRUE(catalog.add_libraries({library("L", "0")}));
    for (int i = 0; i < kDeltas; ++i) {
      auto news = delta();
      for (std::int64_t j = 0; j < kPhotosInEach; ++j)
        news.assets.push_back(asset("asset " + std::to_string((i * kPhotosInEach) + j), "m" + std::to_string(j)));
      news.next = SyncToken{std::to_string(i + 1)};
      ASSERT_TRUE(catalog.apply(news));
    }
  }

  void put(const std::string& database, const std::string& log) {
    fs::remove_all(state_);
    fs::create_directories(state_);
    fs::permissions(state_, fs::perms::owner_all);
    overwrite(file_, database);
    if (!log.empty()) overwrite(file_.string() + "-wal", log);
  }

  /// Of how many deltas the rows and the token are; none: the library is not known any more.
  std::optional<std::int64_t> deltas_of(const Catalog& catalog) {
    const auto states = catalog.libraries().value();
    if (states.empty()) return std::nullopt;
    const auto deltas = std::stoll(states.front().token->value);
    EXPECT_EQ(static_cast<std::int64_t>(ids_of(catalog).size()), deltas * kPhotosInEach);
    EXPECT_EQ(states.front().known, deltas * kPhotosInEach);
    return deltas;
  }

  /// Being told again what it knows is no news, by whichever index it looks.
  static bool knows_all(Catalog& catalog) {
    auto news = delta();
    for (std::int64_t i = 0; i < kDeltas * kPhotosInEach; ++i) {
      news.assets.push_back(asset("asset " + std::to_string(i), "m" + std::to_string(i % kPhotosInEach)));
    }
    const auto changes = catalog.apply(news);
    return changes && changes->empty();
  }

  std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>{0, end - 1}(random_); }
  std::string noise(std::size_t count) {
    std::string bytes(count, '\0');
    std::ranges::generate(bytes, [&] { return static_cast<char>(below(256)); });
    return bytes;
  }

  TempDir dir_;
  fs::path state_ = dir_ / "state";
  fs::path file_ = state_ / "catalog.db";
  FakeClock clock_;
  std::mt19937 random_{20'240'607};
};

TEST_F(Damage, ALogCutAnywhereLosesTheNewestDeltasOnly) {
  std::string database;
  std::string log;
  {
    const auto catalog = open().value();
    write_deltas(*catalog);
    database = content(file_);
    log = content(file_.string() + "-wal");
  }
  ASSERT_GT(log.size(), 100'000U);
  std::int64_t lost = 0;
  for (int trial = 0; trial < 15; ++trial) {
    auto torn = log.substr(0, below(log.size()));
    if (trial % 3 == 1) torn += noise(below(20'000));
    if (trial % 3 == 2) torn.resize(log.size());  // the file had grown, its last blocks had not arrived
    put(database, torn);
    const auto catalog = open();
    ASSERT_TRUE(catalog) << catalog.error().message();
    const auto deltas = deltas_of(**catalog);
    lost += kDeltas - deltas.value_or(0);
    EXPECT_FALSE(fs::exists(file_.string() + ".bad")) << "a cut log is no damage";
  }
  EXPECT_GT(lost, 0);
  put(database, log);
  EXPECT_EQ(deltas_of(*open().value()), kDeltas);
}

TEST_F(Damage, AHalfDoneCheckpointLosesNothing) {
  std::string before;
  std::string log;
  {
    const auto catalog = open().value();
    write_deltas(*catalog);
    before = content(file_);
    log = content(file_.string() + "-wal");
  }
  const auto after = content(file_);
  ASSERT_GT(after.size(), before.size());
  for (int trial = 0; trial < 6; ++trial) {
    auto mixed = before;
    mixed.resize(below(2) == 0 ? before.size() : after.size());
    for (std::size_t page = 0; page < mixed.size() / kPageBytes; ++page) {
      if (below(2) == 0) mixed.replace(page * kPageBytes, kPageBytes, after, page * kPageBytes, kPageBytes);
    }
    put(mixed, log);
    EXPECT_EQ(deltas_of(*open().value()), kDeltas);
  }
}

TEST_F(Damage, BytesOverwrittenAnywhereNeverPartRowsAndToken) {
  write_deltas(*open().value());
  const auto sound = content(file_);
  int unharmed = 0;
  int rebuilt = 0;
  int refused = 0;
  for (int trial = 0; trial < 40; ++trial) {
    auto bytes = sound;
    // Not in the number of the format: a newer program's catalog is not touched.
    const auto at = 100 + below(bytes.size() - 100);
    const auto junk = trial % 2 == 0 ? noise(1 + below(300)) : std::string(1 + below(3 * kPageBytes), '\0');
    bytes.replace(at, std::min(junk.size(), bytes.size() - at), junk, 0, std::min(junk.size(), bytes.size() - at));
    put(bytes, {});
    {
      const auto catalog = open();
      ASSERT_TRUE(catalog) << "at " << at << ": " << catalog.error().message();
      const auto states = (*catalog)->libraries();
      std::int64_t photos = 0;
      const auto read = (*catalog)->each_photo(LibraryId{"L"}, [&](const Photo&) { ++photos; });
      if (!states || (!states->empty() && !read)) {
        ++refused;
      } else if (states->empty()) {
        ++rebuilt;
      } else {
        ++unharmed;
        EXPECT_EQ(photos, kDeltas * kPhotosInEach) << "at " << at;
        EXPECT_TRUE(knows_all(**catalog)) << "at " << at;
      }
    }
    ASSERT_TRUE(open());
  }
  EXPECT_GT(rebuilt, 0);
  EXPECT_GT(unharmed, 0);
  EXPECT_LT(refused, 5) << "small ones are checked when they are opened";
}

}  // namespace
}  // namespace icloudphotos::catalog
