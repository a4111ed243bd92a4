// SPDX-License-Identifier: MIT
#include "status.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

namespace icloudphotos {
namespace {

std::int64_t seconds(TimePoint at) { return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count(); }

void write_session(JsonWriter& out, const Account& account, const auth::SessionStatus& session, TimePoint now) {
  out.member("account", account.name).member("signed_in", session.signed_in).member("asking", session.asking);
  out.member("awaits_code", session.awaits_code);
  if (session.problem) out.member("problem", *session.problem);
  if (session.trust_ends) {
    const auto left = std::chrono::floor<std::chrono::days>(*session.trust_ends - now).count();
    out.member("trust_ends", seconds(*session.trust_ends));
    out.member("trust_days_left", std::max<std::int64_t>(left, 0));
  }
  if (session.paused_until) out.member("paused_until", seconds(*session.paused_until));
}

}  // namespace

std::string write_status(const Account& account, const auth::SessionStatus& session, TimePoint now) {
  JsonWriter out;
  out.object();
  write_session(out, account, session, now);
  return out.member("mounted", false).end().take();
}

void MountStatus::set_held_back(std::vector<sync::HeldBack> held_back) {
  const Lock lock{mutex_};
  held_back_ = std::move(held_back);
}

std::string MountStatus::write(auth::SessionStatus session) const {
  const auto libraries = about_.completeness.write();
  if (!session.problem) {
    if (const auto trouble = about_.rounds.trouble()) session.problem = trouble->message();
    if (!session.problem && !libraries) session.problem = libraries.error().message();
  }
  JsonWriter out;
  out.object();
  write_session(out, about_.account, session, about_.clock.now());
  out.member("mounted", true).member("mount_point", about_.options.mount_point.string());
  out.member("mounted_since", seconds(since_));
  if (libraries) out.key("libraries").raw(*libraries);
  write_poll(out);
  write_progress(out);
  about_.traffic.write(out.key("requests"));
  write_cache(out);
  about_.troubles.write(out.key("errors"));
  write_held_back(out);
  return out.end().take();
}

void MountStatus::write_poll(JsonWriter& out) const {
  out.key("poll").object().member("every", std::int64_t{about_.options.poll.count()});
  about_.rounds.write(out);
  out.end();
}

void MountStatus::write_progress(JsonWriter& out) const {
  const auto reading = about_.progress.now();
  if (!reading) return;
  const auto& so_far = reading->so_far;
  out.key("indexing").object().member("library", about_.completeness.name_of(reading->library));
  out.member("read", so_far.known);
  if (so_far.counted) out.member("of", *so_far.counted);
  if (const auto rate = so_far.rate()) out.member("per_second", *rate);
  if (const auto left = so_far.left()) out.member("seconds_left", std::int64_t{left->count()});
  out.end();
}

void MountStatus::write_cache(JsonWriter& out) const {
  const auto usage = about_.parts.usage();
  if (!usage) return;
  out.key("cache").object().member("directory", about_.account.cache.string());
  out.member("bytes", usage->kept_bytes).member("limit", usage->limit_bytes).end();
  out.key("downloads").object().member("under_way", std::uint64_t{usage->downloads}).end();
}

void MountStatus::write_held_back(JsonWriter& out) const {
  std::vector<sync::HeldBack> held_back;
  {
    const Lock lock{mutex_};
    held_back = held_back_;
  }
  out.key("held_back").array();
  for (const auto& one : held_back) {
    out.object().member("library", about_.completeness.name_of(one.library)).member("photos", one.photos);
    out.member("known", one.known).member("albums", one.albums).member("vanished", one.library_vanished).end();
  }
  out.end();
}

}  // namespace icloudphotos
