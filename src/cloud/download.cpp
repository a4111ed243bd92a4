// SPDX-License-Identifier: MIT
// Source: protocol/photos.md 12; libcurl checks neither ranges nor lengths.
#include "cloud/download.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "icloudphotos/base/log.h"
#include "icloudphotos/net/retry.h"

#include "cloud/content_answer.h"

namespace icloudphotos::cloud {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Log kLog{"cloud"};

constexpr int kMaxSetbacks = 3;  ///< In a row, without a byte between them.
constexpr int kMaxRedirects = 3;
constexpr seconds kLongestRest{10};
constexpr milliseconds kPatience{8000};  ///< Since the last byte; a reader waits.
constexpr std::uint64_t kErrorText = 1024;

/// A download URL has a literal `${f}` where a file name may be put; braces are not allowed on the wire.
std::string on_the_wire(std::string_view url) {
  constexpr std::string_view kFileName = "${f}";
  std::string text{url};
  for (auto at = text.find(kFileName); at != std::string::npos; at = text.find(kFileName, at))
    text.replace(at, kFileName.size(), "$%7Bf%7D");
  return text;
}

/// Wants no bytes.
class HeadOnly final : public net::BodySink {
 public:
  bool begin(const net::ResponseHead&) override { return false; }
  bool write(std::span<const std::byte>) override { return false; }
};

class Download {
 public:
  Download(DownloadTools& tools, const ResourceRef& resource, Range range, ByteSink& sink, std::stop_token stop)
      : tools_{tools},
        resource_{resource},
        range_{range},
        sink_{sink},
        stop_{std::move(stop)},
        last_byte_{tools.clock.monotonic()} {}

  Result<void> run() {
    while (done_ < range_.length) {
      if (!url_) url_ = TRY(tools_.urls.find(resource_, stop_));
      TRY(attempt());
    }
    return {};
  }

 private:
  Result<void> attempt() {
    const auto url = on_the_wire((moved_ ? *moved_ : *url_).reveal());
    if (!is_allowed(url, tools_.hosts))
      return Error{ErrorKind::Protocol, "iCloud names a host for the photo's bytes that is not one of Apple's"};
    const Range rest{range_.offset + done_, range_.length - done_};
    net::Request request;
    request.url = url;
    request.headers.add("Range", fmt::format("bytes={}-{}", rest.offset, rest.end() - 1));
    if (with_cookies_) request.headers.add("Cookie", std::string{tools_.gateway.cookies_for(url).reveal()});
    request.fresh_connection = fresh_connection_;
    request.stall_timeout = seconds{10};
    request.total_timeout = milliseconds{0};

    ContentAnswer answer{rest, resource_.size, sink_};
    const auto head = tools_.http.send(request, answer, stop_);
    note_progress(answer.delivered());
    if (done_ == range_.length) return {};
    if (!head) {
      if (head.error().kind() != ErrorKind::Offline) return head.error();
      return set_back(answer.delivered(), head.error());
    }
    return go_on(answer, *head);
  }

  void note_progress(std::uint64_t bytes) {
    if (bytes == 0) return;
    done_ += bytes;
    setbacks_ = 0;
    renewed_ = false;
    last_byte_ = tools_.clock.monotonic();
  }

  /// What to do after an answer that was not all.
  Result<void> go_on(const ContentAnswer& answer, const net::ResponseHead& head) {
    switch (answer.verdict()) {
      case ContentVerdict::Bytes:
        if (answer.is_of_unknown_length() && answer.delivered() < kErrorText && add_cookies()) return start_over();
        return set_back(answer.delivered(), {ErrorKind::Offline, "the transfer was cut short"});
      case ContentVerdict::Expired:
        return renew({ErrorKind::Offline,
                      fmt::format("iCloud does not give out the photo's bytes (HTTP status {})", head.status)});
      case ContentVerdict::WrongLength:
        if (add_cookies()) return {};
        return renew({ErrorKind::Corrupt, "iCloud sends a file of another size than it lists"});
      case ContentVerdict::WrongTotal:
        return renew({ErrorKind::Corrupt, "iCloud's file has another size than it lists"});
      case ContentVerdict::WrongRange:
        return set_back(0, {ErrorKind::Corrupt, "iCloud sends another part of the file than it was asked for"});
      case ContentVerdict::NotBytes:
        return set_back(0, {ErrorKind::Throttled, "iCloud sends a page of text instead of the photo"});
      case ContentVerdict::Busy:
        return set_back(0, {ErrorKind::Throttled, "iCloud asks to come back later"},
                        net::retry_after(head.headers, std::chrono::floor<seconds>(tools_.clock.now())));
      case ContentVerdict::Failed:
        return set_back(
            0, {ErrorKind::Offline, fmt::format("iCloud has a problem of its own (HTTP status {})", head.status)});
      case ContentVerdict::WrongConnection:
        fresh_connection_ = true;
        return set_back(0, {ErrorKind::Offline, "iCloud's content host does not answer for itself"});
      case ContentVerdict::Moved:
        return follow(head);
      case ContentVerdict::NotUnderstood:
        break;
    }
    return Error{ErrorKind::Protocol,
                 fmt::format("iCloud answers a request for bytes with HTTP status {}", head.status)};
  }

