// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/text.h"
#include "icloudphotos/cloud/photos.h"
#include "icloudphotos/net/http.h"

namespace icloudphotos::cloud {

/// A content host that says exactly what a test wants, one scripted answer a request.
class FakeContent final : public net::Http {
 public:
  struct Answer {
    int status = 200;
    net::Headers headers{};
    std::string body{};
    bool is_cut = false;  ///< The connection dies after `body`.
  };

  void next(Answer answer) {
    const Lock lock{mutex_};
    answers_.push_back(std::move(answer));
  }
  [[nodiscard]] std::vector<net::Request> requests() const {
    const Lock lock{mutex_};
    return requests_;
  }

  Result<net::Response> send(const net::Request&, std::stop_token) override {
    return Error{ErrorKind::Usage, "content is fetched into a sink"};
  }
  Result<net::ResponseHead> send(const net::Request& request, net::BodySink& sink, std::stop_token stop) override {
    if (stop.stop_requested()) return Error{ErrorKind::Cancelled, "asked to stop"};
    Answer answer;
    {
      const Lock lock{mutex_};
      requests_.push_back(request);
      if (answers_.empty()) return Error{ErrorKind::Usage, "nothing is left to answer"};
      answer = std::move(answers_.front());
      answers_.pop_front();
    }
    net::ResponseHead head{answer.status, answer.headers};
    if (!sink.begin(head)) return head;
    for (std::string_view rest = answer.body; !rest.empty(); rest.remove_prefix(std::min<std::size_t>(rest.size(), 3)))
      if (!sink.write(as_bytes(rest.substr(0, 3)))) return head;
    if (answer.is_cut) return Error{ErrorKind::Offline, "the connection was cut"};
    return head;
  }

 private:
  mutable Mutex mutex_;
  std::vector<net::Request> requests_ GUARDED_BY(mutex_);
  std::deque<Answer> answers_ GUARDED_BY(mutex_);
};

/// Keeps what it is given.
class StringSink final : public ByteSink {
 public:
  void write(std::span<const std::byte> bytes) override { text += as_text(bytes); }
  void restart() override {
    text.clear();
    ++restarts;
  }
  std::string text;
  int restarts = 0;
};

}  // namespace icloudphotos::cloud
