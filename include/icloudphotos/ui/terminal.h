// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "icloudphotos/auth/person.h"
#include "icloudphotos/base/handle.h"

namespace icloudphotos::ui {

/// Asks on the controlling terminal (/dev/tty, else standard input when that is one): the password without echo, the
/// six digits with the choices there are. Echo is restored however the question ends; waiting ends when asked to stop.
///
/// Errors    NeedsSignIn: no terminal, or we are in its background. Cancelled: end of input, stopped, nothing typed
/// thrice.
class Terminal final : public auth::PasswordSource, public auth::CodeSource {
 public:
  Terminal();                     ///< The controlling terminal.
  Terminal(Fd input, Fd output);  ///< For tests: a pseudo-terminal.
  ~Terminal() override;

  [[nodiscard]] bool present() const;
  [[nodiscard]] bool can_ask() const override;
  [[nodiscard]] Result<Secret> password(const std::string& account, std::stop_token stop) override;
  [[nodiscard]] Result<auth::Answer> ask(const auth::Challenge& challenge, std::stop_token stop) override;
  /// The Apple Account, asked for when none was named.
  [[nodiscard]] Result<std::string> account(std::stop_token stop);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace icloudphotos::ui
