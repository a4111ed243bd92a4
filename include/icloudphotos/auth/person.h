// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/base/secret.h"

namespace icloudphotos::auth {

/// Where passwords come from. Errors: NeedsSignIn: has none to give (the next source is asked). Cancelled: the person
/// gave up.
class PasswordSource {
 public:
  virtual ~PasswordSource() = default;
  [[nodiscard]] virtual Result<Secret> password(const std::string& account, std::stop_token stop) = 0;
  /// Whether what it gave last is what it gave then. Such a password, once refused, is not tried again unattended.
  [[nodiscard]] virtual bool unchanged_since(TimePoint /*then*/) const { return false; }
  /// Apple took this password, which need not have been this source's: those that can keep one may do so.
  virtual void worked(const std::string& /*account*/, const Secret& /*password*/) {}
};

/// A phone that can get a code.
struct TrustedPhone {
  int id = 0;
  std::string number;  ///< Masked by the far side.
  bool voice = false;
};

/// What can be proved with.
struct Challenge {
  std::string account;
  bool code_sent_to_devices = false;  ///< A push was asked for and taken.
  std::vector<TrustedPhone> phones;
  std::optional<std::string> last_refusal;   ///< Why the wish or code before came to nothing; Apple's words included.
  std::optional<std::string> sent_to_phone;  ///< The number that a code was sent to.
  bool has_devices = true;                   ///< Trusted devices, which can show a code.
};

/// What a person answered: six digits, or the wish for a code by phone.
struct Answer {
  enum class Kind { Code, SendSms, Call, SendToDevices };
  Kind kind = Kind::Code;
  Secret code;       ///< For Code: six digits.
  int phone_id = 0;  ///< For SendSms and Call.
};

/// Whoever can ask a person for the second factor. Errors: NeedsSignIn: nobody to ask. Cancelled: the person gave up.
class CodeSource {
 public:
  virtual ~CodeSource() = default;
  [[nodiscard]] virtual Result<Answer> ask(const Challenge& challenge, std::stop_token stop) = 0;
  /// Whether a person is there. Without one no code is sent for.
  [[nodiscard]] virtual bool can_ask() const { return true; }
  /// What the person has to do elsewhere while we wait: touch a security key, tap Allow on a device. One sentence.
  virtual void tell(const std::string& /*what_to_do*/) {}
};

}  // namespace icloudphotos::auth
