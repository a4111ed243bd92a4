// SPDX-License-Identifier: MIT
#include "transfer.h"

#include <algorithm>

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::net {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kConnectTimeout{5'000};
constexpr int kUserTimeoutMs = 10'000;
constexpr curl_off_t kWorthReading = 16 << 10;

// curl would send what follows a line break as another header.
bool is_one_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

Monotonic now() { return std::chrono::steady_clock::now(); }

}  // namespace

Transfer::Transfer(const Request& request, const Url& url, BodySink* sink)
    : request_{request}, url_{url}, sink_{sink}, started_{now()} {}

Result<void> Transfer::prepare(EasyHandle easy, const TransferSettings& settings) {
  easy_ = std::move(easy);
  error_text_[0] = '\0';
  head_ = {};
  body_.clear();
  received_ = sent_ = 0;
  last_byte_.reset();
  begun_ = now();
  const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(easy_.get(), option, value); };
  set(CURLOPT_URL, request_.url.c_str());
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_PRIVATE, this);
  set(CURLOPT_ERRORBUFFER, error_text_);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // else giving up would wait for a slow resolver
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (url_.is_loopback()) set(CURLOPT_PROXY, "");
  // Not HTTP/2: all streams would share one connection's congestion window and its fate; eight ranges measured 109 MB/s
  // on eight connections and 58 on one. A 421 also comes from HTTP/2 connections that were reused for another host.
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  if (request_.fresh_connection || repeated_) set(CURLOPT_FRESH_CONNECT, 1L);
  if (sink_ == nullptr) set(CURLOPT_ACCEPT_ENCODING, "gzip");
  set(CURLOPT_BUFFERSIZE, 128L << 10);
  set(CURLOPT_HEADERFUNCTION, on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, on_body);
  set(CURLOPT_WRITEDATA, this);
  set_timing();
  set_trust(settings);
  TRY(set_method());
  return set_headers();
}

void Transfer::set_timing() {
  const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(easy_.get(), option, value); };
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(kConnectTimeout.count()));
  set(CURLOPT_TCP_NODELAY, 1L);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_TCP_KEEPIDLE, 30L);
  set(CURLOPT_TCP_KEEPINTVL, 10L);
  set(CURLOPT_SOCKOPTFUNCTION, on_socket);
  set(CURLOPT_PREREQFUNCTION, on_connected);
  set(CURLOPT_PREREQDATA, this);
  set(CURLOPT_XFERINFOFUNCTION, on_progress);
  set(CURLOPT_XFERINFODATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
}

void Transfer::set_trust(const TransferSettings& settings) {
  const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(easy_.get(), option, value); };
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (settings.ca_bundle.empty()) return;
  curl_blob bundle{const_cast<char*>(settings.ca_bundle.data()), settings.ca_bundle.size(), CURL_BLOB_NOCOPY};
  set(CURLOPT_CAINFO_BLOB, &bundle);
}

Result<void> Transfer::set_method() {
  const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(easy_.get(), option, value); };
  const auto& method = request_.method;
  if (method.empty() || method.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos)
    return Error{ErrorKind::Usage, fmt::format("\"{}\" is no HTTP method", printable(method))};
  if (method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (method != "GET" || !request_.body.empty()) {
    set(CURLOPT_POSTFIELDS, request_.body.data());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    if (method != "POST") set(CURLOPT_CUSTOMREQUEST, method.c_str());
  }
  return {};
}

Result<void> Transfer::set_headers() {
  curl_slist* lines = nullptr;
  const auto add = [&](const std::string& line) { lines = curl_slist_append(lines, line.c_str()); };
  add("Expect:");  // no round trip before a large body
  if (!request_.headers.get("Content-Type")) add("Content-Type:");
  for (const auto& [name, value] : request_.headers.lines()) {
    if (name.empty() || name.find(':') != std::string::npos || !is_one_line(name) || !is_one_line(value)) {
      curl_slist_free_all(lines);
      return Error{ErrorKind::Usage, fmt::format("the request header \"{}\" is not one line", printable(name))};
    }
    add(value.empty() ? fmt::format("{};", name) : fmt::format("{}: {}", name, value));
  }
  lines_.reset(lines);
  curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, lines);
  return {};
}

void Transfer::limit_rate(std::uint64_t rate) {
  curl_easy_setopt(easy_.get(), CURLOPT_MAX_RECV_SPEED_LARGE,
                   static_cast<curl_off_t>(std::max<std::uint64_t>(rate, 1)));
}

std::optional<Error> Transfer::must_end(Monotonic now) const {
  if (cancelled_) return Error{ErrorKind::Cancelled, "the request was given up"};
  const auto seconds = [](milliseconds limit) { return static_cast<double>(limit.count()) / 1000; };
  if (last_byte_ && now >= *last_byte_ + request_.stall_timeout)
    return Error{ErrorKind::Offline,
                 fmt::format("{} sent nothing for {} s", url_.host, seconds(request_.stall_timeout))};
  if (request_.total_timeout.count() > 0 && now >= started_ + request_.total_timeout)
    return Error{ErrorKind::Offline,
                 fmt::format("{} did not answer within {} s", url_.host, seconds(request_.total_timeout))};
  return std::nullopt;
}

