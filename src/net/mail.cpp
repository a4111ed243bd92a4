// SPDX-License-Identifier: MIT
#include "icloudphotos/net/mail.h"

#include <algorithm>
#include <cstring>
#include <set>

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/text.h"

#include "ca_bundle.h"
#include "curl_start.h"
#include "mail_text.h"

namespace icloudphotos::net {
namespace {

constexpr long kConnectTimeoutMs = 30'000;  // the greeting, which some delay on purpose, and the login included
constexpr long kTimeoutMs = 60'000;

using EasyHandle = Handle<CURL, curl_easy_cleanup>;
using MultiHandle = Handle<CURLM, curl_multi_cleanup>;
using Lines = Handle<curl_slist, curl_slist_free_all>;

/// "smtp://host:port". Errors: Usage: what is no host could be another URL.
Result<std::string> url_of(const MailServer& server) {
  const auto belongs = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == ':';
  };
  if (server.host.empty() || !std::all_of(server.host.begin(), server.host.end(), belongs))
    return Error{ErrorKind::Usage, fmt::format("\"{}\" is no name of a mail server", printable(server.host))};
  const bool numeric = server.host.find(':') != std::string::npos;  // IPv6
  return fmt::format("smtp://{}{}{}:{}", numeric ? "[" : "", server.host, numeric ? "]" : "", server.port);
}

/// The sockets of a transfer, to be cut off. curl ends a connection with QUIT, and waits for the answer.
class Sockets {
 public:
  void cut() {
    const Lock lock{mutex_};
    for (const auto socket : open_) ::shutdown(socket, SHUT_RDWR);
  }
  static int opened(void* self, curl_socket_t socket, curlsocktype) {
    auto& sockets = *static_cast<Sockets*>(self);
    const Lock lock{sockets.mutex_};
    sockets.open_.insert(socket);
    return CURL_SOCKOPT_OK;
  }
  static int closed(void* self, curl_socket_t socket) {
    auto& sockets = *static_cast<Sockets*>(self);
    const Lock lock{sockets.mutex_};
    sockets.open_.erase(socket);
    return ::close(socket);
  }

 private:
  Mutex mutex_;  ///< also over closing: a closed number may be somebody else's
  std::set<curl_socket_t> open_ GUARDED_BY(mutex_);
};

/// One mail on its way to one server.
class Delivery {
 public:
  Delivery(const MailServer& server, MailText mail) : server_{server}, mail_{std::move(mail)}, unsent_{mail_.message} {}
  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;

  Result<void> prepare();
  Result<void> run(const std::stop_token& stop);

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(easy_.get(), option, value);
  }
  void set_login();
  Result<void> set_trust();
  [[nodiscard]] Result<void> outcome(CURLcode code);

  static std::size_t read(char* buffer, std::size_t one, std::size_t room, void* self) {
    auto& unsent = static_cast<Delivery*>(self)->unsent_;
    const auto count = std::min(one * room, unsent.size());
    std::memcpy(buffer, unsent.data(), count);
    unsent.remove_prefix(count);
    return count;
  }

  const MailServer& server_;
  const MailText mail_;
  std::string_view unsent_;
  std::string ca_bundle_;
  Lines recipients_;
  Sockets sockets_;
  char error_text_[CURL_ERROR_SIZE] = {};
  EasyHandle easy_{curl_easy_init()};
};

Result<void> Delivery::prepare() {
  if (!easy_) return Error{ErrorKind::Offline, "out of memory for a mail"};
  const auto url = TRY(url_of(server_));
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "smtp");
  set(CURLOPT_PORT, static_cast<long>(server_.port));
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // else giving up would wait for a slow resolver
  set(CURLOPT_ERRORBUFFER, error_text_);
  set(CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeoutMs);
  set(CURLOPT_TIMEOUT_MS, kTimeoutMs);
  set(CURLOPT_MAIL_FROM, fmt::format("<{}>", mail_.from).c_str());
  recipients_.reset(curl_slist_append(nullptr, fmt::format("<{}>", mail_.to).c_str()));
  set(CURLOPT_MAIL_RCPT, recipients_.get());
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_READFUNCTION, &Delivery::read);
  set(CURLOPT_READDATA, this);
  set(CURLOPT_SOCKOPTFUNCTION, &Sockets::opened);
  set(CURLOPT_SOCKOPTDATA, &sockets_);
  set(CURLOPT_CLOSESOCKETFUNCTION, &Sockets::closed);
  set(CURLOPT_CLOSESOCKETDATA, &sockets_);
  set_login();
  return set_trust();
}

