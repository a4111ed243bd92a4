// SPDX-License-Identifier: MIT
#include "auth/session_file.h"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "icloudphotos/base/files.h"

#include "auth/memory.h"
#include "temp_dir.h"

namespace icloudphotos::auth {
namespace {

constexpr const char* kAccount = "ann@example.com";

class SavedFile : public testing::Test {
 protected:
  [[nodiscard]] SessionFile file() const { return {directory.path(), kAccount}; }
  void write(const std::string& text, mode_t mode = 0600) {
    std::ofstream{path} << text;
    ::chmod(path.c_str(), mode);
  }
  [[nodiscard]] static SavedSession session() {
    SavedSession session;
    session.account = kAccount;
    session.client_id = "c1";
    session.trust_token = Secret{"trust \"quoted\" \xc3\xa4"};
    return session;
  }
  TempDir directory;
  std::filesystem::path path = directory / "session.json";
  std::filesystem::path aside = directory / "session.json.bad";
};

TEST_F(SavedFile, ComesBackAsItWent) {
  auto session = SavedFile::session();
  session.session_token = Secret{"s"};
  session.session_id = Secret{"i"};
  session.scnt = Secret{"n"};
  session.auth_attributes = Secret{"a"};
  session.account_country = "DEU";
  session.dsid = "123";
  session.region = "cn";
  session.webservices = {{"ckdatabasews", "https://p1-ckdatabasews.icloud.com:443"},
                         {"photos", "https://p1-photosws.icloud.com:443"}};
  session.signed_in = session.unfinished = session.code_accepted = true;
  session.last_login = TimePoint{std::chrono::milliseconds{1'700'000'000'001}};
  session.password_refused_at = TimePoint{std::chrono::milliseconds{2}};
  session.person_wanted_at = TimePoint{std::chrono::milliseconds{3}};
  session.unattended_at = TimePoint{std::chrono::milliseconds{13}};
  session.identity_url = "https://idmsa.apple.com.cn";
  session.refused_salt = "salt";
  session.refused_mark = 4711;
  session.half_way = HalfWay{TimePoint{std::chrono::milliseconds{8}}, FactorOptions{}, 3, true, 2, 1};
  session.half_way->options->phones.push_back({{3, "+1 (•••) •••-••81", true}, false});
  session.half_way->options->trusted_devices = false;
  session.person_told = session.data_protected = true;
  session.trusted_since = TimePoint{std::chrono::milliseconds{9}};
  session.renew_trust_at = TimePoint{std::chrono::milliseconds{10}};
  session.failed_renewals = 11;
  session.warned_days = 7;
  session.approval_asked_at = TimePoint{std::chrono::milliseconds{12}};
  session.identity_pause = {TimePoint{std::chrono::milliseconds{4}}, 5};
  session.setup_pause = {TimePoint{std::chrono::milliseconds{6}}, 7};
  const TimePoint now{std::chrono::seconds{1'700'000'000}};
  const auto* url = "https://setup.icloud.com/setup/ws/1/validate";
  session.cookies.store(url, "X-APPLE-WEBAUTH-LOGIN=\"v=1:t=x\";Path=/;Domain=.icloud.com;Secure", now);  // no expiry
  const auto text = write_session(session);
  ASSERT_TRUE(file().save(text));
  const auto loaded = file().load();
  ASSERT_TRUE(loaded) << loaded.error().message();
  ASSERT_TRUE(loaded->has_value());
  EXPECT_EQ(write_session(**loaded), text);
  ASSERT_TRUE((*loaded)->half_way && (*loaded)->half_way->options);
  EXPECT_EQ((*loaded)->half_way->options->phones.at(0).non_fteu, false);
  EXPECT_EQ((*loaded)->photos_url(), "https://p1-ckdatabasews.icloud.com:443");
  EXPECT_EQ((*loaded)->cookies.header_for("https://p1-ckdatabasews.icloud.com/", now).reveal(),
            "X-APPLE-WEBAUTH-LOGIN=\"v=1:t=x\"");
}

TEST_F(SavedFile, IsForItsOwnerOnly) {
  const auto umask_before = ::umask(0);
  ASSERT_TRUE(file().save(write_session(session())));
  ASSERT_TRUE(file().save(write_session(session())));
  ::umask(umask_before);
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(SavedFile, NoneIsNoError) {
  const auto loaded = file().load();
  ASSERT_TRUE(loaded);
  EXPECT_FALSE(loaded->has_value());
}

TEST_F(SavedFile, WhatCannotBeUnderstoodIsSetAsideAndForgotten) {
  const auto whole = write_session(session());
  for (const auto& text :
       {std::string{}, std::string{"garbage \xff"}, whole.substr(0, whole.size() / 2), std::string{"[]"},
        std::string{R"({"version":2,"client_id":"c"})"}, std::string{R"({"version":1})"}}) {
    write(text);
    const auto loaded = file().load();
    ASSERT_TRUE(loaded) << text;
    EXPECT_FALSE(loaded->has_value()) << text;
    EXPECT_FALSE(std::filesystem::exists(path));
    EXPECT_EQ(read_file(aside).value_or("?"), text);
  }
}

TEST_F(SavedFile, OfAnotherAccountIsSetAside) {
  auto other = session();
  other.account = "bob@example.com";
  ASSERT_TRUE(file().save(write_session(other)));
  const auto loaded = file().load();
  ASSERT_TRUE(loaded);
  EXPECT_FALSE(loaded->has_value());
  EXPECT_TRUE(std::filesystem::exists(aside));
}

TEST_F(SavedFile, ThatOthersCouldTouchIsRefused) {
  for (const mode_t mode : {0644U, 0620U, 0666U}) {
    write(write_session(session()), mode);
    const auto loaded = file().load();
    ASSERT_FALSE(loaded) << mode;
    EXPECT_EQ(loaded.error().kind(), ErrorKind::Storage);
    EXPECT_NE(loaded.error().message().find("chmod it 600"), std::string::npos);
  }
}

TEST_F(SavedFile, OwnedBySomebodyElseIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  write(write_session(session()));
  ASSERT_EQ(::chown(path.c_str(), 12345, 12345), 0);
  EXPECT_FALSE(file().load());
}

TEST_F(SavedFile, IsNeitherALinkNorADirectory) {
  std::ofstream{directory / "elsewhere"} << write_session(session());
  std::filesystem::create_symlink(directory / "elsewhere", path);
  EXPECT_FALSE(file().load());
  EXPECT_EQ(read_file(directory / "elsewhere").value_or(""), write_session(session())) << "not touched";
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  EXPECT_FALSE(file().load());
}

TEST_F(SavedFile, TimesBeyondReasonAreDropped) {
  const auto loaded = read_session(
      R"({"version":1,"client_id":"c","identity_pause":{"until_ms":9223372036854775807},"last_login_ms":-5})");
  ASSERT_TRUE(loaded);
  EXPECT_FALSE(loaded->identity_pause.until);
  EXPECT_FALSE(loaded->last_login);
}

TEST_F(SavedFile, AChangeIsOnDiskWhenItReturnsAndTheOldFileIsNeverHalfOverwritten) {
  Memory memory{file(), session()};
  ASSERT_TRUE(memory.change([](SavedSession& session) { session.dsid = "1"; }));
  std::filesystem::create_hard_link(path, directory / "before");
  ASSERT_TRUE(memory.change([](SavedSession& session) { session.dsid = "2"; }));
  const auto now = file().load();
  ASSERT_TRUE(now && now->has_value());
  EXPECT_EQ((*now)->dsid, "2");
  EXPECT_NE(read_file(directory / "before").value_or("").find(R"("dsid":"1")"), std::string::npos)
      << "the old content is whole";
}

TEST_F(SavedFile, AChangeThatChangesNothingIsNotWritten) {
  Memory memory{file(), session()};
  ASSERT_TRUE(memory.change([](SavedSession& session) { session.dsid = "1"; }));
  std::filesystem::remove(path);
  ASSERT_TRUE(memory.change([](SavedSession& session) { session.dsid = "1"; }));
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(SavedFile, WhatCannotBeWrittenIsRememberedInMemory) {
  Memory memory{{directory / "gone", kAccount}, session()};
  const auto saved = memory.change([](SavedSession& session) { session.dsid = "1"; });
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().kind(), ErrorKind::Storage);
  EXPECT_EQ(memory.copy().dsid, "1");
}

}  // namespace
}  // namespace icloudphotos::auth
