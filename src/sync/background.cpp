// SPDX-License-Identifier: MIT
#include "background.h"

#include <utility>

#include "icloudphotos/base/log.h"

#include "counts.h"

namespace icloudphotos::sync {
namespace {

constexpr Log kLog{"sync"};

/// Seconds of work, so that news comes in time and whoever wants something else does not wait long.
constexpr int kPagesInASlice = 10;

bool is_due(const catalog::LibraryState& state) { return state.listed && state.token && !state.read_through; }

}  // namespace

Result<Background::State> Background::read_on(const Context& context, const std::function<bool()>& gives_way) {
  auto options = context.options;
  options.requests_in_flight = 1;
  const Context calm{context.photos, context.catalog, options, context.listener, context.stop, context.guard};
  for (const auto& state : TRY(context.catalog.libraries())) {
    const auto& library = state.library.id;
    if (!is_due(state) || resting_.contains(library) || context.guard.rests(library, Guard::Origin::Feed)) continue;
    auto read = read_slice(calm, state, gives_way);
    if (read) return State::Reading;
    kLog.info("the whole change feed cannot be read on now reason={}", read.error().message());
    resting_.insert(library);
    trouble_ = std::move(read).error();
    if (concerns_everything(trouble_->kind())) break;
  }
  resting_.clear();
  if (!trouble_) return State::Idle;
  return *std::exchange(trouble_, std::nullopt);
}

Result<void> Background::read_slice(const Context& context, const catalog::LibraryState& state,
                                    const std::function<bool()>& gives_way) {
  const auto& library = state.library;
  auto& notes = notes_[library.id];
  ChangeLog log{library.id};
  Reading reading{context, state, Reading::Changes::StayWhereTheyAre, notes, log};
  Result<Reading::Step> step{Reading::Step::Read};
  for (int pages = 0; pages < kPagesInASlice && step && *step == Reading::Step::Read && !gives_way(); ++pages) {
    step = reading.step();
  }
  const bool ended = step && *step == Reading::Step::Ended;
  // Also after an Error: what was applied before it will not be sent again.
  if ((ended || !log.empty()) && context.listener.changed) context.listener.changed(log.take());
  if (context.listener.reading) context.listener.reading(library.id, notes.records);
  if (!step) return std::move(step).error();
  if (!ended) return {};
  notes_.erase(library.id);
  return renew_counts(context, library);
}

Result<void> read_feeds(cloud::Photos& photos, catalog::Catalog& catalog, const SyncOptions& options,
                        const SyncListener& listener, std::stop_token stop) {
  Background background;
  Guard guard;
  const Context context{photos, catalog, options, listener, std::move(stop), guard};
  while (TRY(background.read_on(context, [] { return false; })) == Background::State::Reading) continue;
  return {};
}

}  // namespace icloudphotos::sync
