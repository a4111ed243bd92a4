// SPDX-License-Identifier: MIT
#include <algorithm>
#include <condition_variable>
#include <iterator>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>

#include "icloudphotos/base/log.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/net/http.h"

#include "allowance.h"
#include "ca_bundle.h"
#include "curl_start.h"
#include "transfer.h"

namespace icloudphotos::net {
namespace {

constexpr Log log{"net"};
constexpr int kLongestPollMs = 10'000;
constexpr std::size_t kMaxSpare = 32;

using MultiHandle = Handle<CURLM, curl_multi_cleanup>;

/// A transfer and the caller who waits for it.
struct Pending {
  Pending(const Request& request, const Url& where, BodySink* sink)
      : method{request.method}, url{where}, transfer{request, where, sink} {}
  [[nodiscard]] std::pair<std::string_view, int> host() const { return {url.host, url.port}; }
  const std::string& method;
  const Url& url;
  Transfer transfer;
  std::optional<Result<Response>> answer;  ///< Set under CurlHttp's lock; the net thread forgets the transfer then.
  std::condition_variable_any answered;
};

/// All curl handles live on one thread; callers queue a transfer and sleep until it is answered.
class CurlHttp final : public Http {
 public:
  struct Limits {
    std::size_t connections_per_host;
    std::size_t downloads_per_host;
    std::uint64_t max_download_rate;
  };
  CurlHttp(MultiHandle multi, TransferSettings settings, const Limits& limits)
      : settings_{std::move(settings)}, limits_{limits}, multi_{std::move(multi)} {
    thread_ = std::jthread{[this](std::stop_token stop) { run(stop); }};
  }

  Result<Response> send(const Request& request, std::stop_token stop) override {
    return send(request, nullptr, std::move(stop));
  }

  Result<ResponseHead> send(const Request& request, BodySink& sink, std::stop_token stop) override {
    auto response = TRY(send(request, &sink, std::move(stop)));
    return ResponseHead{response.status, std::move(response.headers)};
  }

 private:
  Result<Response> send(const Request& request, BodySink* sink, std::stop_token stop);
  void run(const std::stop_token& stop);
  void start(Pending* pending);
  void take_queued();
  void start_waiting();
  void end_overdue(bool stopping);
  void collect_finished();
  void take_off(Pending* pending);
  void finish(Pending* pending, Result<Response> answer);
  [[nodiscard]] int poll_ms() const;
  [[nodiscard]] Allowance& allowance(const Pending& pending);
  [[nodiscard]] std::size_t busy_downloads(const Pending& pending) const;
  void learn_from(const Pending& pending, const Result<Response>& answer);
  void share_rate();
  void pay_for(const Pending& pending);
  [[nodiscard]] bool in_debt() const;

