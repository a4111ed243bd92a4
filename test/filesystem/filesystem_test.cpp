// SPDX-License-Identifier: MIT
// What every program may expect of the tree, told once and asked of both: the file system in process and a real mount.
#include <algorithm>
#include <cerrno>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "icloudphotos/base/text.h"

#include "view.h"

namespace icloudphotos {
namespace {

struct InProcess {
  static std::unique_ptr<View> make() { return make_view_in_process(); }
};
struct Mount {
  static std::unique_ptr<View> make() { return make_view_of_mount(); }
};

const std::string kPersonal = "Personal Library";
const std::string kAll = "Personal Library/All Photos";

template <class Way>
class Expectations : public testing::Test {
 protected:
  static void SetUpTestSuite() { view_ = Way::make(); }
  static void TearDownTestSuite() { view_.reset(); }

  static View& view() { return *view_; }
  static struct stat stat(const std::string& path) {
    const auto answer = view().stat(path);
    EXPECT_EQ(answer.error, 0) << path;
    return answer.value;
  }
  static std::set<std::string> names(const std::string& path) {
    const auto answer = view().list(path);
    EXPECT_EQ(answer.error, 0) << path;
    return {answer.value.begin(), answer.value.end()};
  }
  /// Every path below, directories before what is in them.
  static std::vector<std::string> walk(const std::string& path) {
    std::vector<std::string> all;
    for (const auto& name : names(path)) {
      const auto below = path.empty() ? name : path + "/" + name;
      all.push_back(below);
      if (!S_ISDIR(stat(below).st_mode)) continue;
      for (auto& deeper : walk(below)) all.push_back(std::move(deeper));
    }
    return all;
  }
  static std::vector<std::string> files(const std::string& path) {
    auto all = walk(path);
    std::erase_if(all, [](const std::string& each) { return !S_ISREG(stat(each).st_mode); });
    return all;
  }