  /// Cookies do not belong to content hosts, but some URLs of shared libraries were seen to want them. Once.
  bool add_cookies() {
    if (with_cookies_ || tools_.gateway.cookies_for(url_->reveal()).empty()) return false;
    kLog.debug("the content host gets cookies asset={}", resource_.asset.value);
    return with_cookies_ = true;
  }

  Result<void> start_over() {
    done_ = 0;
    sink_.restart();
    return {};
  }

  /// Another URL, by a look-up of the record, which may say that the photo is gone. Once, then `error`.
  Result<void> renew(Error error) {
    if (renewed_) return error;
    kLog.debug("the URL is of no use, looking the record up asset={}", resource_.asset.value);
    renewed_ = true;
    tools_.urls.forget(resource_, *url_);
    url_.reset();
    moved_.reset();
    return {};
  }

  /// A pause before the next try, or `error` when it is time to give up.
  Result<void> set_back(std::uint64_t delivered, Error error, std::optional<seconds> asked = std::nullopt) {
    if (delivered > 0) return {};
    if (++setbacks_ >= kMaxSetbacks || asked > kLongestRest) return error;
    const auto wait = backoff_.next(asked);
    if (!asked && tools_.clock.monotonic() + wait - last_byte_ > kPatience) return error;
    kLog.debug("trying again wait_ms={} asset={} reason={}", wait.count(), resource_.asset.value, error.message());
    if (!tools_.clock.sleep_for(wait, stop_)) return Error{ErrorKind::Cancelled, "asked to stop"};
    return {};
  }

  Result<void> follow(const net::ResponseHead& head) {
    const auto target = head.headers.get("Location");
    if (!target || ++redirects_ > kMaxRedirects)
      return Error{ErrorKind::Protocol, "iCloud sends us from one host to the next for the photo's bytes"};
    moved_ = Secret{std::string{*target}};
    with_cookies_ = false;
    return {};
  }

  DownloadTools& tools_;
  const ResourceRef& resource_;
  Range range_;
  ByteSink& sink_;
  std::stop_token stop_;
  net::Backoff backoff_{milliseconds{200}, seconds{3}, range_.offset};

  std::uint64_t done_ = 0;
  Monotonic last_byte_;
  std::optional<Secret> url_;
  std::optional<Secret> moved_;  ///< Where `url_` sent us.
  int setbacks_ = 0;
  int redirects_ = 0;
  bool renewed_ = false;
  bool with_cookies_ = false;
  bool fresh_connection_ = false;
};

}  // namespace

bool is_allowed(std::string_view url, PhotosOptions::Hosts hosts) {
  static constexpr std::array<std::string_view, 5> kDomains{".icloud-content.com", ".icloud-content.com.cn",
                                                            ".cdn-apple.com", ".icloud.com", ".icloud.com.cn"};
  const auto parsed = net::parse_url(url);
  if (!parsed) return false;
  if (parsed->is_loopback())
    return hosts == PhotosOptions::Hosts::OfAppleOrLoopback && (parsed->scheme == "https" || parsed->scheme == "http");
  return parsed->scheme == "https" && std::any_of(kDomains.begin(), kDomains.end(), [&](std::string_view domain) {
           return parsed->host.ends_with(domain);
         });
}

Result<void> download(DownloadTools& tools, const ResourceRef& resource, Range range, ByteSink& sink,
                      std::stop_token stop) {
  const auto wanted = range.within(resource.size);
  return Download{tools, resource, wanted, sink, std::move(stop)}.run();
}

Result<std::uint64_t> size_at(DownloadTools& tools, const Secret& url, std::stop_token stop) {
  net::Request request;
  request.url = on_the_wire(url.reveal());
  if (!is_allowed(request.url, tools.hosts))
    return Error{ErrorKind::Protocol, "iCloud names a host for the photo's bytes that is not one of Apple's"};
  request.headers.add("Range", "bytes=0-0");
  HeadOnly none;
  const auto head = TRY(tools.http.send(request, none, std::move(stop)));
  if (const auto size = whole_size(head)) return *size;
  return Error{ErrorKind::Protocol,
               fmt::format("iCloud does not say how long a file is (HTTP status {})", head.status)};
}

}  // namespace icloudphotos::cloud
