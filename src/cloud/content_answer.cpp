// SPDX-License-Identifier: MIT
#include "cloud/content_answer.h"

#include <algorithm>
#include <charconv>

#include "icloudphotos/base/text.h"

namespace icloudphotos::cloud {
namespace {

constexpr std::uint64_t kShortBody = std::uint64_t{64} << 10;  // read to its end, so that the connection can be kept
constexpr std::uint64_t kLongestSkip = std::uint64_t{64} << 20;

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> content_length(const net::ResponseHead& head) {
  const auto line = head.headers.get("Content-Length");
  return line ? number(trim(*line)) : std::nullopt;
}

bool is_for_people(const net::ResponseHead& head) {
  const auto type = ascii_lower(trim(head.headers.get("Content-Type").value_or("")));
  const auto coding = ascii_lower(trim(head.headers.get("Content-Encoding").value_or("identity")));
  return type.starts_with("text/html") || type.starts_with("multipart/") || (coding != "identity" && !coding.empty());
}

}  // namespace

std::optional<ContentRange> parse_content_range(std::string_view text) {
  text = trim(text);
  if (!ascii_iequals(text.substr(0, 6), "bytes ")) return std::nullopt;
  const auto parts = split(text.substr(6), '/');
  if (parts.size() != 2) return std::nullopt;
  const auto ends = split(trim(parts[0]), '-');
  if (ends.size() != 2) return std::nullopt;
  const auto first = number(ends[0]);
  const auto last = number(ends[1]);
  const auto total = number(trim(parts[1]));
  if (!first || !last || *last < *first || (!total && trim(parts[1]) != "*")) return std::nullopt;
  if (total && *last >= *total) return std::nullopt;
  return ContentRange{*first, *last, total};
}

std::optional<std::uint64_t> whole_size(const net::ResponseHead& head) {
  if (is_for_people(head)) return std::nullopt;
  const auto range = trim(head.headers.get("Content-Range").value_or(""));
  if (head.status == 200) return content_length(head);
  if (head.status == 416 && range == "bytes */0") return 0;  // there is no first byte
  if (head.status != 206) return std::nullopt;
  const auto part = parse_content_range(range);
  return part ? part->total : std::nullopt;
}

bool ContentAnswer::begin(const net::ResponseHead& head) {
  verdict_ = judge(head);
  return verdict_ == ContentVerdict::Bytes || content_length(head).value_or(kShortBody) < kShortBody;
}

bool ContentAnswer::write(std::span<const std::byte> bytes) {
  if (verdict_ != ContentVerdict::Bytes) {
    discarded_ += bytes.size();
    return discarded_ < kShortBody;
  }
  const auto skipped = std::min<std::uint64_t>(skip_, bytes.size());
  skip_ -= skipped;
  bytes = bytes.subspan(skipped);
  const auto left = wanted_.length - delivered_;
  const bool has_more = bytes.size() > left;
  if (has_more) bytes = bytes.first(left);
  if (!bytes.empty()) {
    delivered_ += bytes.size();
    sink_.write(bytes);
  }
  if (has_more) return false;
  // The rest of a whole file is of no use; the end of what was asked for is read, so that the connection can be kept.
  return !(is_whole_ && delivered_ == wanted_.length && wanted_.end() < size_);
}

ContentVerdict ContentAnswer::judge(const net::ResponseHead& head) {
  switch (head.status) {
    case 200:
      return is_for_people(head) ? ContentVerdict::NotBytes : judge_whole(head);
    case 206:
      return is_for_people(head) ? ContentVerdict::WrongRange : judge_part(head);
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return ContentVerdict::Moved;
    case 400:
    case 401:
    case 403:
    case 404:
    case 410:
      return ContentVerdict::Expired;
    case 416:
      return ContentVerdict::WrongTotal;
    case 421:
      return ContentVerdict::WrongConnection;
    case 429:
    case 503:
      return ContentVerdict::Busy;
    default:
      return head.status >= 500 ? ContentVerdict::Failed : ContentVerdict::NotUnderstood;
  }
}

ContentVerdict ContentAnswer::judge_part(const net::ResponseHead& head) const {
  const auto range = parse_content_range(head.headers.get("Content-Range").value_or(""));
  if (!range) return ContentVerdict::WrongRange;
  if (range->total.value_or(size_) != size_) return ContentVerdict::WrongTotal;
  if (range->first != wanted_.offset || range->last >= wanted_.end()) return ContentVerdict::WrongRange;
  if (content_length(head).value_or(range->last - range->first + 1) != range->last - range->first + 1)
    return ContentVerdict::WrongRange;
  return ContentVerdict::Bytes;
}

ContentVerdict ContentAnswer::judge_whole(const net::ResponseHead& head) {
  const auto length = content_length(head);
  if (length.value_or(size_) != size_) return ContentVerdict::WrongLength;
  if (wanted_.offset > kLongestSkip) return ContentVerdict::WrongRange;
  is_of_unknown_length_ = !length;
  is_whole_ = true;
  skip_ = wanted_.offset;
  return ContentVerdict::Bytes;
}

}  // namespace icloudphotos::cloud
