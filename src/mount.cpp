// SPDX-License-Identifier: MIT
#include "mount.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <system_error>
#include <utility>

#include <stdlib.h>
#include <unistd.h>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/files.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/base/mutex.h"
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
#include "icloudphotos/ui/progress.h"
#include "icloudphotos/ui/terminal.h"

#include "account.h"
#include "completeness.h"
#include "doctor.h"
#include "front_desk.h"
#include "quota.h"

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
    TRY(world->finish_uploads());
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
    options.runtime_home = home_ / "run";
    options.password_providers = {cli::PasswordProvider::Console};
    return options;
  }

 private:
  /// Whoever tries this out shall be able to copy everything; elsewhere a photo is on its way to the cloud for ever.
  [[nodiscard]] Result<void> finish_uploads() {
    const auto truth = TRY(JsonDocument::parse(TRY(service_->control("truth"))));
    Result<void> done;
    truth["photos"].each([&](JsonView photo) {
      bool available = true;
      photo["resources"].each(
          [&](JsonView one) { available = available && one["available"].boolean().value_or(true); });
      if (available || !done) return;
      JsonWriter edit;
      edit.object().member("asset", photo["asset"].text().value_or("")).member("no_download_url", false).end();
      if (const auto edited = service_->control("edit", edit.take()); !edited) done = edited.error();
    });
    return done;
  }

  demo::ServiceOptions options_;
  std::filesystem::path home_;
  std::unique_ptr<demo::Service> service_;
};

/// Lets signals and sign-ins reach what is made after them and goes before them.
class Poker {
 public:
  void reach(content::Store* store, sync::Syncer* syncer) {
    const Lock lock{mutex_};
    store_ = store;
    syncer_ = syncer;
  }
  void poke() {
    const Lock lock{mutex_};
    if (store_) store_->try_again();
    if (syncer_) syncer_->poke();
  }

 private:
  Mutex mutex_;  ///< poking only wakes, so it may be held meanwhile
  content::Store* store_ GUARDED_BY(mutex_) = nullptr;
  sync::Syncer* syncer_ GUARDED_BY(mutex_) = nullptr;
};

/// What the last round of reading the library came to.
class LastRound {
 public:
  /// Whether that is news.
  bool note(const Result<void>& round) {
    auto trouble = round ? std::nullopt : std::optional{round.error().message()};
    const Lock lock{mutex_};
    trouble_.swap(trouble);
    return trouble_ != trouble;
  }
  [[nodiscard]] std::optional<std::string> trouble() const {
    const Lock lock{mutex_};
    return trouble_;
  }

 private:
  mutable Mutex mutex_;
  std::optional<std::string> trouble_ GUARDED_BY(mutex_);
};

/// Whoever signs in on this machine gets the bytes from it too.
cloud::PhotosOptions::Hosts hosts_of(const auth::Endpoints& endpoints) {
  const auto setup = net::parse_url(endpoints.setup_url);
  return setup && setup->is_loopback() ? cloud::PhotosOptions::Hosts::OfAppleOrLoopback
                                       : cloud::PhotosOptions::Hosts::OfApple;
}

tree::TreeOptions::Versions versions_of(cli::ShownVersions versions) {
  switch (versions) {
    case cli::ShownVersions::Original:
      return tree::TreeOptions::Versions::Original;
    case cli::ShownVersions::Current:
      return tree::TreeOptions::Versions::Current;
    case cli::ShownVersions::Both:
      break;
  }
  return tree::TreeOptions::Versions::Both;
}

tree::TreeOptions::Sidecars sidecars_of(cli::Sidecars sidecars) {
  switch (sidecars) {
    case cli::Sidecars::Plain:
      return tree::TreeOptions::Sidecars::On;
    case cli::Sidecars::Tree:
      return tree::TreeOptions::Sidecars::Tree;
    case cli::Sidecars::Lightroom:
      return tree::TreeOptions::Sidecars::Lightroom;
    case cli::Sidecars::None:
      break;
  }
  return tree::TreeOptions::Sidecars::Off;
}

tree::TreeOptions tree_options(const cli::MountOptions& options) {
  tree::TreeOptions shown;
  using Tree = tree::TreeOptions;
  shown.layout = options.layout;
  shown.zone = options.timezone;
  shown.naming = options.icloudpd_names ? Tree::Naming::Icloudpd : Tree::Naming::Ours;
  shown.versions = versions_of(options.versions);
  shown.live = options.live_suffix ? Tree::LiveNames::Suffix : Tree::LiveNames::Original;
  shown.unicode = options.ascii_names ? Tree::Unicode::Remove : Tree::Unicode::Keep;
  shown.hidden = options.hidden;
  shown.deleted = options.deleted;
  shown.jpeg = options.jpeg;
  shown.xmp = sidecars_of(options.xmp);
  shown.xattr = options.xattr;
  return shown;
}

