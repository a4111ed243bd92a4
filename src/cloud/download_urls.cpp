// SPDX-License-Identifier: MIT
#include "cloud/download_urls.h"

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "icloudphotos/base/text.h"

#include "cloud/queries.h"

namespace icloudphotos::cloud {
namespace {

using std::chrono::seconds;

constexpr std::size_t kMaxBytes = std::size_t{6} << 20;
constexpr std::size_t kLongestUrl = 8192;
constexpr seconds kLongestUse = std::chrono::minutes{25};
constexpr seconds kExpectedFor = std::chrono::minutes{10};
constexpr std::size_t kReaders = 8;  ///< Whose expectations are kept.

std::string key_of(const LibraryId& library, std::string_view record, ResourceKind kind) {
  std::string key = library.value;
  key.append(1, '\n').append(record).append(1, '\n').append(std::to_string(static_cast<int>(kind)));
  return key;
}

/// The records that may have the resource. A rendition is the edit's if there is an edit.
std::vector<std::string> owners_of(const ResourceRef& resource) {
  switch (resource.kind) {
    case ResourceKind::Original:
    case ResourceKind::Alternative:
    case ResourceKind::LiveVideo:
      return {resource.original.value};
    case ResourceKind::EditedStill:
    case ResourceKind::EditedVideo:
      return {resource.asset.value};
    case ResourceKind::Medium:
    case ResourceKind::Thumbnail:
    case ResourceKind::MediumVideo:
      break;
  }
  return {resource.asset.value, resource.original.value};
}

bool has_bytes_of(const Resource& found, bool is_sized, const ResourceRef& wanted) {
  const bool differs = !found.checksum.empty() && !wanted.checksum.empty() && found.checksum != wanted.checksum;
  return found.kind == wanted.kind && (found.size == wanted.size || !is_sized) && !differs;
}

}  // namespace

seconds lifetime_of(std::string_view url, std::chrono::sys_seconds now) {
  const auto question = url.find('?');
  if (question == std::string_view::npos) return kLongestUse;
  for (const auto parameter : split(url.substr(question + 1), '&')) {
    if (!parameter.starts_with("e=")) continue;
    const auto digits = parameter.substr(2);
    std::int64_t end = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), end);
    if (parsed.ec != std::errc{} || parsed.ptr != digits.data() + digits.size()) break;
    constexpr std::int64_t kSane = std::int64_t{1} << 40;
    const seconds left = seconds{std::clamp(end, -kSane, kSane)} - now.time_since_epoch();
    // A minute for the transfer to begin; of a life shorter than that, a part.
    return std::clamp(left - std::min(seconds{60}, left / 4), seconds{0}, kLongestUse);
  }
  return kLongestUse;
}

std::size_t DownloadUrls::Entry::bytes() const { return sizeof(Entry) + 2 * key.size() + url.reveal().size() + 64; }

void DownloadUrls::learn(const LibraryId& library, std::span<const ContentUrl> urls,
                         std::optional<std::chrono::sys_seconds> date) {
  const auto there = date.value_or(std::chrono::floor<seconds>(clock_.now()));
  const auto here = clock_.monotonic();
  const Lock lock{mutex_};
  for (const auto& found : urls) {
    if (found.url.empty() || found.url.reveal().size() > kLongestUrl) continue;
    const auto life = lifetime_of(found.url.reveal(), there);
    if (life <= seconds{0}) continue;
    put({key_of(library, found.record, found.resource.kind), found.resource, found.url, here, here + life,
         found.is_sized});
  }
}

Result<Secret> DownloadUrls::find(const ResourceRef& resource, std::stop_token stop) {
  if (auto known = remembered(resource)) return *std::move(known);
  auto owners = owners_of(resource);
  std::erase(owners, std::string{});
  if (owners.empty()) return Error{ErrorKind::Gone, "the photo does not say where its bytes are"};
  const auto answer = TRY(lookups_.look_up(resource.library, owners, std::move(stop)));
  bool is_there = false;
  for (const auto& found : *answer) {
    if (std::find(owners.begin(), owners.end(), found.record) == owners.end() ||
        !has_bytes_of(found.resource, found.is_sized, resource))
      continue;
    is_there = true;
    if (!found.url.empty()) return found.url;
  }
  return Error{ErrorKind::Gone, is_there ? "the photo's bytes are not in the cloud; they may still be uploading"
                                         : "the photo was deleted or changed in the cloud"};
}

void DownloadUrls::forget(const ResourceRef& resource, const Secret& url) {
  const Lock lock{mutex_};
  for (const auto& owner : owners_of(resource)) {
    const auto found = by_key_.find(key_of(resource.library, owner, resource.kind));
    if (found == by_key_.end() || found->second->url != url) continue;
    doubted_ = std::max(doubted_.value_or(Monotonic::min()), found->second->learnt);
    drop(found->second);
  }
}

void DownloadUrls::expect(std::span<const ResourceRef> resources) {
  const auto until = clock_.monotonic() + kExpectedFor;
  Expected expected{{resources.begin(), resources.end()}, until};
  const Lock lock{mutex_};
  expected_.push_front(std::move(expected));
  if (expected_.size() > kReaders) expected_.pop_back();
}

std::vector<std::string> DownloadUrls::lacking(const LibraryId& library) {
  const auto now = clock_.monotonic();
  std::vector<std::string> names;
  std::unordered_set<std::string> seen;
  const Lock lock{mutex_};
  std::erase_if(expected_, [&](const Expected& expected) { return expected.until <= now; });
  for (const auto& expected : expected_) {
    for (const auto& resource : expected.resources) {
      if (names.size() >= kMaxRecords) return names;
      if (resource.library != library || !is_lacking(resource, now)) continue;
      for (const auto& owner : owners_of(resource))
        if (!owner.empty() && seen.insert(owner).second) names.push_back(owner);
    }
  }
  return names;
}

bool DownloadUrls::is_lacking(const ResourceRef& resource, Monotonic now) const {
  for (const auto& owner : owners_of(resource)) {
    const auto found = by_key_.find(key_of(resource.library, owner, resource.kind));
    if (found == by_key_.end()) continue;
    const auto& entry = *found->second;
    const bool doubtful = doubted_ && entry.learnt <= *doubted_;
    if (!doubtful && entry.expires > now && has_bytes_of(entry.resource, entry.is_sized, resource)) return false;
  }
  return true;
}

std::optional<Secret> DownloadUrls::remembered(const ResourceRef& resource) {
  const auto now = clock_.monotonic();
  const Lock lock{mutex_};
  for (const auto& owner : owners_of(resource)) {
    const auto found = by_key_.find(key_of(resource.library, owner, resource.kind));
    if (found == by_key_.end()) continue;
    const auto entry = found->second;
    if (entry->expires <= now) {
      drop(entry);
    } else if (has_bytes_of(entry->resource, entry->is_sized, resource)) {
      entries_.splice(entries_.begin(), entries_, entry);
      return entry->url;
    }
  }
  return std::nullopt;
}

void DownloadUrls::put(Entry entry) {
  if (const auto known = by_key_.find(entry.key); known != by_key_.end()) drop(known->second);
  bytes_ += entry.bytes();
  entries_.push_front(std::move(entry));
  by_key_[entries_.front().key] = entries_.begin();
  while (bytes_ > kMaxBytes) drop(std::prev(entries_.end()));
}

void DownloadUrls::drop(std::list<Entry>::iterator entry) {
  bytes_ -= entry->bytes();
  by_key_.erase(entry->key);
  entries_.erase(entry);
}

}  // namespace icloudphotos::cloud
