// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>

#include "icloudphotos/base/clock.h"

#include "auth/session_file.h"

namespace icloudphotos::auth {

// When trust in this computer is renewed, and when a person hears that it could not be.
// Source: protocol/authentication.md 1.4 and 3.6.

/// Trust was given or renewed: next time in about a week, not to the minute the same for everybody.
void note_trust(SavedSession& session, TimePoint now);
/// A renewal came to nothing: again in an hour, the next time in two, up to a day.
void note_failed_renewal(SavedSession& session, TimePoint now);

/// How long until trust is due to be renewed; 0: now. Nothing: there is no trust to renew.
[[nodiscard]] std::optional<std::chrono::milliseconds> until_renewal(const SavedSession& session, TimePoint now);
/// About then Apple wants a code again.
[[nodiscard]] std::optional<TimePoint> trust_ends(const SavedSession& session);
/// Whether to say now that it does, because renewing fails; notes that it was said.
[[nodiscard]] bool warns_of_end(SavedSession& session, TimePoint now);

}  // namespace icloudphotos::auth
