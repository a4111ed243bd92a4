// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "icloudphotos/base/mutex.h"

namespace icloudphotos::demo {

/// What kind of account answers.
enum class AccountKind {
  TwoFactor,
  PhoneOnly,
  NoTwoFactor,
  SecurityKey,
  AdvancedProtection,
  TermsPending,
  WrongRegion,
  Locked
};

/// How an accepted code is answered (authentication.md 3.4).
enum class CodeAnswer { Status204, Status409WithToken, Status409Valid, Status412 };

/// Where `GET appleauth/auth` puts the telephone numbers (3.2).
enum class OptionsShape { Usual, Bridge, Singular, Nested, Status409 };

/// Behaviour that differs between accounts, days or reports; everything is switchable while the service runs.
struct Quirks {
  AccountKind account = AccountKind::TwoFactor;
  CodeAnswer code_answer = CodeAnswer::Status204;
  OptionsShape options = OptionsShape::Usual;
  bool demand_origin = true;         ///< verify and trust answer 409 unless asked by the icloud.com page
  bool demand_browser = true;        ///< 503 to agents that are no browser
  bool indexing_running = false;     ///< CheckIndexingState says RUNNING 42
  bool split_groups = false;         ///< pages are cut in the middle of a photo's records
  bool check_tags = false;           ///< an outdated recordChangeTag is a CONFLICT
  bool rotate_cookies = true;        ///< photos answers renew the token now and then
  bool private_db_disabled = false;  ///< ACCESS_DENIED for everything
  bool picks_only = false;           ///< lists show only the picked frames of bursts
  std::int64_t empty_pages = 0;      ///< before each page of a feed read from the beginning
  std::int64_t count_error = 0;      ///< added to every count
  std::int64_t pcs_refusals = 2;     ///< requestPCS answers "failure" that often first
  int partition = 61;
};

class QuirkBoard {
 public:
  [[nodiscard]] Quirks get() const {
    const Lock lock{mutex_};
    return quirks_;
  }
  void set(const Quirks& quirks) {
    const Lock lock{mutex_};
    quirks_ = quirks;
  }

 private:
  mutable Mutex mutex_;
  Quirks quirks_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::demo
