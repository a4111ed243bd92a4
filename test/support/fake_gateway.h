// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "icloudphotos/auth/gateway.h"
#include "icloudphotos/base/mutex.h"

namespace icloudphotos {

/// A photos service that says what a test wants. Each question is noted; answers are given by `answer`, or in order.
class FakeGateway final : public auth::Gateway {
 public:
  using Answer = std::function<Result<net::Response>(std::string_view path, const std::string& body)>;
  struct Question {
    std::string path;  ///< What follows "production/": "private/records/query".
    std::string body;
  };

  static net::Response ok(std::string body) { return {200, {{"Content-Type", "application/json"}}, std::move(body)}; }

  /// The next question is answered like this; others before it are answered first.
  void next(Result<net::Response> answer) {
    const Lock lock{mutex_};
    answers_.push_back([answer = std::move(answer)](auto, const auto&) { return answer; });
  }
  void next(std::string body) { next(ok(std::move(body))); }
  /// The same for the next question whose path begins so, before any answer given without one.
  void next_of(std::string begin, Result<net::Response> answer) {
    const Lock lock{mutex_};
    answers_of_.emplace(std::move(begin), [answer = std::move(answer)](auto, const auto&) { return answer; });
  }
  void next_of(std::string begin, std::string body) { next_of(std::move(begin), ok(std::move(body))); }
  /// Every question for which nothing else is left is answered like this.
  void always(Answer answer) {
    const Lock lock{mutex_};
    always_ = std::move(answer);
  }

  /// Waits until that many questions were asked.
  void wait_for_questions(std::size_t count) {
    Lock lock{mutex_};
    asked_.wait(lock, [&]() REQUIRES(mutex_) { return questions_.size() >= count; });
  }
  [[nodiscard]] std::vector<Question> questions() const {
    const Lock lock{mutex_};
    return questions_;
  }

  Result<net::Response> post(std::string_view path, std::string body, std::stop_token stop) override {
    if (stop.stop_requested()) return Error{ErrorKind::Cancelled, "asked to stop"};
    constexpr std::string_view kRoot = "/database/1/com.apple.photos.cloud/production/";
    const std::string asked{path.starts_with(kRoot) ? path.substr(kRoot.size()) : path};
    Answer answer;
    {
      const Lock lock{mutex_};
      questions_.push_back({asked, body});
      asked_.notify_all();
      const auto of = std::find_if(answers_of_.begin(), answers_of_.end(),
                                   [&](const auto& one) { return asked.starts_with(one.first); });
      if (of != answers_of_.end()) {
        answer = std::move(of->second);
        answers_of_.erase(of);
      } else if (!answers_.empty()) {
        answer = std::move(answers_.front());
        answers_.pop_front();
      } else {
        answer = always_;
      }
    }
    if (!answer) return Error{ErrorKind::Usage, "nothing is left to answer " + asked};
    return answer(asked, body);
  }
  /// Noted and answered like any other, the path being the whole URL.
  Result<net::Response> post_to(std::string_view url, std::string body, std::stop_token stop) override {
    return post(url, std::move(body), std::move(stop));
  }
  std::string account_root(std::string_view service) override {
    const Lock lock{mutex_};
    const auto found = services_.find(std::string{service});
    return found == services_.end() ? std::string{} : found->second;
  }
  /// The account has another service, there.
  void add_service(const std::string& name, std::string root) {
    const Lock lock{mutex_};
    services_[name] = std::move(root);
  }
  Secret cookies_for(std::string_view) override {
    const Lock lock{mutex_};
    return cookies_;
  }
  void set_cookies(std::string cookies) {
    const Lock lock{mutex_};
    cookies_ = Secret{std::move(cookies)};
  }

 private:
  mutable Mutex mutex_;  ///< never held while answering
  std::vector<Question> questions_ GUARDED_BY(mutex_);
  std::condition_variable_any asked_;
  std::deque<Answer> answers_ GUARDED_BY(mutex_);
  std::multimap<std::string, Answer> answers_of_ GUARDED_BY(mutex_);
  Answer always_ GUARDED_BY(mutex_);
  Secret cookies_ GUARDED_BY(mutex_);
  std::map<std::string, std::string> services_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos
