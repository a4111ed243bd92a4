// SPDX-License-Identifier: MIT
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "photos.h"
#include "temp_dir.h"

namespace icloudphotos::catalog {
namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

void overwrite(const fs::path& path, const std::string& bytes) { std::ofstream{path, std::ios::binary} << bytes; }

/// What somebody with a shell does to the file.
void by_hand(const fs::path& path, const char* sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
  sqlite3_close(database);
}

class Opening : public ::testing::Test {
 protected:
  [[nodiscard]] Result<std::unique_ptr<Catalog>> open() { return Catalog::open(state_, clock_); }
  void fill(int photos) {
    auto catalog = open().value();
    ASSERT_TRUE(catalog->add_libraries({library("L")}));
    auto news = delta();
    for (int i = 0; i < photos; ++i) news.assets.push_back(asset("asset " + std::to_string(i), "m"));
    news.next = SyncToken{"T1"};
    ASSERT_TRUE(catalog->apply(news));
  }

  TempDir dir_;
  fs::path state_ = dir_ / "state/account";
  fs::path file_ = state_ / "catalog.db";
  FakeClock clock_;
};

TEST_F(Opening, FilesArePrivateWhateverTheUmask) {
  const auto old = ::umask(0);
  const auto catalog = open().value();
  ASSERT_TRUE(catalog->add_libraries({library("L")}));
  ::umask(old);
  struct stat status {};
  for (const auto& entry : fs::directory_iterator{state_}) {
    ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0600U) << entry.path();
  }
  ASSERT_EQ(::stat(state_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0700U);
}

TEST_F(Opening, ASecondProgramIsToldSoAndTheFirstGoesOn) {
  auto first = open().value();
  const auto second = open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind(), ErrorKind::Usage);
  EXPECT_NE(second.error().message().find("unmount"), std::string::npos);
  EXPECT_TRUE(first->add_libraries({library("L")}));
  first.reset();
  EXPECT_TRUE(open());
}

TEST_F(Opening, ADatabaseThatIsNoneIsSetAsideAndAnEmptyOneStarted) {
  for (const std::string& junk : {std::string(5000, 'x'), std::string(100, '\0'), std::string{"SQLite format 3"}}) {
    fill(1);
    overwrite(file_, junk);
    const auto catalog = open();
    ASSERT_TRUE(catalog) << catalog.error().message();
    EXPECT_TRUE((*catalog)->libraries().value().empty());
    EXPECT_EQ(content(file_.string() + ".bad"), junk);
  }
}

TEST_F(Opening, APageOverwrittenIsNoticed) {
  fill(500);
  auto bytes = content(file_);
  ASSERT_GT(bytes.size(), 40'000U);
  std::fill(bytes.begin() + 4096, bytes.end() - 4096, '\x5a');
  overwrite(file_, bytes);
  ASSERT_TRUE(open().value()->libraries().value().empty());
  EXPECT_TRUE(fs::exists(file_.string() + ".bad"));
}

TEST_F(Opening, ACutFileIsNoticed) {
  fill(500);
  fs::resize_file(file_, 12288);
  ASSERT_TRUE(open().value()->libraries().value().empty());
}

TEST_F(Opening, AnEmptyFileIsANewCatalog) {
  fill(1);
  overwrite(file_, "");
  EXPECT_TRUE(open().value()->libraries().value().empty());
}

TEST_F(Opening, TablesChangedByHandAreNotTrusted) {
  fill(1);
  by_hand(file_, "ALTER TABLE asset ADD COLUMN mine");
  EXPECT_TRUE(open().value()->libraries().value().empty());
  fill(1);
  by_hand(file_, "PRAGMA user_version = 0");
  EXPECT_TRUE(open().value()->libraries().value().empty());
}

TEST_F(Opening, ACatalogOfANewerVersionIsRefusedAndLeftAlone) {
  fill(3);
  by_hand(file_, "PRAGMA user_version = 9999");
  const auto before = content(file_);
  const auto refused = open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), ErrorKind::Usage);
  EXPECT_EQ(content(file_), before);
  EXPECT_FALSE(fs::exists(file_.string() + ".bad"));
}

TEST_F(Opening, DamageFoundAtWorkIsSetAsideAtTheNextStart) {
  fill(50'000);  // more than is checked at the start
  auto bytes = content(file_);
  ASSERT_GT(bytes.size(), std::size_t{4} << 20);
  std::fill(bytes.begin() + 1'000'000, bytes.end() - 4096, '\x5a');
  overwrite(file_, bytes);
  {
    const auto catalog = open().value();
    const auto read = catalog->each_photo(LibraryId{"L"}, [](const Photo&) {});
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().kind(), ErrorKind::Storage);
  }
  EXPECT_TRUE(open().value()->libraries().value().empty());
  fill(1);
  EXPECT_EQ(open().value()->libraries().value().size(), 1U);
}

TEST_F(Opening, ASymlinkInPlaceOfTheFileIsRefused) {
  fs::create_directories(state_);
  overwrite(dir_ / "victim", "precious");
  fs::create_symlink(dir_ / "victim", file_);
  EXPECT_FALSE(open());
  EXPECT_EQ(content(dir_ / "victim"), "precious");
}

TEST_F(Opening, AProgramKilledHalfWayLeavesRowsAndTokenTogether) {
  fill(0);
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const auto child = ::fork();
  if (child == 0) {
    auto catalog = open().value();
    for (int i = 0;; ++i) {
      auto news = delta();
      for (int j = 0; j < 20; ++j) news.assets.push_back(asset(std::to_string(i * 20 + j), "m"));
      news.next = SyncToken{std::to_string(i + 1)};
      if (!catalog->apply(news)) ::_exit(1);
      if (i == 20 && ::write(ready[1], "x", 1) != 1) ::_exit(1);
    }
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  const auto catalog = open().value();
  const auto state = catalog->libraries().value().front();
  const auto deltas = std::stoll(state.token->value);
  EXPECT_GE(deltas, 21);
  EXPECT_EQ(static_cast<long long>(ids_of(*catalog).size()), deltas * 20);
  EXPECT_EQ(state.known, deltas * 20);
  ::close(ready[0]);
  ::close(ready[1]);
}

}  // namespace
}  // namespace icloudphotos::catalog
