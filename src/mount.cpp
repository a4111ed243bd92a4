// SPDX-License-Identifier: MIT
#include "mount.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <stdlib.h>
#include <unistd.h>

#include "icloudphotos/auth/password_source.h"
#include "icloudphotos/auth/session.h"
#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/files.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/text.h"
#include "icloudphotos/catalog/catalog.h"
#include "icloudphotos/cli/daemon.h"
#include "icloudphotos/cli/mount_point.h"
#include "icloudphotos/cloud/photos.h"
#include "icloudphotos/content/store.h"
#include "icloudphotos/demo/service.h"
#include "icloudphotos/fuse/filesystem.h"
#include "icloudphotos/fuse/kernel.h"
#include "icloudphotos/net/http.h"
#include "icloudphotos/sync/syncer.h"
#include "icloudphotos/tree/tree.h"
#include "icloudphotos/ui/terminal.h"

namespace icloudphotos {
namespace {

constexpr Log log{"mount"};

/// A pretend iCloud with its only inhabitant, who knows the password and reads the code off the trusted device.
class DemoWorld final : public auth::PasswordSource, public auth::CodeSource {
 public:
  static Result<std::unique_ptr<DemoWorld>> start() {
    auto world = std::make_unique<DemoWorld>();
    std::string name = (std::filesystem::temp_directory_path() / "icloudphotos-demo-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      return Error{ErrorKind::Storage, "cannot make a temporary directory for the demo"};
    world->home_ = name;
    world->service_ = TRY(demo::Service::start(world->options_));
    return world;
  }
  ~DemoWorld() override {
    std::error_code ignored;
    if (!home_.empty()) std::filesystem::remove_all(home_, ignored);
  }

  [[nodiscard]] Result<Secret> password(const std::string&, std::stop_token) override {
    return Secret{options_.password};
  }
  [[nodiscard]] Result<auth::Answer> ask(const auth::Challenge&, std::stop_token) override {
    return auth::Answer{auth::Answer::Kind::Code, Secret{service_->shown_code()}, 0};
  }

  /// The options of a mount of this world: nothing of it outlives the mount.
  [[nodiscard]] cli::MountOptions inhabit(cli::MountOptions options) const {
    options.account = options_.account;
    options.identity_url = service_->identity_url();
    options.setup_url = service_->setup_url();
    options.state_home = home_ / "state";
    options.cache_home = home_ / "cache";
    return options;
  }

 private:
  demo::ServiceOptions options_;
  std::filesystem::path home_;
  std::unique_ptr<demo::Service> service_;
};

/// Lets a signal reach a Syncer that is made after the signals and goes before them.
class Poker {
 public:
  void reach(sync::Syncer* syncer) {
    const Lock lock{mutex_};
    syncer_ = syncer;
  }
  void poke() {
    const Lock lock{mutex_};
    if (syncer_) syncer_->poke();
  }

