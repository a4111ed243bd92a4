// SPDX-License-Identifier: MIT
#include "originals.h"

#include <algorithm>
#include <unordered_set>

#include "requests.h"

namespace icloudphotos::sync {
namespace {

constexpr std::size_t kIdsInARequest = 200;  // protocol/photos.md 7.6
/// Ids in memory at a time: a far side that sends no original at all names a million of them.
constexpr std::size_t kIdsAtOnce = 10'000;

Delta with_absent_as_gone(Delta&& answer, const std::vector<OriginalId>& asked) {
  std::unordered_set<OriginalId> there;
  for (const auto& original : answer.originals) there.insert(original.id);
  for (const auto& id : asked) {
    if (!there.contains(id)) answer.gone.push_back(id.value);
  }
  answer.next.reset();  // the time of a look-up is no place in the feed
  return std::move(answer);
}

bool cannot_be_looked_up(const Library& library, ErrorKind kind) {
  return !library.has_lists && (kind == ErrorKind::Rejected || kind == ErrorKind::NotFound);
}

Result<void> fetch(const Context& context, const Library& library, const std::vector<OriginalId>& missing,
                   ChangeLog& log) {
  Requests requests{context.options.requests_in_flight, context.stop};
  for (std::size_t begin = 0; begin < missing.size(); begin += kIdsInARequest) {
    const auto end = std::min(begin + kIdsInARequest, missing.size());
    const std::vector<OriginalId> ids(missing.begin() + static_cast<std::ptrdiff_t>(begin),
                                      missing.begin() + static_cast<std::ptrdiff_t>(end));
    const auto ask = [&context, &library, ids](std::stop_token stop) {
      return context.photos.originals(library.id, ids, std::move(stop));
    };
    const auto use = [&context, &library, &log, ids](Result<Delta> answer) -> Result<void> {
      if (!answer && cannot_be_looked_up(library, answer.error().kind())) answer = Delta{};
      auto delta = with_absent_as_gone(TRY(std::move(answer)), ids);
      delta.library = library.id;
      log.add(TRY(context.catalog.apply(delta)));
      return {};
    };
    requests.ask(Requests::Turn::First, ask, use);
  }
  return requests.finish([] { return Result<void>{}; });
}

}  // namespace

Result<void> fetch_missing_originals(const Context& context, const Library& library, ChangeLog& log) {
  std::vector<OriginalId> before;
  for (;;) {
    auto missing = TRY(context.catalog.missing_originals(library.id, kIdsAtOnce));
    if (missing.empty() || missing == before) return {};
    TRY(fetch(context, library, missing, log));
    before = std::move(missing);
  }
}

}  // namespace icloudphotos::sync
