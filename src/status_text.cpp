// SPDX-License-Identifier: MIT
#include "status_text.h"

#include <cstdint>
#include <ctime>
#include <string_view>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "icloudphotos/base/text.h"
#include "icloudphotos/ui/progress.h"

#include "completeness.h"

namespace icloudphotos {
namespace {

std::string local_time(std::int64_t seconds, bool with_seconds = false) {
  const auto at = static_cast<std::time_t>(seconds);
  std::tm local{};
  ::localtime_r(&at, &local);
  return with_seconds ? fmt::format("{:%Y-%m-%d %H:%M:%S}", local) : fmt::format("{:%Y-%m-%d %H:%M}", local);
}

std::string word(JsonView text) { return printable(text.text().value_or("")); }
std::int64_t number(JsonView value) { return value.integer().value_or(0); }

/// 1.5 GiB
std::string size(std::int64_t bytes) {
  auto amount = static_cast<double>(bytes);
  std::string_view unit = "bytes";
  for (const std::string_view larger : {"KiB", "MiB", "GiB", "TiB"}) {
    if (amount < 1024) break;
    amount /= 1024;
    unit = larger;
  }
  return unit == "bytes" ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", amount, unit);
}

std::string plural(std::int64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

using Lines = std::vector<std::string>;

void describe_session(JsonView status, Lines& lines) {
  std::string_view standing = status["signed_in"].boolean().value_or(false) ? "signed in" : "not signed in";
  if (status["asking"].boolean().value_or(false)) standing = "a sign-in is under way";
  lines.push_back(fmt::format("{}: {}", word(status["account"]), standing));
  if (const auto at = status["mount_point"].text()) lines.push_back("mounted at " + printable(*at));
  if (status["problem"].exists()) lines.push_back(word(status["problem"]));
  if (const auto ends = status["trust_ends"].integer()) {
    lines.push_back(
        fmt::format("no code is needed before about {} ({}), and later than that where trust can be renewed",
                    local_time(*ends), plural(number(status["trust_days_left"]), "day", "days")));
  }
  if (const auto until = status["paused_until"].integer())
    lines.push_back(fmt::format("nothing is asked of Apple before {}", local_time(*until)));
}

void describe_progress(JsonView indexing, Lines& lines) {
  if (!indexing.is_object()) return;
  // A second of it says as much as the whole time did.
  const auto rate = static_cast<std::int64_t>(indexing["per_second"].number().value_or(0) + 0.5);
  lines.push_back(
      ui::progress_line("Reading " + word(indexing["library"]),
                        {number(indexing["read"]), indexing["of"].integer(), rate, std::chrono::seconds{1}}));
}

void describe_poll(JsonView poll, Lines& lines) {
  const auto ended = poll["ended"].integer();
  if (!ended) return;
  const auto succeeded = poll["succeeded"].integer();
  auto line = "last asked for changes at " + local_time(*ended, true);
  if (poll["problem"].exists()) {
    line += ", in vain";
    line += succeeded ? fmt::format("; current as of {}", local_time(*succeeded, true)) : std::string{};
  }
  lines.push_back(line);
}

void describe_held_back(JsonView held_back, Lines& lines) {
  held_back.each([&](JsonView one) {
    const auto library = word(one["library"]);
    if (one["vanished"].boolean().value_or(false)) {
      lines.push_back(
          fmt::format("held back: {} is not there any more; it goes when that is confirmed, or by "
                      "\"icloudphotos refresh --accept\"",
                      library));
      return;
    }
    auto what = fmt::format("{} of {} photos", number(one["photos"]), number(one["known"]));
    if (const auto albums = number(one["albums"]); albums > 0) what += " and " + plural(albums, "album", "albums");
    lines.push_back(
        fmt::format("held back: iCloud says {} of {} are gone; they go when that is confirmed, or by "
                    "\"icloudphotos refresh --accept\"",
                    what, library));
  });
}

void describe_work(JsonView status, Lines& lines) {
  if (const auto requests = status["requests"]; requests.is_object()) {
    auto line = fmt::format("{} under way", plural(number(requests["under_way"]), "request", "requests"));
    if (const auto downloads = number(status["downloads"]["under_way"]); downloads > 0)
      line += ", " + plural(downloads, "download", "downloads");
    if (const auto rate = number(requests["bytes_per_second"]); rate > 0)
      line += fmt::format(", {} a second", size(rate));
    lines.push_back(fmt::format("{}; today {}, {}", line, plural(number(requests["today"]), "request", "requests"),
                                size(number(requests["bytes_today"]))));
  }
  if (const auto cache = status["cache"]; cache.is_object()) {
    lines.push_back(fmt::format("{} of at most {} kept in {}", size(number(cache["bytes"])),
                                size(number(cache["limit"])), word(cache["directory"])));
  }
}

void describe_errors(JsonView errors, Lines& lines) {
  const auto count = number(errors["count"]);
  if (count == 0) return;
  Lines kinds;
  errors["kinds"].each_member([&](std::string_view kind, JsonView times) {
    kinds.push_back(fmt::format("{} {}", number(times), printable(kind)));
  });
  const auto last = errors["last"];
  lines.push_back(fmt::format("{} today ({}), the last at {}: {}", plural(count, "error", "errors"),
                              fmt::join(kinds, ", "), local_time(number(last["at"]), true), word(last["sentence"])));
}

Lines describe(JsonView status) {
  Lines lines;
  describe_session(status, lines);
  describe_progress(status["indexing"], lines);
  status["libraries"].each([&](JsonView library) { lines.push_back(describe_library(library)); });
  describe_held_back(status["held_back"], lines);
  describe_poll(status["poll"], lines);
  describe_work(status, lines);
  describe_errors(status["errors"], lines);
  if (!status["mounted"].boolean().value_or(true)) lines.emplace_back("not mounted");
  return lines;
}

}  // namespace

std::string describe_status(JsonView status) { return fmt::format("{}\n", fmt::join(describe(status), "\n  ")); }

std::string describe_status_briefly(JsonView status) { return fmt::format("{}", fmt::join(describe(status), "; ")); }

}  // namespace icloudphotos