 private:
  Mutex mutex_;  ///< poking only wakes, so it may be held meanwhile
  sync::Syncer* syncer_ GUARDED_BY(mutex_) = nullptr;
};

/// A folder name for an account: one path component, the same however the name was typed.
std::string folder_of(std::string_view account) {
  std::string name = ascii_lower(trim(account));
  for (char& c : name) {
    if (c == '/' || c == '\0') c = '_';
  }
  return name.starts_with('.') ? "_" + name : name;
}

Result<std::string> find_account(const cli::MountOptions& options, ui::Terminal& terminal, std::stop_token stop) {
  if (!options.account.empty()) return options.account;
  std::vector<std::string> known;
  std::error_code ignored;
  for (const auto& folder : std::filesystem::directory_iterator{options.state_home, ignored}) {
    if (std::filesystem::exists(folder.path() / "session.json", ignored)) known.push_back(folder.path().filename());
  }
  if (known.size() == 1) return known.front();
  if (known.size() > 1) {
    return Error{ErrorKind::Usage, fmt::format("several accounts are known here ({}); name one before the mount point",
                                               fmt::join(known, ", "))};
  }
  auto account = terminal.account(stop);
  if (!account && account.error().kind() == ErrorKind::NeedsSignIn) {
    return Error{ErrorKind::Usage, "no Apple Account is known yet; name one before the mount point"};
  }
  return account;
}

std::unique_ptr<auth::PasswordSource> make_passwords(const cli::MountOptions& options, ui::Terminal& terminal) {
  /// The terminal is the code source as well, so the chain only borrows it.
  struct Borrowed final : auth::PasswordSource {
    explicit Borrowed(auth::PasswordSource& lender) : source{lender} {}
    Result<Secret> password(const std::string& account, std::stop_token stop) override {
      return source.password(account, stop);
    }
    auth::PasswordSource& source;
  };
  std::vector<std::unique_ptr<auth::PasswordSource>> sources;
  if (options.password_file) sources.push_back(auth::make_password_file(*options.password_file));
  if (options.password_command) sources.push_back(auth::make_password_command(*options.password_command));
  sources.push_back(std::make_unique<Borrowed>(terminal));
  return auth::make_password_chain(std::move(sources));
}

auth::Endpoints endpoints(const cli::MountOptions& options) {
  auth::Endpoints endpoints;
  if (options.identity_url) endpoints.identity_url = *options.identity_url;
  if (options.setup_url) endpoints.setup_url = *options.setup_url;
  return endpoints;
}

/// Whoever signs in on this machine gets the bytes from it too.
cloud::PhotosOptions::Hosts hosts_of(const cli::MountOptions& options) {
  const auto setup = net::parse_url(endpoints(options).setup_url);
  return setup && setup->is_loopback() ? cloud::PhotosOptions::Hosts::OfAppleOrLoopback
                                       : cloud::PhotosOptions::Hosts::OfApple;
}

/// What a mount has from the process it runs in.
struct Process {
  cli::Daemon& daemon;
  std::stop_token stopping;  ///< TERM or INT came.
  Poker& poker;              ///< HUP reaches the Syncer through it.
};

Result<void> serve(const cli::MountOptions& options, auth::PasswordSource& passwords, auth::CodeSource& codes,
                   const Process& process) {
  SystemClock clock;
  const auto folder = folder_of(options.account);
  const auto state = options.state_home / folder;
  TRY(make_private_directory(state));
  // First, because it keeps a second program away from this account's state.
  const auto catalog = TRY(catalog::Catalog::open(state, clock));

  const auto http = TRY(net::make_curl_http({options.ca_file, options.connections + 6}));
  const auto session = TRY(auth::Session::open(*http, clock, {options.account, state, endpoints(options), {}}));
  if (!session->is_known()) TRY(session->sign_in(passwords, codes, process.stopping));

  const auto photos = cloud::make_icloud_photos(*http, *session, clock, {hosts_of(options)});
  const auto tree = TRY(tree::Tree::load(*catalog, clock, {options.layout}));
  content::StoreOptions cache;
  cache.directory = options.cache_home / folder;
  cache.limit_bytes = options.cache_bytes;
  cache.fetch_workers = options.connections;
  cache.read_deadline = options.read_timeout;
  const auto store = TRY(content::Store::open(*photos, clock, cache));
  fuse::Filesystem files{
      *tree,
      *store,
      clock,
      {options.uid.value_or(::getuid()), options.gid.value_or(::getgid()), options.umask, std::chrono::seconds{30}}};
  const auto kernel = TRY(fuse::Kernel::mount(
      files, {options.mount_point, options.account, options.allow_other, options.debug && options.foreground}));
  const std::stop_callback unmount{process.stopping, [&] { kernel->stop(); }};

  const auto publish = [&](const catalog::ChangeSet& news) {
    auto stale = tree->refresh(news);
    if (!stale) return log.error("the tree cannot be brought up to date reason={}", stale.error().message());
    files.tree_changed();
    kernel->drop(std::move(*stale));
  };
  const auto report = [](const Result<void>& round) {
    if (round) return;
    if (round.error().kind() == ErrorKind::NeedsSignIn) {
      log.error("signed out; unmount and mount again to sign in: {}", round.error().message());
    } else {
      log.warn("the library could not be read, trying again later reason={}", round.error().message());
    }
  };
  const auto syncer = sync::Syncer::start(*photos, *catalog, clock, {options.poll, 6}, {publish, {}, report});
  process.poker.reach(syncer.get());
  kernel->run([&] {
    process.daemon.ready();
    if (!options.foreground) start_log(LogTarget::Syslog, options.debug ? LogLevel::Debug : LogLevel::Info);
    log.info("mounted at={}", options.mount_point.string());
  });
  process.poker.reach(nullptr);
  log.info("unmounted");
  return {};
}

}  // namespace

Result<void> run_mount(const cli::MountOptions& options) {
  TRY(cli::check_mount_point(options.mount_point,
                             options.allow_other ? cli::Audience::Everybody : cli::Audience::Owner));
  const auto daemon =
      TRY(cli::Daemon::start(options.foreground ? cli::Daemon::Where::Foreground : cli::Daemon::Where::Background));
  // The signals come before any thread, and end before what they reach.
  std::stop_source stopping;
  Poker poker;
  const auto signals = cli::Signals::block();
  signals->deliver([&] { stopping.request_stop(); }, [&] { poker.poke(); });
  const Process process{*daemon, stopping.get_token(), poker};
  start_log(LogTarget::StandardError, options.debug        ? LogLevel::Debug
                                      : options.foreground ? LogLevel::Info
                                                           : LogLevel::Warn);
  if (options.demo) {
    const auto world = TRY(DemoWorld::start());
    return serve(world->inhabit(options), *world, *world, process);
  }
  ui::Terminal terminal;
  const auto passwords = make_passwords(options, terminal);
  auto named = options;
  named.account = TRY(find_account(options, terminal, process.stopping));
  return serve(named, *passwords, terminal, process);
}

}  // namespace icloudphotos
