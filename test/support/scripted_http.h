// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/net/http.h"

namespace icloudphotos {

/// A network that expects requests in an order and gives the answers a test wrote. A request that was not expected
/// fails the test; so does one that never came.
class ScriptedHttp final : public net::Http {
 public:
  using Answer = std::function<Result<net::Response>(const net::Request&)>;

  ~ScriptedHttp() override {
    for (const auto& step : script_) ADD_FAILURE() << "never asked: " << step.what;
  }

  /// The next request is `method` to a URL whose path, without host and query, ends in `path`.
  ScriptedHttp& expect(std::string method, std::string path, Answer answer) {
    const Lock lock{mutex_};
    script_.push_back({method + " " + path, std::move(answer)});
    return *this;
  }
  ScriptedHttp& expect(std::string method, std::string path, net::Response response) {
    return expect(std::move(method), std::move(path),
                  [response = std::move(response)](const auto&) { return response; });
  }
  ScriptedHttp& expect(std::string method, std::string path, Error error) {
    return expect(std::move(method), std::move(path),
                  [error = std::move(error)](const auto&) -> Result<net::Response> { return error; });
  }
  /// What is not in the script goes here instead of failing.
  void otherwise(Answer answer) {
    const Lock lock{mutex_};
    otherwise_ = std::move(answer);
  }

  [[nodiscard]] std::vector<net::Request> requests() const {
    const Lock lock{mutex_};
    return requests_;
  }
  /// "POST …/signin/init", without host and query.
  [[nodiscard]] std::vector<std::string> calls() const {
    std::vector<std::string> all;
    for (const auto& request : requests()) all.push_back(request.method + " " + path_of(request));
    return all;
  }
  [[nodiscard]] bool script_is_over() const {
    const Lock lock{mutex_};
    return script_.empty();
  }

  Result<net::Response> send(const net::Request& request, std::stop_token stop) override {
    if (stop.stop_requested()) return Error{ErrorKind::Cancelled, "interrupted"};
    const auto call = request.method + " " + path_of(request);
    Answer answer;
    {
      const Lock lock{mutex_};
      requests_.push_back(request);
      if (!script_.empty() && fits(call, script_.front().what)) {
        answer = std::move(script_.front().answer);
        script_.pop_front();
      } else if (otherwise_) {
        answer = otherwise_;
      } else {
        ADD_FAILURE() << "unexpected: " << call
                      << "; expected: " << (script_.empty() ? "nothing" : script_.front().what);
        return Error{ErrorKind::Usage, "not in the script"};
      }
    }
    return answer(request);
  }
  Result<net::ResponseHead> send(const net::Request& request, net::BodySink& sink, std::stop_token stop) override {
    auto response = TRY(send(request, stop));
    net::ResponseHead head{response.status, response.headers};
    if (sink.begin(head)) (void)sink.write(std::as_bytes(std::span{response.body}));
    return head;
  }

 private:
  struct Step {
    std::string what;
    Answer answer;
  };

  static std::string path_of(const net::Request& request) {
    const auto url = net::parse_url(request.url);
    return url ? url->path.substr(0, url->path.find('?')) : request.url;
  }
  static bool fits(std::string_view call, std::string_view what) {
    const auto space = what.find(' ');
    return call.substr(0, space) == what.substr(0, space) && call.ends_with(what.substr(space + 1));
  }

  mutable Mutex mutex_;  ///< never held while answering
  std::deque<Step> script_ GUARDED_BY(mutex_);
  Answer otherwise_ GUARDED_BY(mutex_);
  std::vector<net::Request> requests_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos
