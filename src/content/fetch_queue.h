// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <compare>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "pending_read.h"
#include "reader.h"

namespace icloudphotos::content {

/// What goes first.
enum class Urgency {
  Background,  ///< Nobody reads it yet.
  Ahead,       ///< Somebody who reads will come to it.
  Reader,      ///< Somebody waits.
};

/// A chunk somebody wants, from the first wish to its bytes being kept.
struct Wish {
  enum class State {
    Queued,    ///< No worker has it yet.
    Flying,    ///< A worker has it. `bytes` are set once they came.
    Withheld,  ///< It is here, but waits for the whole to be proven.
  };
  std::shared_ptr<Reader> reader;
  ResourceRef resource;  ///< Whose URL is used.
  State state = State::Queued;
  Urgency urgency = Urgency::Background;
  ChunkIndex run = kMaxRun;  ///< A request that begins here covers no more.
  bool retried = false;
  bool keep = false;  ///< Is fetched even when nobody waits any more.
  Reads waiting;
  std::shared_ptr<const Bytes> bytes;
};

/// Adjacent chunks of one resource, fetched by one request.
struct RunPlan {
  std::shared_ptr<Reader> reader;
  ResourceRef resource;
  ChunkSpan chunks;
};

/// Who waits for what, and what is fetched next: by urgency, then in order. Threads: one at a time.
class FetchQueue {
 public:
  /// The wish for a chunk, queued if it is new or more urgent than it was.
  Wish& want(const std::shared_ptr<Reader>& reader, const ResourceRef& resource, ChunkIndex chunk, Urgency urgency,
             ChunkIndex run = kMaxRun);
  [[nodiscard]] Wish* find(const Reader& reader, ChunkIndex chunk);
  void erase(const Reader& reader, ChunkIndex chunk);
  /// Queues a chunk again whose flight came to nothing.
  void requeue(const Reader& reader, ChunkIndex chunk);
  /// What to fetch next; its wishes fly from now on.
  [[nodiscard]] std::optional<RunPlan> take_run();
  /// Drops read-ahead of this resource that has not begun.
  void forget_ahead(const Reader& reader);
  /// Everybody waiting for a chunk no worker has; their wishes are dropped.
  [[nodiscard]] Reads take_queued();
  /// Everybody waiting for a chunk of this resource; wishes that do not fly are dropped.
  [[nodiscard]] Reads take_all(const Reader& reader);
  /// Everybody.
  [[nodiscard]] Reads take_all();
  [[nodiscard]] std::vector<ChunkIndex> all_of(const Reader& reader) const;
  [[nodiscard]] std::size_t size() const { return wishes_.size(); }

 private:
  struct Place {
    const Reader* reader;
    ChunkIndex chunk;
    auto operator<=>(const Place&) const = default;
  };
  using Wishes = std::map<Place, Wish>;

  void enqueue(const Wish& wish, const Place& place);
  [[nodiscard]] std::optional<Place> next_place();

  Wishes wishes_;
  /// By urgency. They may hold places that are taken or forgotten meanwhile: those are passed over.
  std::array<std::deque<Place>, 3> queues_;
};

}  // namespace icloudphotos::content
