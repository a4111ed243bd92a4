// SPDX-License-Identifier: MIT
#include "icloudphotos/cli/options.h"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <unistd.h>

#include "option_table.h"
#include "temp_dir.h"

using namespace icloudphotos;
using namespace icloudphotos::cli;
using namespace std::chrono_literals;

namespace {

/// A home of its own, with or without a configuration file.
struct Home {
  explicit Home(const std::string& config = {}) {
    if (config.empty()) return;
    std::filesystem::create_directories(directory / ".config/icloudphotos");
    std::ofstream{directory / ".config/icloudphotos/config.toml"} << config;
  }
  [[nodiscard]] Environment environment(Environment more = {}) const {
    more.emplace("HOME", directory.path());
    return more;
  }
  TempDir directory;
};

std::vector<std::string> mount_with(std::vector<std::string> words) {
  words.insert(words.begin(), "mount.icloudphotos");
  return words;
}

MountOptions options_of(const std::vector<std::string>& arguments,
                        const Environment& environment = {{"HOME", "/home/ann"}}) {
  const auto command = parse(arguments, environment);
  EXPECT_TRUE(command) << command.error().message();
  if (!command || !std::holds_alternative<MountOptions>(*command)) return {};
  return std::get<MountOptions>(*command);
}

std::string complaint_about(const std::vector<std::string>& arguments,
                            const Environment& environment = {{"HOME", "/home/ann"}}) {
  const auto command = parse(arguments, environment);
  if (command) return "(taken)";
  EXPECT_EQ(command.error().kind(), ErrorKind::Usage);
  return command.error().message();
}

testing::AssertionResult says(const std::string& sentence, std::string_view part) {
  if (sentence.find(part) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << '"' << sentence << "\" does not say \"" << part << '"';
}

std::string text_of(const std::vector<std::string>& arguments) {
  const auto command = parse(arguments, {{"HOME", "/home/ann"}});
  return command && std::holds_alternative<Message>(*command) ? std::get<Message>(*command).text : "(no text)";
}

}  // namespace

TEST(Options, NeedNoMoreThanAMountPoint) {
  const auto options = options_of(mount_with({"/mnt/photos/"}));
  EXPECT_EQ(options.mount_point, "/mnt/photos");
  EXPECT_EQ(options.account, "");
  EXPECT_EQ(options.state_home, "/home/ann/.local/state/icloudphotos");
  EXPECT_EQ(options.cache_home, "/home/ann/.cache/icloudphotos");
  EXPECT_EQ(options.layout, "%Y/%m");
  EXPECT_EQ(options.poll, 5min);
  EXPECT_EQ(options.umask, 022U);
  EXPECT_FALSE(options.foreground);
  EXPECT_FALSE(options.uid);
}

TEST(Options, TakeTheAccountBeforeTheMountPoint) {
  const auto options = options_of(mount_with({"ann@example.com", "photos"}));
  EXPECT_EQ(options.account, "ann@example.com");
  EXPECT_EQ(options.mount_point, std::filesystem::current_path() / "photos");
  EXPECT_EQ(options_of(mount_with({"ann@example.com:/", "/m"})).account, "ann@example.com");
  EXPECT_EQ(options_of(mount_with({"+86 138 0000 0000", "/m"})).account, "+86 138 0000 0000");
  EXPECT_EQ(options_of(mount_with({"none", "/m"})).account, "");
}

TEST(Options, CanBeWrittenInEveryWayTheyAreMeantToBe) {
  const Home home{
      "poll = 600\nconnections = 3\nmax_rate = \"2M\"\nallow_other = true\nlayout = '%Y'\nread-timeout = \"9s\"\n"};
  const auto options =
      options_of(mount_with({"-f", "--cache-size=20G", "--ca-file", "/pem", "-o", "uid=7,umask=077", "-ogid=8", "/m"}),
                 home.environment({{"ICLOUDPHOTOS_IDENTITY_URL", "https://x"}}));
  EXPECT_TRUE(options.foreground);
  EXPECT_EQ(options.cache_bytes, std::uint64_t{20} << 30);
  EXPECT_EQ(options.ca_file, "/pem");
  EXPECT_EQ(options.uid, 7U);
  EXPECT_EQ(options.gid, 8U);
  EXPECT_EQ(options.umask, 077U);
  EXPECT_EQ(options.identity_url, "https://x");
  EXPECT_EQ(options.poll, 10min);
  EXPECT_EQ(options.connections, 3U);
  EXPECT_EQ(options.max_rate, std::uint64_t{2} << 20);
  EXPECT_TRUE(options.allow_other);
  EXPECT_EQ(options.layout, "%Y");
  EXPECT_EQ(options.read_timeout, 9s);
}

TEST(Options, WeighTheCommandLineOverMountOptionsOverEnvironmentOverFile) {
  const Home home{"poll = \"4m\"\n"};
  const Environment variable{{"ICLOUDPHOTOS_POLL", "3m"}};
  const std::vector<std::string> list{"-o", "poll=2m"}, line{"--poll=1m"};
  struct Row {
    bool file, environment, mount_option, command_line;
    std::chrono::seconds poll;
  };
  for (int which = 0; which < 16; ++which) {
    const Row row{(which & 1) != 0, (which & 2) != 0, (which & 4) != 0, (which & 8) != 0,
                  which >= 8   ? 1min
                  : which >= 4 ? 2min
                  : which >= 2 ? 3min
                  : which >= 1 ? 4min
                               : 5min};
    std::vector<std::string> words{"/m"};
    if (row.command_line) words.insert(words.end(), line.begin(), line.end());
    if (row.mount_option) words.insert(words.end(), list.begin(), list.end());
    auto environment = row.environment ? variable : Environment{};
    environment.emplace("HOME", row.file ? home.directory.path() : "/nowhere");
    EXPECT_EQ(options_of(mount_with(words), environment).poll, row.poll) << which;
  }
}

TEST(Options, TakeTheLastOfSeveral) {
  EXPECT_EQ(options_of(mount_with({"--poll=1m", "/m", "--poll=2m"})).poll, 2min);
  EXPECT_EQ(options_of(mount_with({"-o", "poll=1m,poll=3m", "/m", "-o", "poll=2m"})).poll, 2min);
}

TEST(Options, SwitchOnAndOff) {
  EXPECT_TRUE(options_of(mount_with({"--demo", "/m"})).demo);
  EXPECT_TRUE(options_of(mount_with({"/m", "-o", "demo"})).demo);
  EXPECT_FALSE(options_of(mount_with({"--demo=no", "/m"})).demo);
  const Home home{"allow-other = true\n"};
  EXPECT_FALSE(options_of(mount_with({"/m", "-o", "allow_other=no"}), home.environment()).allow_other);
}

TEST(Options, ShowDebugOutputOfTheCommandLineInTheForeground) {
  EXPECT_TRUE(options_of(mount_with({"-d", "/m"})).foreground);
  EXPECT_TRUE(options_of(mount_with({"-d", "/m"})).debug);
  const auto quiet = options_of(mount_with({"-o", "debug", "/m"}));
  EXPECT_TRUE(quiet.debug);
  EXPECT_FALSE(quiet.foreground);
}

TEST(Options, CanBeGivenByMount8WithItsOwnMeaningOfFlags) {
  const auto options =
      options_of({"/sbin/mount.icloudphotos", "ann@example.com", "/m", "-s", "-n", "-v", "-o",
                  "rw,noexec,nosuid,nodev,_netdev,nofail,user,x-systemd.automount,uid=5,layout=\"%Y,%m\"", "-t",
                  "fuse.icloudphotos"});
  EXPECT_EQ(options.account, "ann@example.com");
  EXPECT_EQ(options.uid, 5U);
  EXPECT_EQ(options.layout, "%Y,%m");
  EXPECT_FALSE(options.foreground);
  EXPECT_FALSE(options.debug);
}

TEST(Options, MeanToPretendWhenMount8SaysMinusF) {
  EXPECT_EQ(text_of({"mount.icloudphotos", "none", "/m", "-f", "-o", "rw"}), "");
  EXPECT_TRUE(
      says(complaint_about({"mount.icloudphotos", "none", "/m", "-f", "-o", "rw,polll=5"}), "did you mean poll?"));
  EXPECT_TRUE(options_of({"mount.icloudphotos", "none", "/m", "-f", "-o", "poll=5m"}).foreground);
}

TEST(Options, AreRefusedInAnotherNamespaceOrOfAnotherType) {
  EXPECT_TRUE(says(complaint_about({"mount.icloudphotos", "none", "/m", "-o", "rw", "-N", "1"}), "nsenter"));
  EXPECT_TRUE(says(complaint_about({"mount.icloudphotos", "none", "/m", "-o", "rw", "-t", "ext4"}), "ext4"));
}

TEST(Options, WorkUnderBothNamesOfTheProgram) {
  EXPECT_EQ(options_of({"/usr/bin/icloudphotos", "mount", "/m", "--demo"}).mount_point, "/m");
  EXPECT_EQ(options_of({"icloudphotos", "ann@example.com", "/m", "-o", "rw,dev,suid"}).account, "ann@example.com");
  const auto command = parse({"icloudphotos", "unmount", "/m/"}, {});
  ASSERT_TRUE(command);
  EXPECT_EQ(std::get<UnmountOptions>(*command).mount_point, "/m");
}

TEST(Options, SuggestTheNearestRightWord) {
  EXPECT_TRUE(says(complaint_about(mount_with({"--cache-sise=20G", "/m"})), "did you mean --cache-size?"));
  EXPECT_TRUE(says(complaint_about(mount_with({"--chache_size", "1G", "/m"})), "did you mean --cache-size?"));
  EXPECT_TRUE(says(complaint_about(mount_with({"-o", "cahce_size=1G", "/m"})), "did you mean cache_size?"));
  EXPECT_TRUE(says(complaint_about({"icloudphotos", "umnount", "/m"}), "did you mean unmount?"));
  const Home home{"pol = 5\n"};
  EXPECT_TRUE(says(complaint_about(mount_with({"/m"}), home.environment()),
                   "config.toml, line 1: there is no option pol; did you mean poll?"));
  const auto nothing_near = complaint_about(mount_with({"--xyzzy", "/m"}));
  EXPECT_TRUE(says(nothing_near, "--xyzzy"));
  EXPECT_FALSE(says(nothing_near, "did you mean"));
}

TEST(Options, RefuseAPasswordWithoutRepeatingIt) {
  const Home home{"password = \"hunter2\"\n"};
  for (const auto& sentence :
       {complaint_about(mount_with({"--password=hunter2", "/m"})),
        complaint_about(mount_with({"--password", "hunter2", "/m"})),
        complaint_about(mount_with({"-o", "password=hunter2", "/m"})),
        complaint_about(mount_with({"/m"}), {{"HOME", "/h"}, {"ICLOUDPHOTOS_PASSWORD", "hunter2"}}),
        complaint_about(mount_with({"/m"}), home.environment())}) {
    EXPECT_TRUE(says(sentence, "--password-file"));
    EXPECT_FALSE(says(sentence, "hunter2"));
  }
}

TEST(Options, RefuseToBeWritableOnlyWhenAPersonAsksForIt) {
  EXPECT_TRUE(says(complaint_about(mount_with({"-o", "rw", "/m"})), "read-only"));
  EXPECT_EQ(options_of(mount_with({"-o", "ro,defaults,noatime", "/m"})).mount_point, "/m");
}

TEST(Options, SayWhatIsWrongWithAValueAndWhereItStands) {
  EXPECT_TRUE(says(complaint_about(mount_with({"--poll=5", "/m"})), "--poll: it must be from 60 s"));
  EXPECT_TRUE(
      says(complaint_about(mount_with({"-o", "cache_size=big", "/m"})), "-o cache_size: \"big\" is not a size"));
  EXPECT_TRUE(says(complaint_about(mount_with({"-o", "cache_size", "/m"})), "cache_size=SIZE"));
  EXPECT_TRUE(
      says(complaint_about(mount_with({"/m"}), {{"HOME", "/h"}, {"ICLOUDPHOTOS_UMASK", "9"}}), "ICLOUDPHOTOS_UMASK: "));
  for (const auto* bad : {"--connections=0",
                          "--connections=33",
                          "--max-rate=5",
                          "--umask=1000",
                          "--uid=nobody-of-that-name",
                          "--read-timeout=0",
                          "--incomplete-wait=2h",
                          "--cache-size=1M",
                          "--account=",
                          "--demo=perhaps",
                          "--layout= ",
                          "--layout={:}",
                          "--ca-file=",
                          "--timezone=",
                          "--timezone=/etc/localtime",
                          "--timezone=Europe Berlin",
                          "--versions=all",
                          "--live=yes",
                          "--unicode=ascii",
                          "--xmp=nowhere",
                          "--df=all",
                          "--hidden=perhaps"})
    EXPECT_NE(complaint_about(mount_with({bad, "/m"})), "(taken)") << bad;
}

TEST(Options, SayWhichLineOfTheFileCannotBeRead) {
  const Home broken{"poll = 300\nlayout = = 1\n"};
  EXPECT_TRUE(says(complaint_about(mount_with({"/m"}), broken.environment()), "config.toml, line 2"));
  const Home table{"\n [mount]\npoll = 300\n"};
  EXPECT_TRUE(says(complaint_about(mount_with({"/m"}), table.environment()), "config.toml, line 2"));
  const Home list{"poll = [1, 2]\n"};
  EXPECT_TRUE(says(complaint_about(mount_with({"/m"}), list.environment()), "poll must be"));
}

TEST(Options, KeepTheLettersOfEveryLanguageInTheFile) {
  const Home home{"# für später\ncache-dir = \"/fotos/Übung `1`\"\npassword-command = 'печать \\u00e9'\n"};
  const auto options = options_of(mount_with({"/m"}), home.environment());
  EXPECT_EQ(options.cache_home, "/fotos/Übung `1`");
  EXPECT_EQ(options.password_command, "печать \\u00e9");
  const Home broken{"\xc4\x96 = 1\n"};
  EXPECT_TRUE(says(complaint_about(mount_with({"/m"}), broken.environment()), "line 1"));
  const Home no_text{"poll = \"\xff\"\n"};
  EXPECT_TRUE(says(complaint_about(mount_with({"/m"}), no_text.environment()), "UTF-8"));
}

TEST(Options, RefuseAFileThatOthersMayWrite) {
  const Home home{"poll = 300\n"};
  std::filesystem::permissions(home.directory / ".config/icloudphotos/config.toml", std::filesystem::perms{0666});
  EXPECT_TRUE(says(complaint_about(mount_with({"/m"}), home.environment()), "chmod o-w"));
}

TEST(Options, RefuseOperandsThatMakeNoSense) {
  EXPECT_TRUE(says(complaint_about(mount_with({})), "say where to mount"));
  EXPECT_TRUE(says(complaint_about(mount_with({"a@b.c", "/m", "/n"})), "one too many"));
  EXPECT_TRUE(says(complaint_about(mount_with({"/m", "/n"})), "no Apple Account"));
  EXPECT_TRUE(says(complaint_about(mount_with({"ann@example.com:Albums", "/m"})), "a part of a library"));
  EXPECT_TRUE(says(complaint_about({"icloudphotos", "unmount"}), "say what to unmount"));
}

TEST(Options, RefuseToKeepOurFilesInsideTheMount) {
  EXPECT_TRUE(says(complaint_about(mount_with({"/home/ann"})), "must not lie inside"));
  EXPECT_TRUE(says(complaint_about(mount_with({"/m", "--cache-dir=/m/cache"})), "must not lie inside"));
  EXPECT_EQ(options_of(mount_with({"/m", "--cache-dir=/mm"})).cache_home, "/mm");
}

TEST(Options, FindTheirDirectoriesAsSystemdAndXdgSay) {
  const Environment xdg{{"HOME", "/h"}, {"XDG_STATE_HOME", "/s"}, {"XDG_CACHE_HOME", "relative"}};
  EXPECT_EQ(options_of(mount_with({"/m"}), xdg).state_home, "/s/icloudphotos");
  EXPECT_EQ(options_of(mount_with({"/m"}), xdg).cache_home, "/h/.cache/icloudphotos");
  auto systemd = xdg;
  systemd.emplace("STATE_DIRECTORY", "/var/lib/icloudphotos:/other");
  EXPECT_EQ(options_of(mount_with({"/m"}), systemd).state_home, "/var/lib/icloudphotos");
  EXPECT_EQ(options_of(mount_with({"/m", "--state-dir=~/x"}), systemd).state_home, "/h/x");
  EXPECT_TRUE(options_of(mount_with({"/m"}), {}).state_home.is_absolute());
}

TEST(Options, HelpNamesEveryWayToStartAndVersionTheVersion) {
  for (const auto* word : {"-h", "--help"}) EXPECT_TRUE(says(text_of(mount_with({word})), "--cache-size=SIZE"));
  EXPECT_TRUE(says(text_of({"icloudphotos"}), "icloudphotos unmount DIR"));
  EXPECT_TRUE(says(text_of({"icloudphotos", "unmount", "-h"}), "icloudphotos unmount DIR"));
  for (const auto* word : {"-v", "-V", "--version"})
    EXPECT_TRUE(text_of(mount_with({word})).starts_with("mount.icloudphotos "));
}

TEST(Options, AreAllInTheHelpAndInTheManual) {
  std::ifstream in{ICLOUDPHOTOS_MANUAL};
  std::string manual{std::istreambuf_iterator<char>{in}, {}};
  std::erase(manual, '\\');
  const auto help = text_of(mount_with({"--help"}));
  for (const auto name : option_names()) {
    EXPECT_TRUE(says(help, "--" + std::string{name})) << name;
    EXPECT_NE(manual.find("--" + std::string{name}), std::string::npos) << name;
  }
}

TEST(Options, SayWhatIsShownAndHow) {
  const auto usual = options_of(mount_with({"/m"}));
  EXPECT_EQ(usual.layout, "%Y/%m");
  EXPECT_EQ(usual.timezone, "photo");
  EXPECT_EQ(usual.versions, ShownVersions::Both);
  EXPECT_EQ(usual.xmp, Sidecars::None);
  EXPECT_FALSE(usual.icloudpd_names || usual.live_suffix || usual.ascii_names);
  EXPECT_FALSE(usual.hidden || usual.deleted || usual.jpeg || usual.xattr || usual.df_quota);
  const auto other =
      options_of(mount_with({"--layout={:%Y/%m/%d}", "--timezone=America/Port-au-Prince", "--versions=current",
                             "--hidden", "-o", "deleted,jpeg,xattr,xmp=lightroom", "/m"}));
  EXPECT_EQ(other.layout, "%Y/%m/%d");
  EXPECT_EQ(other.timezone, "America/Port-au-Prince");
  EXPECT_EQ(other.versions, ShownVersions::Current);
  EXPECT_EQ(other.xmp, Sidecars::Lightroom);
  EXPECT_TRUE(other.hidden && other.deleted && other.jpeg && other.xattr);
  EXPECT_EQ(options_of(mount_with({"--timezone=Etc/GMT+5", "/m"})).timezone, "Etc/GMT+5");
  const Home home{"xmp = true\nhidden = true\n"};
  EXPECT_EQ(options_of(mount_with({"/m"}), home.environment()).xmp, Sidecars::Plain);
  EXPECT_EQ(options_of(mount_with({"--xmp=off", "/m"}), home.environment()).xmp, Sidecars::None);
}

TEST(Options, OfIcloudpdAreAPresetOfWhichEachCanBeChanged) {
  const auto preset = options_of(mount_with({"--layout=icloudpd", "/m"}));
  EXPECT_EQ(preset.layout, "%Y/%m/%d");
  EXPECT_EQ(preset.timezone, "local");
  EXPECT_EQ(preset.versions, ShownVersions::Original);
  EXPECT_TRUE(preset.icloudpd_names && preset.live_suffix && preset.ascii_names);
  const std::vector<std::string> own{"--timezone=UTC", "--versions=both", "--live=original", "--unicode=keep"};
  const Home home{"layout = \"icloudpd\"\n"};
  std::vector<std::string> before{"--layout=icloudpd", "/m"}, after{"/m"};
  before.insert(before.end(), own.begin(), own.end());
  after.insert(after.begin(), own.begin(), own.end());
  const auto from_file = after;
  after.emplace_back("--layout=icloudpd");
  for (const auto& changed : {options_of(mount_with(before)), options_of(mount_with(after)),
                              options_of(mount_with(from_file), home.environment())}) {
    EXPECT_TRUE(changed.icloudpd_names);
    EXPECT_EQ(changed.layout, "%Y/%m/%d");
    EXPECT_EQ(changed.timezone, "UTC");
    EXPECT_EQ(changed.versions, ShownVersions::Both);
    EXPECT_FALSE(changed.live_suffix || changed.ascii_names);
  }
  EXPECT_FALSE(options_of(mount_with({"--layout=%Y", "/m"}), home.environment()).icloudpd_names);
}

TEST(Options, ThatAreAboutIcloudpdNeedItsNames) {
  EXPECT_TRUE(says(complaint_about(mount_with({"--live=suffix", "/m"})), "layout=icloudpd"));
  EXPECT_TRUE(says(complaint_about(mount_with({"--unicode=remove", "/m"})), "unicode=remove"));
  EXPECT_EQ(options_of(mount_with({"--unicode=keep", "--live=original", "/m"})).layout, "%Y/%m");
}

TEST(Options, SayWhoIsAskedForThePasswordAndInWhichOrder) {
  using P = PasswordProvider;
  EXPECT_EQ(options_of(mount_with({"/m"})).password_providers, (std::vector{P::Parameter, P::Keyring, P::Console}));
  const auto repeated = mount_with({"--password-provider", "keyring", "--password-provider=webui", "/m"});
  EXPECT_EQ(options_of(repeated).password_providers, (std::vector{P::Keyring, P::WebPage}));
  EXPECT_EQ(options_of(mount_with({"-o", "password_provider=\"keyring,parameter\"", "/m"})).password_providers,
            (std::vector{P::Keyring, P::Parameter}));
  EXPECT_EQ(options_of(mount_with({"--mfa-provider=webui", "/m"})).mfa_provider, CodeProvider::WebPage);
}

TEST(Options, RefuseToAskAPersonTwiceOrFirst) {
  for (const auto* wrong : {"console,webui", "console,keyring", "webui,console", "webui,parameter"})
    EXPECT_TRUE(says(complaint_about(mount_with({"--password-provider", wrong, "/m"})), "only as the last")) << wrong;
  EXPECT_TRUE(says(complaint_about(mount_with({"--password-provider=keyring,keyring", "/m"})), "twice"));
  EXPECT_TRUE(says(complaint_about(mount_with({"--password-provider=pigeon", "/m"})), "parameter, keyring, console"));
}

TEST(Options, ForMailNeedAHostAndSomebodyToWriteTo) {
  const auto options = options_of(
      mount_with({"--smtp-host=mail.example.com", "--smtp-username=ann@example.com", "--smtp-port=25", "/m"}));
  EXPECT_EQ(options.smtp_host, "mail.example.com");
  EXPECT_EQ(options.smtp_port, 25);
  EXPECT_EQ(options.notification_email, "ann@example.com");
  EXPECT_FALSE(options.smtp_no_tls);
  EXPECT_TRUE(says(complaint_about(mount_with({"--notification-email=ann@example.com", "/m"})), "--smtp-host"));
  EXPECT_TRUE(says(complaint_about(mount_with({"--smtp-host=mail.example.com", "/m"})), "--notification-email"));
  EXPECT_TRUE(says(complaint_about(mount_with({"--smtp-password=secret", "/m"})), "--smtp-password-command"));
}

template <class T>
T command_of(std::vector<std::string> words) {
  words.insert(words.begin(), "/usr/bin/icloudphotos");
  auto command = parse(words, {{"HOME", "/home/ann"}});
  EXPECT_TRUE(command) << command.error().message();
  if (!command || !std::holds_alternative<T>(*command)) {
    ADD_FAILURE() << "another command";
    return {};
  }
  return std::get<T>(*std::move(command));
}

TEST(Commands, SignInWithOrWithoutACode) {
  EXPECT_TRUE(command_of<SignInCommand>({"signin"}).code.empty());
  EXPECT_EQ(command_of<SignInCommand>({"signin", "012345"}).code, Secret{"012345"});
  const auto both = command_of<SignInCommand>({"signin", "ann@example.com", "012345"});
  EXPECT_EQ(both.options.account, "ann@example.com");
  EXPECT_EQ(both.code, Secret{"012345"});
  EXPECT_EQ(both.options.state_home, "/home/ann/.local/state/icloudphotos");
  EXPECT_TRUE(says(complaint_about({"icloudphotos", "signin", "12345"}), "six digits"));
  EXPECT_TRUE(says(complaint_about({"icloudphotos", "signin", "ann@example.com", "bob@example.com"}), "too many"));
}

TEST(Commands, TakeOptionsOfTheirOwn) {
  EXPECT_TRUE(command_of<SignOutCommand>({"signout", "--keep-cache"}).keep_cache);
  EXPECT_FALSE(command_of<SignOutCommand>({"signout"}).keep_cache);
  EXPECT_TRUE(command_of<StatusCommand>({"status", "--json", "ann@example.com"}).json);
  EXPECT_TRUE(command_of<StatusCommand>({"status", "--watch"}).watch);
  EXPECT_FALSE(command_of<StatusCommand>({"status", "--json"}).watch);
  EXPECT_TRUE(command_of<RefreshCommand>({"refresh", "--wait"}).wait);
  EXPECT_FALSE(command_of<RefreshCommand>({"refresh", "--wait"}).accept);
  EXPECT_TRUE(command_of<RefreshCommand>({"refresh", "--accept", "ann@example.com"}).accept);
  EXPECT_TRUE(says(complaint_about({"icloudphotos", "status", "--wait"}), "--wait"));
  EXPECT_TRUE(command_of<DoctorCommand>({"doctor", "--json"}).json);
  EXPECT_EQ(command_of<DoctorCommand>({"doctor", "ann@example.com"}).options.account, "ann@example.com");
  EXPECT_FALSE(command_of<DoctorCommand>({"doctor"}).json);
  EXPECT_TRUE(says(complaint_about({"icloudphotos", "status", "--keep-cache"}), "--keep-cache"));
  EXPECT_EQ(command_of<PasswordCommand>({"password", "delete"}).what, PasswordCommand::What::Delete);
  EXPECT_EQ(command_of<PasswordCommand>({"password", "set", "ann@example.com"}).options.account, "ann@example.com");
  EXPECT_TRUE(says(complaint_about({"icloudphotos", "password"}), "password set"));
  EXPECT_TRUE(says(complaint_about({"icloudphotos", "sigin"}), "signin"));
}

TEST(ExitStatus, IsThatOfMount8) {
  EXPECT_EQ(exit_status(Error{ErrorKind::Usage, ""}), 1);
  EXPECT_EQ(exit_status(Error{ErrorKind::Cancelled, ""}), 8);
  EXPECT_EQ(exit_status(Error{ErrorKind::Refused, ""}), 32);
  EXPECT_EQ(exit_status(Error{ErrorKind::Offline, ""}), 32);
}
