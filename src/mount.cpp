// SPDX-License-Identifier: MIT
#include "mount.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

#include <unistd.h>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/files.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/catalog/catalog.h"
#include "icloudphotos/cli/daemon.h"
#include "icloudphotos/cli/mount_point.h"
#include "icloudphotos/cli/service_manager.h"
#include "icloudphotos/cloud/photos.h"
#include "icloudphotos/content/store.h"
#include "icloudphotos/fuse/filesystem.h"
#include "icloudphotos/fuse/kernel.h"
#include "icloudphotos/net/http.h"
#include "icloudphotos/net/wakeups.h"
#include "icloudphotos/sync/syncer.h"
#include "icloudphotos/tree/tree.h"
#include "icloudphotos/ui/progress.h"
#include "icloudphotos/ui/terminal.h"

#include "account.h"
#include "change_command.h"
#include "completeness.h"
#include "demo_world.h"
#include "doctor.h"
#include "front_desk.h"
#include "moving_parts.h"
#include "publisher.h"
#include "quota.h"
#include "reading_progress.h"
#include "rounds.h"
#include "shown_options.h"
#include "status.h"
#include "status_text.h"
#include "traffic.h"
#include "troubles.h"

namespace icloudphotos {
namespace {

constexpr Log log{"mount"};

/// What a mount has from the process it runs in.
struct Process {
  cli::Daemon& daemon;
  cli::ServiceManager& service;
  std::stop_source stopping;  ///< By TERM, INT, or signing out.
  MovingParts& parts;         ///< HUP reaches the Syncer through them.
};

Result<void> serve(const cli::MountOptions& options, const Account& account, auth::PasswordSource& passwords,
                   auth::CodeSource& codes, const Process& process) {
  SystemClock clock;
  TRY(make_private_directory(account.state));
  process.service.status("Opening the catalog");
  // First, because it keeps a second program away from this account's state.
  const auto catalog = TRY(catalog::Catalog::open(account.state, clock));

  const auto curl = TRY(net::make_curl_http(http_options(options)));
  Troubles troubles{clock};
  Traffic http{*curl, clock, troubles};
  Rounds rounds{clock};
  ReadingProgress reading{clock};
  Completeness completeness{*catalog, clock};
  MountStatus status{{options, account, clock, completeness, rounds, reading, http, troubles, process.parts}};
  const auto refresh = [&](ui::Refresh wish, std::stop_token stop) -> Result<void> {
    const auto round =
        process.parts.ask_for_round(wish.accept ? MovingParts::HeldBack::Goes : MovingParts::HeldBack::Stays);
    return wish.wait ? rounds.wait_for(round, std::move(stop)) : Result<void>{};
  };
  const auto desk = TRY(FrontDesk::open(http, clock,
                                        {.options = options,
                                         .account = account,
                                         .passwords = passwords,
                                         .codes = codes,
                                         .on_ready = [&] { process.parts.poke(); },
                                         .leave = [stopping = process.stopping]() mutable { stopping.request_stop(); },
                                         .status = [&](const auto& session) { return status.write(session); },
                                         .refresh = refresh,
                                         .examine = [&] { return examine(*catalog); }}));
  process.service.status("Signing in");
  const auto known = TRY(catalog->libraries());
  TRY(desk->admit(known.empty() ? FrontDesk::Shows::Nothing : FrontDesk::Shows::WhatIsKnown,
                  process.stopping.get_token()));

  process.service.status("Mounting");
  const auto photos = cloud::make_icloud_photos(http, desk->session(), clock, {hosts_of(TRY(endpoints(options)))});
  const auto tree = TRY(tree::Tree::load(*catalog, clock, tree_options(options)));
  completeness.published();
  const auto store = TRY(content::Store::open(*photos, clock, store_options(options, account)));
  auto shown = filesystem_options(options);
  shown.status = [&] { return desk->status(); };
  shown.awaited = [&](Inode directory) {
    if (const auto source = tree->source_of(directory)) process.parts.hurry(source->library, source->album);
  };
  fuse::Filesystem files{*tree, *store, clock, std::move(shown)};
  files.set_ready(completeness.is_whole());
  const auto kernel = TRY(fuse::Kernel::mount(files, {options.mount_point, account.name, options.allow_other,
                                                      options.passthrough, options.debug && options.foreground}));
  const std::stop_callback unmount{process.stopping.get_token(), [&] { kernel->stop(); }};

  std::optional<ui::Progress> progress;
  if (options.foreground) progress.emplace(STDERR_FILENO, clock);
  Quota quota{desk->session(), files, clock};
  std::optional<ChangeCommand> on_change;
  if (options.on_change) on_change.emplace(*options.on_change, options.mount_point);
  Publisher publisher{
      {*tree, files, *kernel, completeness, reading, rounds, status, troubles, process.service,
       options.df_quota ? &quota : nullptr, on_change ? &*on_change : nullptr, progress ? &*progress : nullptr},
      clock,
      process.stopping.get_token()};
  const auto syncer = sync::Syncer::start(*photos, *catalog, clock, {options.poll, 16}, publisher.listener());
  const auto say_status = [&] {
    const auto words = JsonDocument::parse(desk->status());
    log.info("{}", words ? describe_status_briefly(words->root()) : words.error().message());
  };
  const auto forget_bytes = [&](const ResourceRef& resource) {
    const auto file = tree->file_of(resource);
    if (file && *file) kernel->drop({{}, {}, {**file}});
  };
  process.parts.reach({store.get(), syncer.get(), &files, say_status, forget_bytes});
  store->on_corrupt([&](const ResourceRef& resource) { process.parts.forget_bytes(resource); });
  store->on_recovered([&] { process.parts.poke(); });
  const auto wakeups = net::Wakeups::start([&] { process.parts.poke(); });
  kernel->run([&] {
    process.service.ready();
    process.daemon.ready();
    if (!options.foreground) start_log(LogTarget::Syslog, options.debug ? LogLevel::Debug : LogLevel::Info);
    log.info("mounted at={}", options.mount_point.string());
  });
  std::stop_source{process.stopping}.request_stop();  // unmounted by hand: what waits for Apple waits no longer
  process.service.stopping();
  process.parts.reach({});
  log.info("unmounted");
  return {};
}

}  // namespace

Result<void> run_mount(const cli::MountOptions& options) {
  TRY(cli::check_mount_point(options.mount_point,
                             options.allow_other ? cli::Audience::Everybody : cli::Audience::Owner));
  const auto place = cli::take_service_place();
  const auto daemon =
      TRY(cli::Daemon::start(options.foreground ? cli::Daemon::Where::Foreground : cli::Daemon::Where::Background));
  // The signals come before any thread, and end before what they reach.
  std::stop_source stopping;
  MovingParts parts;
  SystemClock clock;
  const auto signals = cli::Signals::block();
  const auto service = cli::ServiceManager::start(place, clock, [&] { parts.prove_alive(); });
  signals->deliver([&] { stopping.request_stop(); }, [&] { parts.poke(); }, [&] { parts.report(); });
  const Process process{*daemon, *service, stopping, parts};
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
