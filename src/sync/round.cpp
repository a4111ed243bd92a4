// SPDX-License-Identifier: MIT
#include "round.h"

#include <algorithm>

#include "icloudphotos/base/log.h"

#include "change_log.h"
#include "feed.h"
#include "indexing.h"
#include "originals.h"

namespace icloudphotos::sync {
namespace {

constexpr Log kLog{"sync"};

/// A library is forgotten when it was gone in so many rounds.
constexpr int kRoundsUntilForgotten = 2;

/// Whether what stands in the way of one library stands in the way of the others. Each shared album has a host of its
/// own, and owners who may shut us out.
bool ends_the_round(const Library& library, ErrorKind kind) {
  if (library.kind != Library::Kind::SharedAlbum) return concerns_everything(kind);
  return kind == ErrorKind::NeedsSignIn || kind == ErrorKind::Storage || kind == ErrorKind::Cancelled;
}

}  // namespace

Result<void> Round::run() {
  Result<void> result;
  auto states = TRY(context_.catalog.libraries());
  const bool unclear = states.empty() || std::any_of(states.begin(), states.end(),
                                                     [](const auto& state) { return !state.token.has_value(); });
  if (unclear || memory_.look_for_libraries) {
    result = find_libraries();
    if (!result && (states.empty() || concerns_everything(result.error().kind()))) return result;
    states = TRY(context_.catalog.libraries());
  }
  for (const auto& state : states) {
    auto visited = visit(state);
    if (visited) continue;
    const auto kind = visited.error().kind();
    if (result) result = std::move(visited);
    if (ends_the_round(state.library, kind)) break;
  }
  if (result && !all_prepared_) {
    return Error{
        ErrorKind::Incomplete,
        "iCloud is still preparing the library and may not list all photos yet; they appear here when it is done"};
  }
  return result;
}

Result<void> Round::find_libraries() {
  if (found_) return {};
  const auto libraries = TRY(context_.photos.libraries(context_.stop));
  const auto known = TRY(context_.catalog.libraries());
  if (libraries.empty() && known.empty()) {
    return Error{ErrorKind::NotFound, "this account has no photo library; open Photos on a device of yours once"};
  }
  TRY(context_.catalog.add_libraries(libraries));
  found_.emplace();
  for (const auto& library : libraries) {
    (*found_)[library.id] = library.token;
    all_prepared_ = all_prepared_ && library.prepared;
    const auto state =
        std::find_if(known.begin(), known.end(), [&](const auto& s) { return s.library.id == library.id; });
    const bool is_news = state == known.end() || (!library.name.empty() && library.name != state->library.name);
    if (is_news && context_.listener.changed) context_.listener.changed({library.id, {}, {}});
  }
  memory_.look_for_libraries = !all_prepared_;
  return {};
}

Result<void> Round::visit(const catalog::LibraryState& state) {
  auto visited = state.token && state.listed ? follow(state) : index(state);
  if (!visited && visited.error().kind() == ErrorKind::StaleToken && state.token) visited = start_over(state);
  if (!visited && visited.error().kind() == ErrorKind::NotFound) return miss(state, std::move(visited).error());
  if (visited) memory_.missing.erase(state.library.id);
  return visited;
}

Result<void> Round::index(const catalog::LibraryState& state) {
  auto since = state.token;
  if (!since) {
    TRY(find_libraries());
    const auto found = found_->find(state.library.id);
    if (found != found_->end()) since = found->second;
  }
  return Indexing{context_, state, since}.run();
}

/// The far side does not know our place in the changes any more: everything is read again. What we know stays and is
/// shown until the whole feed has told what went meanwhile: no list shows every photo there is.
Result<void> Round::start_over(catalog::LibraryState state) {
  kLog.warn("iCloud does not know our place in its list of changes any more; reading the library again");
  TRY(context_.catalog.begin_reading(state.library.id));
  TRY(context_.catalog.forget_token(state.library.id));
  state.token.reset();
  state.reading.reset();
  TRY(find_libraries());
  return index(state);
}

Result<void> Round::follow(const catalog::LibraryState& state) {
  auto library = state.library;
  auto cursor = state.token;
  ChangeLog log{library.id};
  auto read = read_changes(context_, library.id, cursor, [&](const Delta& page) -> Result<void> {
    if (is_empty(page) && page.next == cursor) return {};
    TRY(adopt_name(context_, library, page));
    log.add(TRY(context_.catalog.apply(page)));
    return {};
  });
  if (read) read = fetch_missing_originals(context_, library, log);
  // Also after an Error: what was applied before it will not be sent again.
  if (!log.empty()) {
    auto changes = log.take();
    kLog.info("changes applied photos={} albums={}", changes.assets.size(), changes.albums.size());
    if (context_.listener.changed) context_.listener.changed(changes);
  }
  return read;
}

/// A library is not given up because of one answer: only when it is gone and not listed in two rounds.
Result<void> Round::miss(const catalog::LibraryState& state, Error error) {
  const auto& library = state.library.id;
  TRY(find_libraries());
  if (found_->contains(library)) return error;
  memory_.look_for_libraries = true;
  const int rounds = ++memory_.missing[library];
  if (rounds >= kRoundsUntilForgotten) return forget(library);
  kLog.warn("a library is not there any more; waiting for another round before believing it kind={}",
            state.library.kind == Library::Kind::Personal ? "personal" : "shared");
  return {};
}

Result<void> Round::forget(const LibraryId& library) {
  TRY(context_.catalog.remove_library(library));
  memory_.missing.erase(library);
  kLog.warn("a library is gone");
  if (context_.listener.changed) context_.listener.changed({library, {}, {}});
  return {};
}

Result<void> run_round(cloud::Photos& photos, catalog::Catalog& catalog, const SyncOptions& options,
                       const SyncListener& listener, std::stop_token stop) {
  RoundMemory memory;
  const Context context{photos, catalog, options, listener, std::move(stop)};
  return Round{context, memory}.run();
}

}  // namespace icloudphotos::sync