 private:
  static inline std::unique_ptr<View> view_;
};

using Ways = testing::Types<InProcess, Mount>;
TYPED_TEST_SUITE(Expectations, Ways);

TYPED_TEST(Expectations, TheRootHasTheTwoLibrariesTheSharedAlbumsAndInodeOne) {
  EXPECT_EQ(this->names(""), (std::set<std::string>{"Personal Library", "Shared Albums", "Shared Library"}));
  EXPECT_EQ(this->stat("").st_ino, 1U);
  EXPECT_TRUE(S_ISDIR(this->stat("").st_mode));
}

TYPED_TEST(Expectations, ALibraryHasItsViewsAndTheSharedOneNoAlbums) {
  const std::set<std::string> views{"All Photos", "Favorites", "Media Types", "On This Day", "Recents"};
  EXPECT_EQ(this->names("Shared Library"), views);
  auto personal = views;
  personal.insert("Albums");
  EXPECT_EQ(this->names(kPersonal), personal);
}

TYPED_TEST(Expectations, ThereAreOnlyDirectoriesAndFilesThatNobodyMayWrite) {
  for (const auto& path : this->walk("")) {
    const auto mode = this->stat(path).st_mode;
    EXPECT_TRUE(mode == (S_IFDIR | 0555) || mode == (S_IFREG | 0444)) << path << " " << std::oct << mode;
  }
}

TYPED_TEST(Expectations, EveryNameIsLegalAndUniqueWhateverWasUploaded) {
  for (const auto& path : this->walk("")) {
    const auto name = path.substr(path.rfind('/') + 1);
    EXPECT_LE(name.size(), 255U);
    EXPECT_TRUE(is_utf8(name)) << path;
    EXPECT_EQ(nfc(name), name);
    EXPECT_EQ(name.find_first_of("\\:*?\"<>|"), std::string::npos) << path;
    EXPECT_NE(name.front(), '.') << path;
    EXPECT_TRUE(name.back() != '.' && name.back() != ' ') << path;
    EXPECT_EQ(printable(name), name);
  }
  for (const auto& path : this->walk("")) {
    if (!S_ISDIR(this->stat(path).st_mode)) continue;
    std::set<std::string> folded;
    for (const auto& name : this->names(path))
      EXPECT_TRUE(folded.insert(case_fold(name)).second) << path << "/" << name;
  }
}

TYPED_TEST(Expectations, ADirectoryCountsItsSubdirectoriesAndAFileItsNames) {
  std::map<ino_t, nlink_t> names_of;
  for (const auto& path : this->files("")) ++names_of[this->stat(path).st_ino];
  for (const auto& path : this->walk("")) {
    const auto attributes = this->stat(path);
    if (S_ISREG(attributes.st_mode)) {
      EXPECT_EQ(attributes.st_nlink, names_of[attributes.st_ino]) << path;
      continue;
    }
    nlink_t links = 2;
    for (const auto& name : this->names(path)) links += S_ISDIR(this->stat(path + "/" + name).st_mode) ? 1 : 0;
    EXPECT_EQ(attributes.st_nlink, links) << path;
  }
}

TYPED_TEST(Expectations, AllPhotosHasEveryFileExactlyOnceAndViewsOnlyLinkToThem) {
  std::set<ino_t> all;
  for (const auto& path : this->files(kAll)) EXPECT_TRUE(all.insert(this->stat(path).st_ino).second) << path;
  EXPECT_GT(all.size(), 40U);
  std::size_t linked = 0;
  for (const auto* view : {"/Albums", "/Favorites", "/Media Types"}) {
    for (const auto& path : this->files(kPersonal + view)) {
      EXPECT_TRUE(all.contains(this->stat(path).st_ino)) << path;
      ++linked;
    }
  }
  EXPECT_GT(linked, 20U);
}

TYPED_TEST(Expectations, EveryFileHasExactlyTheBytesItsSizePromises) {
  for (const auto& path : this->files("")) {
    const auto size = static_cast<std::uint64_t>(this->stat(path).st_size);
    EXPECT_EQ(this->stat(path).st_blocks, static_cast<blkcnt_t>((size + 511) / 512)) << path;
    const auto whole = this->view().read(path, 0, size + 100);
    // A photo that is still being uploaded has a size and no bytes yet; everything else is here.
    if (whole.error == ESTALE) continue;
    EXPECT_EQ(whole.error, 0) << path;
    EXPECT_EQ(whole.value.size(), size) << path;
  }
}

TYPED_TEST(Expectations, AnyRangeReadsAsTheSamePartOfTheWhole) {
  std::string longest;
  for (const auto& path : this->files(kAll)) {
    if (longest.empty() || this->stat(path).st_size > this->stat(longest).st_size) longest = path;
  }
  const auto size = static_cast<std::size_t>(this->stat(longest).st_size);
  const auto whole = this->view().read(longest, 0, size).value;
  std::mt19937 random{20261121};
  for (int i = 0; i < 200; ++i) {
    const auto offset = random() % (size + 10);
    const auto length = random() % (i % 2 ? 100 : size);
    const auto expected = offset < size ? whole.substr(offset, length) : std::string{};
    EXPECT_EQ(this->view().read(longest, offset, length).value, expected) << offset << "+" << length;
  }
}

TYPED_TEST(Expectations, AFileBeginsAsItsExtensionSays) {
  const std::map<std::string, std::string> magic{{".JPG", "\xff\xd8\xff"}, {".PNG", "\x89PNG"}, {".GIF", "GIF8"}};
  int seen = 0;
  for (const auto& path : this->files(kAll)) {
    const auto found = magic.find(ascii_upper(path.substr(std::min(path.size(), path.rfind('.')))));
    if (found == magic.end() || this->stat(path).st_size == 0) continue;
    const auto head = this->view().read(path, 0, found->second.size());
    if (head.error != 0) continue;
    EXPECT_EQ(head.value, found->second) << path;
    ++seen;
  }
  EXPECT_GT(seen, 20);
}

TYPED_TEST(Expectations, AMissingNameIsMissingAsOftenAsItIsAskedFor) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(this->view().stat("nothing").error, ENOENT);
    EXPECT_EQ(this->view().stat(kAll + "/.hidden").error, ENOENT);
    EXPECT_EQ(this->view().read(kPersonal + "/Favorites/none.JPG", 0, 1).error, ENOENT);
  }
}

TYPED_TEST(Expectations, ProgramsFindTheControlDirectoryByItsNameAndNobodySeesItInAListing) {
  EXPECT_EQ(this->stat(".icloudphotos").st_mode, static_cast<mode_t>(S_IFDIR | 0555));
  EXPECT_FALSE(this->names("").contains(".icloudphotos"));
  EXPECT_TRUE(this->names(".icloudphotos").contains("changes"));
  for (const auto& name : this->names(".icloudphotos")) {
    const auto path = ".icloudphotos/" + name;
    EXPECT_EQ(this->stat(path).st_mode, static_cast<mode_t>(S_IFREG | 0444)) << path;
    EXPECT_EQ(this->view().read(path, 0, 1 << 20).error, 0) << path;
  }
  EXPECT_EQ(this->view().stat(".icloudphotos/nothing").error, ENOENT);
  EXPECT_EQ(this->view().stat(kPersonal + "/.icloudphotos").error, ENOENT);
  EXPECT_EQ(this->view().list(".icloudphotos/changes").error, ENOTDIR);
}

TYPED_TEST(Expectations, TheSameInodeIsTheSameBytes) {
  std::map<ino_t, std::string> first;
  for (const auto& path : this->files(kPersonal)) {
    const auto attributes = this->stat(path);
    const auto bytes = this->view().read(path, 0, 4096);
    if (bytes.error != 0) continue;
    const auto [at, added] = first.emplace(attributes.st_ino, bytes.value);
    EXPECT_TRUE(added || at->second == bytes.value) << path;
  }
}

}  // namespace
}  // namespace icloudphotos
