// SPDX-License-Identifier: MIT
#include "originals.h"

#include <unordered_set>

#include "requests.h"

namespace icloudphotos::sync {
namespace {

constexpr std::size_t kIdsInARequest = 200;  // protocol/photos.md 7.6

Delta with_absent_as_gone(Delta&& answer, const std::vector<OriginalId>& asked) {
  std::unordered_set<OriginalId> there;
  for (const auto& original : answer.originals) there.insert(original.id);
  for (const auto& id : asked) {
    if (!there.contains(id)) answer.gone.push_back(id.value);
  }
  answer.next.reset();  // the time of a look-up is no place in the feed
  return std::move(answer);
}

}  // namespace

Result<void> fetch_missing_originals(const Context& context, const LibraryId& library, ChangeLog& log) {
  const auto missing = TRY(context.catalog.missing_originals(library));
  if (missing.empty()) return {};
  Requests requests{context.options.requests_in_flight, context.stop};
  for (std::size_t begin = 0; begin < missing.size(); begin += kIdsInARequest) {
    const auto end = std::min(begin + kIdsInARequest, missing.size());
    const std::vector<OriginalId> ids(missing.begin() + static_cast<std::ptrdiff_t>(begin),
                                      missing.begin() + static_cast<std::ptrdiff_t>(end));
    const auto ask = [&context, library, ids](std::stop_token stop) {
      return context.photos.originals(library, ids, std::move(stop));
    };
    const auto use = [&context, &log, library, ids](Result<Delta> answer) -> Result<void> {
      auto delta = with_absent_as_gone(TRY(std::move(answer)), ids);
      delta.library = library;
      log.add(TRY(context.catalog.apply(delta)));
      return {};
    };
    requests.ask(Requests::Turn::First, ask, use);
  }
  return requests.finish([] { return Result<void>{}; });
}

}  // namespace icloudphotos::sync
