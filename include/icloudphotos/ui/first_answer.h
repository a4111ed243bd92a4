// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "icloudphotos/auth/person.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"

namespace icloudphotos::ui {

/// Codes that come in from elsewhere while somebody is asked.
///
/// Threads   Any.
class CodeInbox {
 public:
  /// Errors: NotFound: nobody is being asked now.
  [[nodiscard]] Result<void> give(Secret code);

 private:
  friend class FirstAnswer;
  Mutex mutex_;
  std::optional<std::stop_source> asked_ GUARDED_BY(mutex_);  ///< Ends the question that is open.
  std::optional<Secret> code_ GUARDED_BY(mutex_);
};

/// Asks `usual`, and takes a code from the inbox when that comes first.
class FirstAnswer final : public auth::CodeSource {
 public:
  FirstAnswer(CodeInbox& inbox, auth::CodeSource& usual) : inbox_{inbox}, usual_{usual} {}
  [[nodiscard]] Result<auth::Answer> ask(const auth::Challenge& challenge, std::stop_token stop) override;
  [[nodiscard]] bool can_ask() const override { return usual_.can_ask(); }
  void tell(const std::string& what_to_do) override { usual_.tell(what_to_do); }

 private:
  CodeInbox& inbox_;
  auth::CodeSource& usual_;
};

}  // namespace icloudphotos::ui
