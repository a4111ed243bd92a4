// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "icloudphotos/auth/person.h"
#include "icloudphotos/auth/security_keys.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/net/http.h"

#include "auth/srp.h"

namespace icloudphotos::auth {

// Pure functions from what Apple answers to values. Source: protocol/authentication.md 2 to 5 and 8.

/// The status that counts: `X-Apple-I-Rscd` behind a 200.
[[nodiscard]] int true_status(const net::Response& response);
/// Busy, or closed for us: never a reason to try another way.
[[nodiscard]] bool is_throttle(int status);

/// Apple's own reason, from whichever place and shape: code "-20101" and a sentence in the account's language.
struct ServiceError {
  std::string code;
  std::string message;  ///< Printable, and no longer than a sentence.
};
[[nodiscard]] std::optional<ServiceError> service_error(const net::Response& response);
/// Our sentence, and then Apple's, which is often the best explanation.
[[nodiscard]] std::string with_apples_words(std::string_view ours, const net::Response& response);

/// The answer of signin/init. Errors: Protocol.
struct InitAnswer {
  SrpChallenge challenge;
  std::string context;  ///< `c` as JSON, to be sent back as it came.
};
[[nodiscard]] Result<InitAnswer> decode_init(std::string_view body);

/// How possession can be proved.
struct FactorOptions {
  struct Phone {
    TrustedPhone phone;
    std::optional<bool> non_fteu;  ///< Copied into requests for that number when Apple said it.
  };
  std::vector<Phone> phones;
  bool trusted_devices = true;
  bool security_key = false;  ///< Then there are no codes.
  KeyChallenge key;           ///< For security keys; without handles when it could not be understood.
};
/// From the answer of `GET auth` or signin/complete, JSON or the HTML page that carries it; nothing known is no error.
[[nodiscard]] FactorOptions decode_options(const net::Response& response);

/// Whether a code is on its way. Phones' may be said so with a 409.
enum class SentTo { Devices, Phone };
[[nodiscard]] bool code_was_sent(const net::Response& response, SentTo target);

/// What became of a code.
enum class CodeVerdict { Accepted, AcceptedButRepair, Wrong, Locked, ContextLost, Throttled, Unclear };
[[nodiscard]] CodeVerdict judge_code(const net::Response& response);
/// Whether an answer says that no more codes may be sent or typed for now.
[[nodiscard]] bool codes_exhausted(const net::Response& response);

/// What accountLogin and validate say about an account.
struct Account {
  std::string dsid;
  std::string photos_url;  ///< Empty: no photos service.
  std::map<std::string, std::string> webservices;
  bool second_factor_wanted = false;
  bool two_step = false;  ///< The second factor is Apple's older kind.
  bool terms_pending = false;
  bool web_access = true;       ///< "Access iCloud Data on the Web".
  bool data_protected = false;  ///< Advanced Data Protection.
  bool managed = false;         ///< It belongs to a company or school.
  bool locked = false;
  std::string other_domain;  ///< The region the account belongs to, when it is not this one.
};
/// Whether the account login had no session to work with, which is what an app-specific password leads to.
[[nodiscard]] bool lacks_session(const net::Response& response);
/// Errors: Protocol: not a JSON object.
[[nodiscard]] Result<Account> decode_account(std::string_view body);

}  // namespace icloudphotos::auth
