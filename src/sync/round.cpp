// SPDX-License-Identifier: MIT
#include "round.h"

#include <algorithm>
#include <utility>

#include "icloudphotos/base/log.h"

#include "feed.h"
#include "indexing.h"
#include "originals.h"

namespace icloudphotos::sync {
namespace {

constexpr Log kLog{"sync"};

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
  const bool looking = memory_.look_for_libraries;
  if (unclear || looking) {
    result = find_libraries();
    if (!result && (states.empty() || concerns_everything(result.error().kind()))) return result;
    states = TRY(context_.catalog.libraries());
  }
  if (!unclear && !looking) return poll(std::move(states));
  result = visit_all(states, std::move(result), [](const auto&) { return true; });
  if (result && !all_prepared_) {
    return Error{
        ErrorKind::Incomplete,
        "iCloud is still preparing the library and may not list all photos yet; they appear here when it is done"};
  }
  // So that even the first round by itself, maybe of the next start, has a place to ask from.
  if (result && !TRY(context_.catalog.place())) result = poll(TRY(context_.catalog.libraries()));
  return result;
}

template <class Concerns>
Result<void> Round::visit_all(const std::vector<catalog::LibraryState>& states, Result<void> so_far,
                              const Concerns& is_concerned) {
  // One that somebody waits for comes before the others.
  std::vector<const catalog::LibraryState*> waiting;
  for (const auto& state : states) waiting.push_back(&state);
  while (!waiting.empty()) {
    const auto next = std::find_if(waiting.begin(), waiting.end(), [&](const auto* state) {
      return !state->listed && context_.urgent && context_.urgent->wants(state->library.id);
    });
    const auto& state = **(next == waiting.end() ? waiting.begin() : next);
    std::erase(waiting, &state);
    if (!is_concerned(state)) continue;
    auto visited = visit(state);
    if (visited) continue;
    const auto kind = visited.error().kind();
    if (so_far) so_far = std::move(visited);
    if (ends_the_round(state.library, kind)) break;
  }
  return so_far;
}

/// The place is kept when all that changed before it was taken in: else the next round hears of it again.
Result<void> Round::poll(std::vector<catalog::LibraryState> states) {
  const auto news = ask_for_news();
  if (!news && concerns_everything(news.error().kind())) return news.error();
  const auto told = [&](const LibraryId& id) {
    return std::find_if(news->libraries.begin(), news->libraries.end(), [&](const auto& one) { return one.id == id; });
  };
  const auto is_new = [&](const Library& library) {
    return std::none_of(states.begin(), states.end(),
                        [&](const auto& state) { return state.library.id == library.id; });
  };
  if (news && std::any_of(news->libraries.begin(), news->libraries.end(), is_new)) {
    TRY(find_libraries());
    states = TRY(context_.catalog.libraries());
  }
  auto result = visit_all(states, {}, [&](const catalog::LibraryState& state) {
    if (!news || !context_.photos.is_in_news(state.library.id) || !state.token || !state.listed) return true;
    const auto found = told(state.library.id);
    return found != news->libraries.end() && found->token != state.token;
  });
  if (result && news && !missed_ && context_.guard.held_back().empty()) TRY(context_.catalog.set_place(news->next));
  return result;
}

Result<cloud::News> Round::ask_for_news() {
  const auto place = TRY(context_.catalog.place());
  auto news = context_.photos.news(place, context_.stop);
  if (!news && news.error().kind() == ErrorKind::StaleToken && place)
    news = context_.photos.news(std::nullopt, context_.stop);
  return news;
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
  if (visited) context_.guard.settle(state.library.id, Guard::Origin::Library);
  return visited;
}

Result<void> Round::index(catalog::LibraryState state) {
  auto since = state.token;
  if (!since) {
    TRY(find_libraries());
    const auto found = found_->find(state.library.id);
    if (found != found_->end()) since = found->second;
    // What was delivered before that moment may have gone before it, and no change will tell.
    if (since && state.library.has_lists) TRY(begin_reading(state));
  }
  return Indexing{context_, std::move(state), since}.run();
}

Result<void> Round::begin_reading(catalog::LibraryState& state) {
  TRY(context_.catalog.begin_reading(state.library.id));
  state.reading.reset();
  ++state.readings;
  return {};
}

/// The far side does not know our place in the changes any more: everything is read again. What we know stays and is
/// shown until the whole feed has told what went meanwhile: no list shows every photo there is.
Result<void> Round::start_over(catalog::LibraryState state) {
  kLog.warn("iCloud does not know our place in its list of changes any more; reading the library again");
  TRY(begin_reading(state));
  TRY(context_.catalog.forget_token(state.library.id));
  state.token.reset();
  TRY(find_libraries());
  return index(state);
}

Result<void> Round::follow(const catalog::LibraryState& state) {
  auto library = state.library;
  auto cursor = state.token;
  ChangeLog log{library.id};
  Withheld withheld;
  auto read = read_changes(context_, library.id, cursor, [&](const Delta& page) -> Result<void> {
    if (is_empty(page) && page.next == cursor) return {};
    TRY(adopt_name(context_, library, page));
    auto news = page;
    TRY(withheld.take_from(context_.catalog, news));
    if (!withheld.empty()) news.next.reset();
    log.add(TRY(context_.catalog.apply(news)));
    return {};
  });
  if (read) read = let_go(library, withheld, cursor, log);
  if (read) read = fetch_missing_originals(context_, library, log);
  // Also after an Error: what was applied before it will not be sent again.
  if (!log.empty()) {
    auto changes = log.take();
    kLog.info("changes applied photos={} albums={}", changes.assets.size(), changes.albums.size());
    if (context_.listener.changed) context_.listener.changed(changes);
  }
  return read;
}

/// What the changes take away, all pages of it at once. When it is held back the token stays where it is: the next
/// round asks for the same again, and so does the next start of the program.
Result<void> Round::let_go(const Library& library, const Withheld& withheld, const std::optional<SyncToken>& next,
                           ChangeLog& log) {
  Losses losses;
  TRY(withheld.add_to(losses, context_.catalog, library.id));
  if (losses.photos.empty()) context_.guard.settle(library.id, Guard::Origin::Changes);
  if (withheld.empty()) return {};
  const auto verdict = TRY(context_.guard.judge(context_, library, Guard::Origin::Changes, losses));
  if (verdict != Guard::Verdict::Believed) return {};
  log.add(TRY(context_.catalog.apply(withheld.as_delta(library.id, next))));
  context_.guard.settle(library.id, Guard::Origin::Changes);
  return {};
}

/// A library is not given up because of one answer: its own changes and the list of libraries say that it is gone, and
/// later both say so again.
Result<void> Round::miss(const catalog::LibraryState& state, Error error) {
  const auto& library = state.library.id;
  missed_ = true;
  TRY(find_libraries());
  if (found_->contains(library)) return error;
  memory_.look_for_libraries = true;
  if (context_.guard.is_gone(context_, state)) return forget(library);
  return {};
}

Result<void> Round::forget(const LibraryId& library) {
  TRY(context_.catalog.remove_library(library));
  context_.guard.settle(library);
  kLog.warn("a library is gone");
  if (context_.listener.changed) context_.listener.changed({library, {}, {}});
  return {};
}

Result<void> run_round(cloud::Photos& photos, catalog::Catalog& catalog, const SyncOptions& options,
                       const SyncListener& listener, std::stop_token stop) {
  RoundMemory memory;
  Guard guard;
  const Context context{photos, catalog, options, listener, std::move(stop), guard};
  return Round{context, memory}.run();
}

}  // namespace icloudphotos::sync