  const TransferSettings settings_;
  const Limits limits_;
  Mutex mutex_;  ///< the queue, and who has been answered; never held while calling out
  std::vector<Pending*> queued_ GUARDED_BY(mutex_);
  MultiHandle multi_;
  // The net thread's own:
  std::vector<Pending*> waiting_;  ///< for a free connection to their host
  std::vector<Pending*> active_;
  std::vector<EasyHandle> spare_;                                ///< they keep their TLS sessions
  std::map<std::pair<std::string, int>, Allowance> allowances_;  ///< of hosts, for downloads
  Monotonic paid_at_{};                                          ///< when the rate has made up for all that came
  std::jthread thread_;                                          ///< last: joined before the rest goes
};

Result<Response> CurlHttp::send(const Request& request, BodySink* sink, std::stop_token stop) {
  if (stop.stop_requested()) return Error{ErrorKind::Cancelled, "the request was given up"};
  const auto url = parse_url(request.url);
  if (!url || (url->scheme != "https" && !(url->scheme == "http" && url->is_loopback())))
    return Error{ErrorKind::Usage, "only https addresses can be used, or http ones of this very machine"};

  Pending pending{request, *url, sink};
  {
    Lock lock{mutex_};
    queued_.push_back(&pending);
  }
  curl_multi_wakeup(multi_.get());
  const std::stop_callback cancel{stop, [&] {
                                    pending.transfer.cancel();
                                    curl_multi_wakeup(multi_.get());
                                  }};
  Lock lock{mutex_};
  pending.answered.wait(lock, [&] { return pending.answer.has_value(); });
  return std::move(*pending.answer);
}

void CurlHttp::run(const std::stop_token& stop) {
  // Signals are another thread's; a write to a closed connection must not end the program.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  const std::stop_callback wake{stop, [this] { curl_multi_wakeup(multi_.get()); }};
  for (;;) {
    const bool stopping = stop.stop_requested();
    take_queued();
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    collect_finished();
    end_overdue(stopping);
    if (stopping) return;
    start_waiting();
    share_rate();
    curl_multi_poll(multi_.get(), nullptr, 0, poll_ms(), nullptr);
  }
}

void CurlHttp::take_queued() {
  Lock lock{mutex_};
  waiting_.insert(waiting_.end(), queued_.begin(), queued_.end());
  queued_.clear();
}

// Not curl's own limit (CURLMOPT_MAX_HOST_CONNECTIONS): 7.88 at times forgets to go on with those it made wait.
void CurlHttp::start_waiting() {
  const auto queued = std::move(waiting_);
  waiting_.clear();
  for (auto* pending : queued) {
    const auto same_host = [&](const Pending* other) { return other->host() == pending->host(); };
    const auto busy = static_cast<std::size_t>(std::count_if(active_.begin(), active_.end(), same_host));
    const bool too_much = pending->transfer.is_download() && busy_downloads(*pending) >= allowance(*pending).now();
    const bool too_soon = pending->transfer.is_download() && in_debt();
    if (busy >= limits_.connections_per_host || too_much || too_soon) {
      waiting_.push_back(pending);
    } else {
      active_.push_back(pending);
      start(pending);
    }
  }
}

std::size_t CurlHttp::busy_downloads(const Pending& pending) const {
  return static_cast<std::size_t>(std::count_if(active_.begin(), active_.end(), [&](const Pending* other) {
    return other->transfer.is_download() && other->host() == pending.host();
  }));
}

Allowance& CurlHttp::allowance(const Pending& pending) {
  return allowances_.try_emplace({pending.url.host, pending.url.port}, limits_.downloads_per_host).first->second;
}

void CurlHttp::learn_from(const Pending& pending, const Result<Response>& answer) {
  if (!pending.transfer.is_download() || pending.transfer.begun() == Monotonic{}) return;
  if (answer && answer->status >= 200 && answer->status < 300) return allowance(pending).good();
  const bool has_enough =
      answer ? answer->status == 429 || answer->status == 503 : answer.error().kind() == ErrorKind::Offline;
  if (!has_enough) return;
  auto& allowed = allowance(pending);
  allowed.bad(busy_downloads(pending), pending.transfer.begun(), std::chrono::steady_clock::now());
  log.debug("fewer downloads host={} allowed={}", pending.url.host, allowed.now());
}

/// curl slows down what takes long, but lets the beginning of each answer through; so the next one begins when the rate
/// has made up for those before.
void CurlHttp::pay_for(const Pending& pending) {
  if (limits_.max_download_rate == 0 || !pending.transfer.is_download()) return;
  const std::chrono::duration<double> price{static_cast<double>(pending.transfer.received()) /
                                            static_cast<double>(limits_.max_download_rate)};
  paid_at_ = std::max(paid_at_, pending.transfer.begun()) + std::chrono::duration_cast<Monotonic::duration>(price);
}

bool CurlHttp::in_debt() const { return paid_at_ > std::chrono::steady_clock::now(); }

void CurlHttp::share_rate() {
  if (limits_.max_download_rate == 0) return;
  std::vector<Pending*> downloads;
  std::copy_if(active_.begin(), active_.end(), std::back_inserter(downloads),
               [](const Pending* one) { return one->transfer.is_download() && one->transfer.easy() != nullptr; });
  for (auto* one : downloads) one->transfer.limit_rate(limits_.max_download_rate / downloads.size());
}

void CurlHttp::start(Pending* pending) {
  EasyHandle easy;
  if (spare_.empty()) {
    easy.reset(curl_easy_init());
  } else {
    easy = std::move(spare_.back());
    spare_.pop_back();
  }
  if (!easy) return finish(pending, Error{ErrorKind::Offline, "out of memory for another connection"});
  if (auto prepared = pending->transfer.prepare(std::move(easy), settings_); !prepared)
    return finish(pending, std::move(prepared).error());
  curl_multi_add_handle(multi_.get(), pending->transfer.easy());
}

void CurlHttp::collect_finished() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* const easy = message->easy_handle;
    const CURLcode code = message->data.result;  // the message goes with the handle
    const auto it = std::find_if(active_.begin(), active_.end(), [&](auto* p) { return p->transfer.easy() == easy; });
    if (it == active_.end()) continue;
    auto* pending = *it;
    if (auto answer = pending->transfer.outcome(code)) {
      finish(pending, std::move(*answer));
    } else {
      take_off(pending);
      start(pending);
    }
  }
}