void Delivery::set_login() {
  if (server_.username.empty()) return;
  set(CURLOPT_USERNAME, server_.username.c_str());
  set(CURLOPT_PASSWORD, server_.password.reveal().data());  // a std::string's, so it ends with NUL
}

Result<void> Delivery::set_trust() {
  // ALL: a server that offers no STARTTLS learns neither the login nor the mail.
  set(CURLOPT_USE_SSL, static_cast<long>(server_.tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!server_.ca_file) return {};
  ca_bundle_ = TRY(ca_bundle_with(*server_.ca_file));
  curl_blob bundle{ca_bundle_.data(), ca_bundle_.size(), CURL_BLOB_NOCOPY};
  set(CURLOPT_CAINFO_BLOB, &bundle);
  return {};
}

// Not curl_easy_perform: it looks only once a second whether it shall stop.
Result<void> Delivery::run(const std::stop_token& stop) {
  const std::stop_callback hang_up{stop, [this] { sockets_.cut(); }};  // to the end of `multi`, which says QUIT
  const MultiHandle multi{curl_multi_init()};
  if (!multi || curl_multi_add_handle(multi.get(), easy_.get()) != CURLM_OK)
    return Error{ErrorKind::Offline, "out of memory for a mail"};
  const std::stop_callback wake{stop, [&] { curl_multi_wakeup(multi.get()); }};
  Result<void> result = Error{ErrorKind::Cancelled, "sending a mail was given up"};
  while (!stop.stop_requested()) {
    int running = 0;
    curl_multi_perform(multi.get(), &running);
    if (running == 0) {
      int left = 0;
      const auto* message = curl_multi_info_read(multi.get(), &left);
      result = outcome(message != nullptr ? message->data.result : CURLE_FAILED_INIT);
      break;
    }
    curl_multi_poll(multi.get(), nullptr, 0, 1'000, nullptr);
  }
  if (!result && result.error().kind() == ErrorKind::Offline) sockets_.cut();
  curl_multi_remove_handle(multi.get(), easy_.get());
  return result;
}

Result<void> Delivery::outcome(CURLcode code) {
  if (code == CURLE_OK) return {};
  const std::string why = printable(error_text_[0] != '\0' ? error_text_ : curl_easy_strerror(code));
  long answer = 0;  // the last one of the server
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &answer);
  const auto& host = server_.host;
  switch (code) {
    case CURLE_USE_SSL_FAILED:
      return Error{ErrorKind::Offline,
                   fmt::format("the mail server {} does not encrypt (STARTTLS), so nothing was sent; "
                               "one on this machine may be used with --smtp-no-tls",
                               host)};
    case CURLE_PEER_FAILED_VERIFICATION:
      return Error{
          ErrorKind::Offline,
          fmt::format("the mail server {} did not prove who it is ({}), so nothing was sent; if it has its own "
                      "certificate authority, name that one's certificate with --ca-file",
                      host, why)};
    case CURLE_LOGIN_DENIED:
    case CURLE_SEND_ERROR:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_REMOTE_ACCESS_DENIED:
      // 421, 450, 454 …: greylisting, or a bad moment.
      if (answer >= 400 && answer < 500)
        return Error{ErrorKind::Throttled, fmt::format("the mail server {} takes no mail now: {}", host, why)};
      if (code == CURLE_LOGIN_DENIED)
        return Error{ErrorKind::Refused,
                     fmt::format("the mail server {} refused the login of {}: {}; see --smtp-username and "
                                 "--smtp-password-command",
                                 host, printable(server_.username), why)};
      if (answer >= 500)
        return Error{ErrorKind::Refused, fmt::format("the mail server {} refused the mail: {}", host, why)};
      [[fallthrough]];
    default:
      return Error{ErrorKind::Offline, fmt::format("the mail server {} cannot be reached: {}", host, why)};
  }
}

}  // namespace

Result<void> send_mail(const MailServer& server, const Mail& mail, std::stop_token stop) {
  auto text = TRY(write_mail(mail, SystemClock{}.now(), random_uuid()));
  start_curl();
  Delivery delivery{server, std::move(text)};
  TRY(delivery.prepare());
  return delivery.run(stop);
}

}  // namespace icloudphotos::net
