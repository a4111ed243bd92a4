// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "icloudphotos/auth/person.h"
#include "icloudphotos/auth/session.h"
#include "icloudphotos/base/result.h"

namespace icloudphotos::ui {

/// Signing in with a browser on this machine: password, code, and what to do elsewhere, as plain pages without scripts.
///
/// A link holds a token that lets in one browser, once; that browser is known by a cookie from then on. Requests with
/// another Host or Origin, or from another browser, get nothing.
///
/// Shapes    Nobody is there to ask until a browser was let in. Every sign-in that the page asked for is followed by `ended`.
/// Errors    start: Usage: the port cannot be used. password, ask: Cancelled: stopped.
/// Threads   Any. Asking waits until the page is filled in or `stop`; `status` and `sign_in` are called on its threads,
///           under no lock.
/// Lifetime  Stop all questions before it goes.
class WebPage final : public auth::PasswordSource, public auth::CodeSource {
 public:
  struct Options {
    int port = 0;  ///< On 127.0.0.1; 0: any free one.
    std::string account;
    std::function<auth::SessionStatus()> status;
    /// The visitor wants to sign in, and nobody is asking yet. Must return at once.
    std::function<void()> sign_in;
  };
  [[nodiscard]] static Result<std::unique_ptr<WebPage>> start(Options options);
  ~WebPage() override;

  /// A new link, good for one browser; links given before that nobody used are void.
  [[nodiscard]] std::string link();
  /// Waits until a browser was let in; false: stopped. For who begins a sign-in without having been asked to by the page.
  [[nodiscard]] bool wait_for_visitor(std::stop_token stop);
  [[nodiscard]] Result<Secret> password(const std::string& account, std::stop_token stop) override;
  [[nodiscard]] Result<auth::Answer> ask(const auth::Challenge& challenge, std::stop_token stop) override;
  [[nodiscard]] bool can_ask() const override;
  void tell(const std::string& what_to_do) override;
  /// How a sign-in ended, for the page that follows.
  void ended(const Result<void>& result);

 private:
  class State;
  explicit WebPage(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace icloudphotos::ui
