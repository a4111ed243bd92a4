// SPDX-License-Identifier: MIT
#include "content.h"

#include <algorithm>
#include <charconv>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "icloudphotos/base/text.h"

#include "answers.h"

namespace icloudphotos::demo {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 16;
constexpr int kPiecesPerSecond = 50;  // of a slowed answer
// What a network between us and a client that was busy for a moment would have kept for it.
constexpr std::chrono::milliseconds kMostCaughtUp{100};

struct Range {
  std::uint64_t first = 0, length = 0;
};
enum class NoRange { Absent, Unsatisfiable };

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional{number} : std::nullopt;
}

/// One range as RFC 9110 has it; several, or nonsense, are as good as none.
std::variant<Range, NoRange> range_of(std::string_view header, std::uint64_t size) {
  if (!header.starts_with("bytes=") || header.find(',') != std::string_view::npos) return NoRange::Absent;
  const std::string_view spec = header.substr(6);
  const std::size_t dash = spec.find('-');
  if (dash == std::string_view::npos) return NoRange::Absent;
  const auto first = number_of(spec.substr(0, dash)), last = number_of(spec.substr(dash + 1));
  if (!first) {
    if (!last || dash != 0) return NoRange::Absent;
    if (*last == 0 || size == 0) return NoRange::Unsatisfiable;
    const std::uint64_t length = std::min(*last, size);
    return Range{size - length, length};
  }
  if (last && *last < *first) return NoRange::Absent;
  if (*first >= size) return NoRange::Unsatisfiable;
  return Range{*first, std::min(last.value_or(size - 1), size - 1) - *first + 1};
}

/// Sends the pieces of a range, each when a line of that speed would have delivered it.
class Sender {
 public:
  Sender(Media media, Range range, const Delivery& delivery, Clock& clock, Journal& journal, std::stop_token stop)
      : media_{std::move(media)},
        range_{range},
        delivery_{delivery},
        clock_{clock},
        journal_{journal},
        stop_{std::move(stop)} {}

  void operator()(const std::function<bool(std::string_view)>& write) const {
    const std::uint64_t rate = delivery_.bytes_per_second;
    const std::size_t most = rate == 0 ? kPieceBytes : std::clamp<std::size_t>(rate / kPiecesPerSecond, 1, kPieceBytes);
    const std::uint64_t end = std::min(range_.length, delivery_.cut_after.value_or(range_.length));
    auto due = clock_.monotonic();
    std::string piece;
    for (std::uint64_t sent = 0; sent < end; sent += piece.size()) {
      piece.resize(std::min<std::uint64_t>(most, end - sent));
      media_.read(range_.first + sent, piece);
      if (const auto at = delivery_.flip_byte; at && *at >= sent && *at < sent + piece.size()) piece[*at - sent] ^= 1;
      if (rate != 0) {
        due += std::chrono::nanoseconds{piece.size() * 1'000'000'000 / rate};
        if (!wait_until(due)) return;
        due = std::max(due, clock_.monotonic() - kMostCaughtUp);
      }
      journal_.note_content(piece.size());  // before anybody can have read them
      if (!write(piece)) return;
    }
  }

 private:
  [[nodiscard]] bool wait_until(Monotonic due) const {
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(due - clock_.monotonic());
    return rest.count() <= 0 || clock_.sleep_for(rest, stop_);
  }
  Media media_;
  Range range_;
  Delivery delivery_;
  Clock& clock_;
  Journal& journal_;
  std::stop_token stop_;
};

std::string http_date(TimePoint when) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(std::chrono::system_clock::to_time_t(when)));
}

/// The name comes from the request, so it may hold anything.
std::string disposition_of(std::string_view file_name) {
  std::string name = percent_encode(file_name);
  if (file_name == "${f}") name = file_name;
  return "attachment; filename=\"" + name + "\"";
}

}  // namespace

std::optional<Media> Content::find(const ContentUrls::Target& target) const {
  const auto zone = library_.find(target.zone);
  if (!zone || !zone->exists(target.photo)) return std::nullopt;
  if (std::ranges::find(kSlots, target.slot) == kSlots.end()) return std::nullopt;
  const auto rendition = zone->photo(target.photo).at(target.slot);
  if (!rendition || rendition->media.checksum() != target.checksum) return std::nullopt;
  return rendition->media;
}

net::ServerResponse Content::answer(const net::ServerRequest& request, const Delivery& delivery,
                                    std::stop_token stop) const {
  if (request.method != "GET" && request.method != "HEAD") return json_answer(405, "{}");
  const auto target = urls_.read(request, clock_.now());
  if (const auto* refusal = std::get_if<ContentUrls::Refusal>(&target))
    return json_answer(*refusal == ContentUrls::Refusal::Expired ? 410 : 403, "{}");
  const auto media = find(std::get<ContentUrls::Target>(target));
  if (!media) return json_answer(404, "{}");

  net::ServerResponse response;
  Range range{0, media->size()};
  if (const auto header = request.headers.get("Range")) {
    const auto wanted = range_of(*header, media->size());
    if (const auto* found = std::get_if<Range>(&wanted)) {
      range = *found;
      response.status = 206;
      response.headers.add("Content-Range",
                           fmt::format("bytes {}-{}/{}", range.first, range.first + range.length - 1, media->size()));
    } else if (std::get<NoRange>(wanted) == NoRange::Unsatisfiable) {
      response.status = 416;
      response.headers.add("Content-Range", fmt::format("bytes */{}", media->size()));
      return response;
    }
  }
  response.headers.add("Accept-Ranges", "bytes");
  response.headers.add("Content-Type", "application/octet-stream");
  response.headers.add("Content-Disposition", disposition_of(std::get<ContentUrls::Target>(target).file_name));
  response.headers.add("Cache-Control", "private, max-age=2592000");
  response.headers.add("Last-Modified", http_date(clock_.now()));  // now, as the real ones: worth nothing
  response.headers.add("X-Apple-Request-UUID", random_uuid());
  response.stream = Sender{*media, range, delivery, clock_, journal_, std::move(stop)};
  response.stream_length = range.length;
  return response;
}

}  // namespace icloudphotos::demo
