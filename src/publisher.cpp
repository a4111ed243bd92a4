// SPDX-License-Identifier: MIT
#include "publisher.h"

#include <chrono>
#include <utility>

#include <malloc.h>

#include "icloudphotos/base/log.h"

namespace icloudphotos {
namespace {

constexpr Log log{"mount"};

/// Whether requests failed, which are troubles noted already.
bool is_of_requests(ErrorKind kind) { return kind == ErrorKind::Offline || kind == ErrorKind::Throttled; }

}  // namespace

sync::SyncListener Publisher::listener() {
  sync::SyncListener calls;
  calls.changed = [this](const catalog::ChangeSet&) { publish(); };
  calls.progress = [this](const LibraryId& library, std::int64_t known, std::optional<std::int64_t> counted) {
    show_progress(library, known, counted);
  };
  calls.round = [this](const Result<void>& round) { end_round(round); };
  calls.reading = [this](const LibraryId& library, std::int64_t records) {
    to_.completeness.reading(library, records);
  };
  calls.newest = [this](const LibraryId& library, TimePoint since) {
    to_.tree.known_since(library, since);
    publish();
  };
  calls.albums = [this](const LibraryId& library) {
    to_.tree.known_albums(library);
    publish();
  };
  calls.album = [this](const LibraryId& library, const AlbumId& album) {
    to_.tree.known_album(library, album);
    publish();
  };
  calls.held_back = [this](const std::vector<sync::HeldBack>& held_back) { to_.status.set_held_back(held_back); };
  calls.ended = [this](std::uint64_t number) {
    to_.kernel.when_dropped([&rounds = to_.rounds, number] { rounds.ended(number); });
  };
  return calls;
}

void Publisher::publish() {
  auto stale = to_.tree.refresh();
  if (!stale) return log.error("the tree cannot be brought up to date reason={}", stale.error().message());
  const bool is_change = to_.completeness.is_whole() && !stale->names.empty();  // what came while reading is none
  to_.files.tree_changed();
  to_.kernel.drop(std::move(*stale));
  if (is_change && to_.on_change) to_.kernel.when_dropped([&command = *to_.on_change] { command.changed(); });
  to_.completeness.published();
  to_.files.set_ready(to_.completeness.is_whole());
}

void Publisher::show_progress(const LibraryId& library, std::int64_t known, std::optional<std::int64_t> counted) {
  const auto so_far = to_.progress.note(library, known, counted);
  const auto what = "Reading " + to_.completeness.name_of(library);
  if (to_.terminal) to_.terminal->show(what, so_far);
  const auto now = clock_.monotonic();
  if (told_ && now - *told_ < std::chrono::seconds{1}) return;
  told_ = now;
  to_.service.status(ui::progress_line(what, so_far));
}

void Publisher::end_round(const Result<void>& round) {
  if (round && to_.quota) to_.quota->look(stopping_);
  publish();  // also without news: On This Day follows the calendar
  if (to_.terminal) to_.terminal->finish();
  to_.progress.settle();
  if (!round && !is_of_requests(round.error().kind())) to_.troubles.note(round.error());
  to_.service.status(round ? std::string{"Up to date"} : round.error().message());
  ::malloc_trim(0);  // a first reading leaves tens of megabytes free between what stays
  if (to_.rounds.came_to(round)) tell_end(round);
}

void Publisher::tell_end(const Result<void>& round) const {
  if (round) return log.info("the library is read again");
  if (round.error().kind() == ErrorKind::NeedsSignIn) {
    log.error("signed out; \"icloudphotos signin\" signs in again: {}", round.error().message());
  } else {
    log.warn("the library could not be read, trying again later reason={}", round.error().message());
  }
}

}  // namespace icloudphotos
