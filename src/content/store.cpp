// SPDX-License-Identifier: MIT
#include "icloudphotos/content/store.h"

#include <utility>

#include "icloudphotos/base/mutex.h"

#include "fetcher.h"
#include "shelf.h"

namespace icloudphotos::content {
namespace {

/// The store as everybody has it: blobs below a directory, the rest from the cloud.
class LocalStore final : public Store {
 public:
  LocalStore(cloud::Photos& photos, Clock& clock, std::unique_ptr<Shelf> shelf, const StoreOptions& options)
      : photos_{photos},
        shelf_{std::move(shelf)},
        fetcher_{photos,
                 clock,
                 *shelf_,
                 {.workers = options.fetch_workers, .read_deadline = options.read_deadline},
                 [this](const ResourceRef& resource) { tell_corrupt(resource); },
                 [this] { tell_recovered(); }} {}

  void read(const ResourceRef& resource, Range range, ReadDone done) override {
    if (resource.size > kMaxResourceBytes)
      return done(Error{ErrorKind::Protocol, "iCloud says this file is larger than any file is"});
    const auto asked = range.within(resource.size);
    if (asked.length == 0) return done(Slice{});
    const auto reader = shelf_->reader(resource);
    auto bytes = reader->read(asked);
    if (bytes) reader->verification.gave(resource);
    const auto next = reader->pattern.note(chunks_of(asked), reader->blob.chunks());
    if (next.jumped) fetcher_.forget_ahead(*reader);
    if (!bytes) {
      fetcher_.read(reader, resource, asked, std::move(done));
    }
    if (!next.ahead.empty() && !reader->blob.whole()) fetcher_.read_ahead(reader, resource, next.ahead, next.run);
    if (bytes) done(Slice{*std::move(bytes)});
  }

  void read_ahead(const ResourceRef& resource, Range range) override {
    const auto wanted = range.within(resource.size);
    if (wanted.length == 0 || resource.size > kMaxResourceBytes) return;
    const auto reader = shelf_->reader(resource);
    if (!reader->blob.whole()) fetcher_.read_ahead(reader, resource, chunks_of(wanted), kMaxRun, Urgency::Background);
  }

  void forget_ahead(const ResourceRef& resource) override {
    if (resource.size > 0 && resource.size <= kMaxResourceBytes) fetcher_.forget_ahead(*shelf_->reader(resource));
  }

  void expect(std::span<const ResourceRef> resources) override { photos_.expect(resources); }

  std::shared_ptr<const Fd> whole(const ResourceRef& resource) override {
    if (resource.size == 0 || resource.size > kMaxResourceBytes) return nullptr;
    return shelf_->reader(resource)->blob.compared();
  }

  void try_again() override { fetcher_.forget_outage(); }

  Usage usage() override { return {shelf_->disk_bytes(), shelf_->limit_bytes(), fetcher_.downloads()}; }

  void on_corrupt(std::function<void(const ResourceRef&)> listener) override {
    const Lock lock{mutex_};
    corrupt_ = std::move(listener);
  }

  void on_recovered(std::function<void()> listener) override {
    const Lock lock{mutex_};
    recovered_ = std::move(listener);
  }

 private:
  void tell_corrupt(const ResourceRef& resource) {
    std::function<void(const ResourceRef&)> listener;
    {
      const Lock lock{mutex_};
      listener = corrupt_;
    }
    if (listener) listener(resource);
  }

  void tell_recovered() {
    std::function<void()> listener;
    {
      const Lock lock{mutex_};
      listener = recovered_;
    }
    if (listener) listener();
  }

  cloud::Photos& photos_;
  Mutex mutex_;
  std::function<void(const ResourceRef&)> corrupt_ GUARDED_BY(mutex_);
  std::function<void()> recovered_ GUARDED_BY(mutex_);
  std::unique_ptr<Shelf> shelf_;
  Fetcher fetcher_;
};

}  // namespace

Result<std::unique_ptr<Store>> Store::open(cloud::Photos& photos, Clock& clock, StoreOptions options) {
  auto shelf = TRY(Shelf::open(clock, {.directory = options.directory,
                                       .limit_bytes = options.limit_bytes,
                                       .keep_free_percent = options.keep_free_percent}));
  return std::unique_ptr<Store>{std::make_unique<LocalStore>(photos, clock, std::move(shelf), options)};
}

}  // namespace icloudphotos::content