Monotonic Transfer::next_deadline() const {
  auto deadline = last_byte_ ? *last_byte_ + request_.stall_timeout : Monotonic::max();
  if (request_.total_timeout.count() > 0) deadline = std::min(deadline, started_ + request_.total_timeout);
  return deadline;
}

std::optional<Result<Response>> Transfer::outcome(CURLcode code) {
  const auto response = [this] {
    auto head = head_.take();
    return Response{head.status, std::move(head.headers), std::move(body_)};
  };
  if (cancelled_) return Error{ErrorKind::Cancelled, "the request was given up"};
  switch (ending_) {
    case Ending::Enough:
      return response();
    case Ending::TooLongHead:
      return Error{ErrorKind::Protocol, fmt::format("{} answered with too many or too long headers", url_.host)};
    case Ending::TooLongBody:
      return Error{ErrorKind::Protocol,
                   fmt::format("{} answered with more than {} bytes", url_.host, request_.max_body_bytes)};
    case Ending::None:
      break;
  }
  if (code == CURLE_OK && head_.complete()) return response();
  if (discarding_) return response();

  // curl repeats most of these itself, but not those it noticed while sending.
  long new_connections = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_NUM_CONNECTS, &new_connections);
  const bool connection_died = code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING;
  if (connection_died && new_connections == 0 && head_.head().status == 0 && !repeated_) {
    repeated_ = true;
    return std::nullopt;
  }
  return failure(code);
}

Error Transfer::failure(CURLcode code) const {
  const std::string why = printable(error_text_[0] != '\0' ? error_text_ : curl_easy_strerror(code));
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
      return Error{ErrorKind::Offline,
                   fmt::format("{} did not prove who it is ({}); on a network with its own certificate authority, name "
                               "that one's certificate with --ca-file",
                               url_.host, why)};
    case CURLE_SSL_CACERT_BADFILE:
      return Error{ErrorKind::Offline, "this machine knows no certificate authorities: install ca-certificates"};
    case CURLE_OK:  // what curl says of an answer that ends within its headers
      return Error{ErrorKind::Offline, fmt::format("{} cut its answer short", url_.host)};
    case CURLE_UNSUPPORTED_PROTOCOL:  // HTTP/0.9: the URL itself was checked before
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_OUT_OF_MEMORY:  // what curl 7.88 says of a header line over 100 KB
      return Error{ErrorKind::Protocol, fmt::format("{} sent an answer that is not HTTP ({})", url_.host, why)};
    default:
      return Error{ErrorKind::Offline, fmt::format("{} cannot be reached: {}", url_.host, why)};
  }
}

bool Transfer::is_whole() const {
  curl_off_t length = -1;
  curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  return received_ == length;
}

bool Transfer::take_line(std::string_view line) {
  last_byte_ = now();
  if (head_.complete()) return true;
  switch (head_.line(line)) {
    case HeadReader::State::More:
      return true;
    case HeadReader::State::TooLarge:
      ending_ = Ending::TooLongHead;
      return false;
    case HeadReader::State::Complete:
      break;
  }
  if (sink_ == nullptr || sink_->begin(head_.head())) return true;
  curl_off_t length = -1;
  curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  discarding_ = length >= 0 && length <= kWorthReading;
  if (!discarding_) ending_ = Ending::Enough;
  return discarding_;
}

bool Transfer::take_body(std::span<const std::byte> bytes) {
  last_byte_ = now();
  received_ += static_cast<curl_off_t>(bytes.size());
  if (discarding_) return true;
  if (sink_ == nullptr) {
    if (body_.size() + bytes.size() > request_.max_body_bytes) {
      ending_ = Ending::TooLongBody;
      return false;
    }
    body_.append(as_text(bytes));
    return true;
  }
  if (sink_->write(bytes)) return true;
  if (is_whole()) return true;  // nothing is left to be spared: the connection can be kept
  ending_ = Ending::Enough;
  return false;
}

std::size_t Transfer::on_header(char* line, std::size_t, std::size_t size, void* self) {
  return static_cast<Transfer*>(self)->take_line({line, size}) ? size : 0;
}

std::size_t Transfer::on_body(char* bytes, std::size_t, std::size_t size, void* self) {
  return static_cast<Transfer*>(self)->take_body(as_bytes({bytes, size})) ? size : 0;
}

int Transfer::on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t sent) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (sent != transfer.sent_) {
    transfer.sent_ = sent;
    transfer.last_byte_ = now();
  }
  return 0;
}

int Transfer::on_connected(void* self, char*, char*, int, int) {
  static_cast<Transfer*>(self)->last_byte_ = now();
  return CURL_PREREQFUNC_OK;
}

// A connection whose packets are no longer acknowledged ends by itself, also one that only sends.
int Transfer::on_socket(void*, curl_socket_t socket, curlsocktype) {
  setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &kUserTimeoutMs, sizeof kUserTimeoutMs);
  return CURL_SOCKOPT_OK;
}

}  // namespace icloudphotos::net