/// What a mount has from the process it runs in.
struct Process {
  cli::Daemon& daemon;
  std::stop_source stopping;  ///< By TERM, INT, or signing out.
  Poker& poker;               ///< HUP reaches the Syncer through it.
};

Result<void> serve(const cli::MountOptions& options, const Account& account, auth::PasswordSource& passwords,
                   auth::CodeSource& codes, const Process& process) {
  SystemClock clock;
  TRY(make_private_directory(account.state));
  // First, because it keeps a second program away from this account's state.
  const auto catalog = TRY(catalog::Catalog::open(account.state, clock));

  const auto http = TRY(net::make_curl_http({options.ca_file, options.connections + 6}));
  LastRound last_round;
  Completeness completeness{*catalog};
  const auto desk = TRY(FrontDesk::open(*http, clock,
                                        {.options = options,
                                         .account = account,
                                         .passwords = passwords,
                                         .codes = codes,
                                         .on_ready = [&] { process.poker.poke(); },
                                         .leave = [stopping = process.stopping]() mutable { stopping.request_stop(); },
                                         .trouble = [&] { return last_round.trouble(); },
                                         .libraries = [&] { return completeness.write(); },
                                         .examine = [&] { return examine(*catalog); }}));
  const auto known = TRY(catalog->libraries());
  TRY(desk->admit(known.empty() ? FrontDesk::Shows::Nothing : FrontDesk::Shows::WhatIsKnown,
                  process.stopping.get_token()));

  const auto photos = cloud::make_icloud_photos(*http, desk->session(), clock, {hosts_of(TRY(endpoints(options)))});
  const auto tree = TRY(tree::Tree::load(*catalog, clock, tree_options(options)));
  completeness.published();
  content::StoreOptions cache;
  cache.directory = account.cache;
  cache.limit_bytes = options.cache_bytes;
  cache.fetch_workers = options.connections;
  cache.read_deadline = options.read_timeout;
  const auto store = TRY(content::Store::open(*photos, clock, cache));
  fuse::Filesystem files{*tree,
                         *store,
                         clock,
                         {options.uid.value_or(::getuid()), options.gid.value_or(::getgid()), options.umask,
                          options.xattr, std::chrono::seconds{30}}};
  const auto kernel = TRY(fuse::Kernel::mount(
      files, {options.mount_point, account.name, options.allow_other, options.debug && options.foreground}));
  const std::stop_callback unmount{process.stopping.get_token(), [&] { kernel->stop(); }};

  const auto publish = [&](const catalog::ChangeSet&) {
    auto stale = tree->refresh();
    if (!stale) return log.error("the tree cannot be brought up to date reason={}", stale.error().message());
    files.tree_changed();
    kernel->drop(std::move(*stale));
  };
  std::optional<ui::Progress> progress;
  if (options.foreground) progress.emplace(STDERR_FILENO, clock);
  const auto show = [&](const LibraryId&, std::int64_t photos_known, std::optional<std::int64_t> counted) {
    if (progress) progress->show("Reading the library", photos_known, counted);
  };
  Quota quota{desk->session(), files, clock};
  const auto report = [&](const Result<void>& round) {
    if (round && options.df_quota) quota.look(process.stopping.get_token());
    publish({});  // also without news: On This Day follows the calendar
    completeness.published();
    if (progress) progress->finish();
    if (!last_round.note(round)) return;
    if (round) return log.info("the library is read again");
    if (round.error().kind() == ErrorKind::NeedsSignIn) {
      log.error("signed out; \"icloudphotos signin\" signs in again: {}", round.error().message());
    } else {
      log.warn("the library could not be read, trying again later reason={}", round.error().message());
    }
  };
  // What the feed told was published just before.
  const auto note = [&](const LibraryId&, std::int64_t) { completeness.published(); };
  const auto syncer = sync::Syncer::start(*photos, *catalog, clock, {options.poll, 6}, {publish, show, report, note});
  process.poker.reach(store.get(), syncer.get());
  kernel->run([&] {
    process.daemon.ready();
    if (!options.foreground) start_log(LogTarget::Syslog, options.debug ? LogLevel::Debug : LogLevel::Info);
    log.info("mounted at={}", options.mount_point.string());
  });
  process.poker.reach(nullptr, nullptr);
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
  const Process process{*daemon, stopping, poker};
  start_log(LogTarget::StandardError, options.debug        ? LogLevel::Debug
                                      : options.foreground ? LogLevel::Info
                                                           : LogLevel::Warn);
  ui::Terminal terminal;
  if (options.demo) {
    const auto world = TRY(DemoWorld::start());
    const auto inhabited = world->inhabit(options);
    return serve(inhabited, TRY(find_account(inhabited, terminal, {})), *world, *world, process);
  }
  const auto account = TRY(find_account(options, terminal, stopping.get_token()));
  return serve(options, account, terminal, terminal, process);
}

}  // namespace icloudphotos
