// SPDX-License-Identifier: MIT
#include "mount.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include <unistd.h>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/files.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/catalog/catalog.h"
#include "icloudphotos/cli/daemon.h"
#include "icloudphotos/cli/mount_point.h"
#include "icloudphotos/cloud/photos.h"
#include "icloudphotos/content/store.h"
#include "icloudphotos/fuse/filesystem.h"
#include "icloudphotos/fuse/kernel.h"
#include "icloudphotos/net/http.h"
#include "icloudphotos/sync/syncer.h"
#include "icloudphotos/tree/tree.h"
#include "icloudphotos/ui/progress.h"
#include "icloudphotos/ui/terminal.h"

#include "account.h"
#include "completeness.h"
#include "demo_world.h"
#include "doctor.h"
#include "front_desk.h"
#include "quota.h"
#include "shown_options.h"

namespace icloudphotos {
namespace {

constexpr Log log{"mount"};

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
  const auto store = TRY(content::Store::open(*photos, clock, store_options(options, account)));
  fuse::Filesystem files{*tree, *store, clock, filesystem_options(options)};
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
