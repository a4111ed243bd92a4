// SPDX-License-Identifier: MIT
#include "walk.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "icloudphotos/base/log.h"

#include "digest.h"
#include "feed.h"

namespace icloudphotos::sync {
namespace {

constexpr Log kLog{"sync"};

/// Photos written in one transaction at most. One costs about as much as the writing of a hundred photos.
constexpr std::size_t kMostUnwritten = 2000;

/// So many of the newest photos are shown before the others are known, at most. Each time they are put in order all at once,
/// which takes memory and time, and further back nobody looks in the first minutes.
constexpr std::int64_t kMostShownEarly = 20'000;

/// Windows asked for before the count is known: few, so that the first of them, which shows the newest month, has the processor and
/// the line for itself.
constexpr int kMostBlind = 5;

/// A count is a hint: room is made ahead for a library of any size that exists, and for no other.
constexpr std::int64_t kMostExpected = 4'000'000;

template <class T>
void append(std::vector<T>& to, std::vector<T>&& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

/// A list that is not there, as opposed to one that cannot be read now.
bool is_absent(ErrorKind kind) {
  return kind == ErrorKind::Rejected || kind == ErrorKind::NotFound || kind == ErrorKind::Gone;
}

/// Photos after this window in the list, newest first, were not taken later than that. By its last few: one alone may have
/// a date that means nothing.
std::optional<TimePoint> end_of(const Delta& window) {
  const auto first = window.assets.end() - static_cast<std::ptrdiff_t>((window.assets.size() + 3) / 4);
  std::optional<TimePoint> newest;
  std::for_each(first, window.assets.end(), [&](const Asset& asset) { newest = std::max(newest, asset.captured); });
  return newest;
}

/// Counts are hints: we can do without, unless it is no use to go on at all.
bool ends_everything(ErrorKind kind) {
  return kind == ErrorKind::NeedsSignIn || kind == ErrorKind::Refused || kind == ErrorKind::Cancelled;
}

}  // namespace

Walk::Walk(const Context& context, LibraryId library, ChangeLog& log)
    : context_{context},
      library_{std::move(library)},
      log_{log},
      requests_{context.options.requests_in_flight, context.stop} {
  unwritten_.library = library_;
}

Result<Listing> Walk::run() {
  // The first windows are asked for together with the count and the albums.
  auto& whole = add_list({library_, std::nullopt}, std::clamp(context_.options.requests_in_flight - 2, 1, kMostBlind));
  ask_for_counts({&whole});
  ask_for_albums();
  ask_for_windows(whole);
  TRY(requests_.finish([this] { return write(); }));
  return std::move(listing_);
}

Walk::List& Walk::add_list(cloud::ListQuery query, int ahead_blind) {
  // Enough that no thread waits for the answer of another.
  const ListPlan::Ahead ahead{2 * std::max(context_.options.requests_in_flight, 1), ahead_blind};
  ListPlan plan{cloud::Photos::stride(query), ahead};
  lists_.push_back(std::make_unique<List>(List{std::move(query), std::move(plan), {}, false}));
  return *lists_.back();
}

void Walk::ask_for_albums() {
  requests_.ask(
      Requests::Turn::First, [this](std::stop_token stop) { return context_.photos.albums(library_, std::move(stop)); },
      [this](Result<std::vector<Album>> answer) { return use_albums(std::move(answer)); });
}

Result<void> Walk::use_albums(Result<std::vector<Album>> answer) {
  if (!answer && answer.error().kind() == ErrorKind::Rejected) return {};  // shared libraries have none
  auto albums = TRY(std::move(answer));
  std::vector<List*> lists;
  for (const auto& album : albums) {
    if (!albums_.insert(album.id).second || album.kind == Album::Kind::Folder || album.deleted) continue;
    lists.push_back(&add_list({library_, album.id}, 1));
  }
  append(unwritten_.albums, std::move(albums));
  wanted_ = 0;
  if (!lists.empty()) ask_for_counts(lists);
  if (!context_.listener.albums) return {};
  TRY(write());
  context_.listener.albums(library_);
  return {};
}

void Walk::ask_for_counts(const std::vector<List*>& lists) {
  std::vector<cloud::ListQuery> queries;
  queries.reserve(lists.size());
  for (const auto* list : lists) queries.push_back(list->query);
  requests_.ask(
      Requests::Turn::First,
      [this, queries](std::stop_token stop) { return context_.photos.counts(queries, std::move(stop)); },
      [this, lists](Result<std::vector<std::optional<std::int64_t>>> answer) {
        return use_counts(lists, std::move(answer));
      });
}

Result<void> Walk::use_counts(const std::vector<List*>& lists,
                              Result<std::vector<std::optional<std::int64_t>>> answer) {
  if (!answer && ends_everything(answer.error().kind())) return std::move(answer).error();
  if (answer) TRY(keep_counts(lists, *answer));
  for (std::size_t i = 0; i < lists.size(); ++i) {
    auto& list = *lists[i];
    if (answer && i < answer->size() && (*answer)[i]) list.plan.expect(*(*answer)[i]);
    TRY(go_on(list));
  }
  return {};
}

Result<void> Walk::keep_counts(const std::vector<List*>& lists,
                               const std::vector<std::optional<std::int64_t>>& counts) {
  std::vector<std::pair<AlbumId, std::optional<std::int64_t>>> of_albums;
  for (std::size_t i = 0; i < std::min(lists.size(), counts.size()); ++i) {
    if (const auto& album = lists[i]->query.album) {
      of_albums.emplace_back(*album, counts[i]);
    } else if (counts[i]) {
      listing_.counted = counts[i];
      listing_.seen.reserve(static_cast<std::size_t>(std::clamp<std::int64_t>(*counts[i], 0, kMostExpected)));
    }
  }
  if (of_albums.empty()) return {};
  TRY(write());  // the albums themselves
  return context_.catalog.set_album_counts(library_, of_albums);
}

void Walk::ask_for_windows(List& list) {
  // The whole library before the albums, newest first; albums one after the other, so that few are open at a time.
  const auto turn = list.query.album && !list.urgent ? Requests::Turn::Later : Requests::Turn::First;
  for (const auto rank : list.plan.due()) {
    requests_.ask(
        turn, &list,
        [this, query = list.query, rank](std::stop_token stop) {
          return context_.photos.window(query, rank, std::move(stop));
        },
        [this, &list, rank](Result<Delta> answer) { return use_window(list, rank, std::move(answer)); });
  }
}

Result<void> Walk::use_window(List& list, std::int64_t rank, Result<Delta> answer) {
  const bool whole = !list.query.album;
  if (!answer) {
    const auto kind = answer.error().kind();
    if (!(whole ? kind == ErrorKind::Rejected : is_absent(kind))) return std::move(answer).error();
    kLog.info("a list cannot be read album={} reason={}", !whole, answer.error().message());
    list.plan.abandon();
    list.finished = true;
    if (whole) listing_.listable = false;
    return {};
  }
  if (list.finished) return {};
  auto window = std::move(answer).value();
  list.plan.answered(rank, photos_in(list, rank, window));
  if (whole) {
    if (const auto date = end_of(window)) reached_.emplace(rank, *date);
    for (const auto& asset : window.assets) listing_.seen.push_back(digest_of(asset.id));
  }
  append(unwritten_.originals, std::move(window.originals));
  append(unwritten_.assets, std::move(window.assets));
  append(unwritten_.memberships, std::move(window.memberships));
  if (unwritten_.assets.size() + unwritten_.memberships.size() >= kMostUnwritten) TRY(write());
  if (whole) TRY(tell_newest(list));
  return go_on(list);
}

/// How many ranks the window covers. Photos of an album may be unknown here (members that live in the shared library),
/// so memberships count too. A far side that gives the same window whatever the rank would never come to an end: such a
/// window counts as empty.
std::int64_t Walk::photos_in(List& list, std::int64_t rank, const Delta& window) {
  std::unordered_set<AssetId> assets;
  std::unordered_set<AssetId> members;
  for (const auto& asset : window.assets) assets.insert(asset.id);
  for (const auto& member : window.memberships) members.insert(member.asset);
  const auto& photos = members.size() > assets.size() ? members : assets;
  if (photos.empty()) return 0;
  const auto first = digest_of(window.assets.empty() ? window.memberships.front().asset : window.assets.front().id);
  const auto [known, is_new] = list.first_seen.emplace(first, rank);
  const bool repeated = !is_new && rank - known->second >= cloud::Photos::stride(list.query);
  return repeated ? 0 : static_cast<std::int64_t>(photos.size());
}

/// The newest photos can be shown before the others are known. Told each time they are twice as many: what is made of
/// them then costs, all in all, no more than making it once more at the end.
Result<void> Walk::tell_newest(const List& whole) {
  const auto known = whole.plan.begun();
  const auto last = reached_.lower_bound(known);
  if (known < next_news_ || last == reached_.begin() || !context_.listener.newest) return {};
  if (known > kMostShownEarly) return {};
  next_news_ = 2 * known;
  TRY(write());
  context_.listener.newest(library_, std::prev(last)->second);
  reached_.erase(reached_.begin(), std::prev(last));
  return {};
}

/// Albums somebody waits for go before the rest of the library. One that is read already is told of when it is asked for.
void Walk::hurry() {
  if (!context_.urgent) return;
  const auto wanted = context_.urgent->albums_of(library_, wanted_);
  wanted_ += wanted.size();
  for (const auto& album : wanted) {
    const auto list =
        std::find_if(lists_.begin(), lists_.end(), [&](const auto& one) { return one->query.album == album; });
    if (list == lists_.end() || std::exchange((*list)->urgent, true)) continue;
    urgent_.push_back(list->get());
    requests_.prefer(list->get());
  }
}

Result<void> Walk::tell_urgent() {
  for (auto list = urgent_.begin(); list != urgent_.end();) {
    if (!(*list)->finished) {
      ++list;
      continue;
    }
    const auto album = *(*list)->query.album;
    list = urgent_.erase(list);
    TRY(write());
    if (context_.listener.album) context_.listener.album(library_, album);
  }
  return {};
}

Result<void> Walk::go_on(List& list) {
  hurry();
  ask_for_windows(list);
  if (!list.finished && list.plan.done()) {
    list.finished = true;
    list.first_seen = {};
  }
  return tell_urgent();
}

/// Writes what has come in since, in one transaction, and says how far we are.
Result<void> Walk::write() {
  if (is_empty(unwritten_)) return {};
  log_.add(TRY(context_.catalog.apply(unwritten_, catalog::Source::Lists)));
  unwritten_ = {};
  unwritten_.library = library_;
  if (!context_.listener.progress) return {};
  for (const auto& state : TRY(context_.catalog.libraries())) {
    if (state.library.id == library_) context_.listener.progress(library_, state.known, listing_.counted);
  }
  return {};
}

}  // namespace icloudphotos::sync