void CurlHttp::end_overdue(bool stopping) {
  const auto now = std::chrono::steady_clock::now();
  auto all = active_;
  all.insert(all.end(), waiting_.begin(), waiting_.end());
  for (auto* pending : all) {
    if (stopping) pending->transfer.cancel();
    if (auto error = pending->transfer.must_end(now)) finish(pending, std::move(*error));
  }
}

void CurlHttp::take_off(Pending* pending) {
  auto easy = pending->transfer.release_easy();
  if (!easy) return;
  curl_multi_remove_handle(multi_.get(), easy.get());
  curl_easy_reset(easy.get());
  if (spare_.size() < kMaxSpare) spare_.push_back(std::move(easy));
}

void CurlHttp::finish(Pending* pending, Result<Response> answer) {
  learn_from(*pending, answer);
  pay_for(*pending);
  take_off(pending);
  std::erase(active_, pending);
  std::erase(waiting_, pending);
  if (answer) {
    log.debug("answered method={} host={} status={} kept_bytes={}", pending->method, pending->url.host, answer->status,
              answer->body.size());
  } else {
    log.debug("not answered method={} host={} kind={} why=\"{}\"", pending->method, pending->url.host,
              name_of(answer.error().kind()), answer.error().message());
  }
  Lock lock{mutex_};
  pending->answer = std::move(answer);
  pending->answered.notify_one();  // under the lock: the caller's frame, and `pending` with it, goes right after
}

int CurlHttp::poll_ms() const {
  auto nearest = Monotonic::max();
  for (const auto* list : {&active_, &waiting_})
    for (const auto* pending : *list) nearest = std::min(nearest, pending->transfer.next_deadline());
  if (!waiting_.empty() && in_debt()) nearest = std::min(nearest, paid_at_);
  if (nearest == Monotonic::max()) return kLongestPollMs;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(nearest - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(left.count(), 0, kLongestPollMs));
}

}  // namespace

Result<std::unique_ptr<Http>> make_curl_http(const HttpOptions& options) {
  start_curl();
  TransferSettings settings;
  if (options.ca_file) settings.ca_bundle = TRY(ca_bundle_with(*options.ca_file));
  MultiHandle multi{curl_multi_init()};
  if (!multi) return Error{ErrorKind::Usage, "libcurl could not be started"};
  const auto connections = std::max<std::size_t>(options.connections_per_host, 1);
  const auto downloads = options.downloads_per_host == 0 ? connections : options.downloads_per_host;
  // Kept open: those of the busiest host and a few.
  curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(connections + 4));
  return std::unique_ptr<Http>{std::make_unique<CurlHttp>(
      std::move(multi), std::move(settings), CurlHttp::Limits{connections, downloads, options.max_download_rate})};
}

}  // namespace icloudphotos::net
