// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>

#include <curl/curl.h>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/net/http.h"

#include "head_reader.h"

namespace icloudphotos::net {

using EasyHandle = Handle<CURL, curl_easy_cleanup>;
using HeaderLines = Handle<curl_slist, curl_slist_free_all>;

/// What every transfer of one CurlHttp shares; outlives them.
struct TransferSettings {
  std::string ca_bundle;  ///< PEM; empty: the system's own.
};

/// One request on its way. Made by the caller's thread, then the net thread's alone until it is finished; only `cancel`
/// may be called meanwhile.
class Transfer {
 public:
  /// `request` and `sink` (null: the body is kept) must outlive it.
  Transfer(const Request& request, const Url& url, BodySink* sink);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  void cancel() { cancelled_ = true; }

  /// Makes `easy` ready for this request. Errors: Usage: a header or method that would not be one line.
  Result<void> prepare(EasyHandle easy, const TransferSettings& settings);
  [[nodiscard]] CURL* easy() const { return easy_.get(); }
  [[nodiscard]] bool is_download() const { return sink_ != nullptr; }
  /// When it was put on a connection, or was to be; since the last `prepare`.
  [[nodiscard]] Monotonic begun() const { return begun_; }
  [[nodiscard]] std::uint64_t received() const { return static_cast<std::uint64_t>(received_); }  ///< Of the body.
  /// Bytes a second, from now on.
  void limit_rate(std::uint64_t rate);
  [[nodiscard]] EasyHandle release_easy() { return std::move(easy_); }

  /// Why it must end now, if it must: cancelled, or out of time.
  [[nodiscard]] std::optional<Error> must_end(Monotonic now) const;
  /// When to look again.
  [[nodiscard]] Monotonic next_deadline() const;

  /// What curl's outcome means. Nothing: the pooled connection had died; send it again on a fresh one.
  [[nodiscard]] std::optional<Result<Response>> outcome(CURLcode code);

 private:
  static std::size_t on_header(char* line, std::size_t one, std::size_t size, void* self);
  static std::size_t on_body(char* bytes, std::size_t one, std::size_t size, void* self);
  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t sent);
  static int on_connected(void* self, char*, char*, int, int);
  static int on_socket(void*, curl_socket_t socket, curlsocktype);

  bool take_line(std::string_view line);
  bool take_body(std::span<const std::byte> bytes);
  bool is_whole() const;
  Result<void> set_method();
  Result<void> set_headers();
  void set_timing();
  void set_trust(const TransferSettings& settings);
  Error failure(CURLcode code) const;

  enum class Ending {
    None,
    Enough,  ///< The sink wants no more.
    TooLongHead,
    TooLongBody,
  };

  const Request& request_;
  const Url& url_;
  BodySink* sink_;
  std::atomic<bool> cancelled_ = false;

  EasyHandle easy_;
  HeaderLines lines_;
  char error_text_[CURL_ERROR_SIZE] = {};
  HeadReader head_;
  std::string body_;
  curl_off_t received_ = 0;
  curl_off_t sent_ = 0;
  Ending ending_ = Ending::None;
  bool discarding_ = false;  ///< The sink wants nothing of it, but it is short: reading it keeps the connection.
  bool repeated_ = false;
  Monotonic started_;
  Monotonic begun_{};
  std::optional<Monotonic> last_byte_;  ///< Since the request is on a connection.
};

}  // namespace icloudphotos::net
