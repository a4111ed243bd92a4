// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "icloudphotos/base/mutex.h"

namespace icloudphotos::demo {

/// What kind of account answers (README.md).
enum class AccountKind {
  TwoFactor,
  PhoneOnly,
  NoTwoFactor,
  NeedsRepair,
  SecurityKey,
  AdvancedProtection,
  TermsPending,
  WrongRegion,
  Locked,
  Managed,
  Federated,
  AppPassword,
  TwoStep,
  WebAccessOff,
  NoPhotos,
  NoWebservices
};

/// How a wrong password is answered (authentication.md 2.4 and 8).
enum class PasswordRefusal { Status401, Code20283, Status403, Hidden401, Hidden403 };

/// How an accepted code is answered (authentication.md 3.4).
enum class CodeAnswer { Status204, Status200, Status409WithToken, Status409Valid, Status412 };

/// How a wrong one is.
enum class CodeRefusal { Status400, Status200, Status409 };

/// How codes are refused when there were too many (3.5).
enum class LimitAnswer { Usual, Status423, Flags };

/// Where `GET appleauth/auth` puts the telephone numbers (3.2).
enum class OptionsShape { Usual, Decorated, Bridge, Singular, Nested, Status409, Status204 };

/// What terms of service may be asked for by (5.5).
enum class TermsMethod { Any, Post, Get };

/// What photos calls say to a protected account without keys (6).
enum class KeysRefusal { Status423, Status400, AccessDenied };

/// What photos calls say to anybody (7.1; photos.md 18).
enum class PhotosRefusal { None, BadRequest, ZoneNotFound, AuthenticationFailed, Status401, Status421 };

/// What the counts of indexes are worth (photos.md 4).
enum class CountAnswer { Right, Missing, Error, Contradictory };

/// Where the shared library shows: the private database of its owner, the shared one of others (photos.md 2.3).
enum class SharedLibrary { Owner, Participant, Both, None };

/// Behaviour that differs between accounts, days or reports; everything is switchable while the service runs.
struct Quirks {
  AccountKind account = AccountKind::TwoFactor;
  PasswordRefusal password_refusal = PasswordRefusal::Status401;
  CodeAnswer code_answer = CodeAnswer::Status204;
  CodeRefusal code_refusal = CodeRefusal::Status400;
  LimitAnswer limit_answer = LimitAnswer::Usual;
  OptionsShape options = OptionsShape::Usual;
  TermsMethod terms_method = TermsMethod::Any;
  KeysRefusal keys_refusal = KeysRefusal::Status423;
  PhotosRefusal photos_refusal = PhotosRefusal::None;
  CountAnswer counts = CountAnswer::Right;
  SharedLibrary shared_library = SharedLibrary::Owner;
  bool demand_origin = true;         ///< verify and trust answer 409 unless asked by the icloud.com page
  bool demand_browser = true;        ///< 503 to agents that are no browser
  bool demand_non_fteu = false;      ///< 412 to requests for an SMS without what the list said of the number
  bool phones_at_complete = false;   ///< the 409 of a right password lists the telephones already
  bool token_abroad = true;          ///< a session token survives being shown in the wrong region
  bool device_reachable = true;      ///< a device gets the question of a protected account
  bool indexing_running = false;     ///< CheckIndexingState says RUNNING 42
  bool split_groups = false;         ///< pages are cut in the middle of a photo's records
  bool check_tags = false;           ///< an outdated recordChangeTag is a CONFLICT
  bool rotate_cookies = true;        ///< photos answers renew the token now and then
  bool private_db_disabled = false;  ///< ACCESS_DENIED for everything
  bool picks_only = false;           ///< lists show only the picked frames of bursts
  bool empty_list_pages = false;     ///< now and then a list page is empty when first asked for
  bool repeated_photos = false;      ///< a page begins with the last photo of the one before
  bool shared_streams = true;        ///< the account has classic shared albums
  bool unlisted = false;             ///< some photos are in no index, only in the feed
  bool odd_records = false;          ///< answers hold records, fields and errors nobody asked for
  bool orphans = false;              ///< the feed has masters nobody refers to, and assets whose master never comes
  bool missing_values = false;       ///< records lack what they usually have (missing_values.h)
  bool loose_types = false;          ///< flags may be JSON booleans or left out, numbers may be strings
  bool null_more_coming = false;     ///< the feed's last page says so with null
  bool soft_removals = false;        ///< what left an album may come as a relation that says isDeleted
  std::int64_t short_pages = 0;      ///< so many photos at most are on a list page; 0: as many as fit
  std::int64_t shuffle = 0;          ///< the records of answers come in an order that hangs on this number; 0: as usual
  std::int64_t stream_redirects = 0;  ///< so many calls about classic shared albums are sent to another host
  std::int64_t fresh_s = 0;           ///< for so long lookup does not know a photo that was added
  std::int64_t empty_pages = 0;       ///< before each page of a feed read from the beginning
  std::int64_t count_error = 0;       ///< added to every count
  std::int64_t pcs_refusals = 2;      ///< requestPCS answers "failure" that often first; -1: until the device approves
  std::int64_t trust_status = 204;    ///< of 2sv/trust; anything but 200 and 204 brings no token
  std::int64_t trust_days = 30;
  std::int64_t region_status = 200;      ///< of accountLogin in the wrong region: 200 or 302
  std::int64_t signed_out_status = 421;  ///< of setup calls without a session
  std::int64_t send_status = 0;    ///< of a request for a code that was sent; 0: 202 for devices, 200 for telephones
  std::int64_t refused_phone = 0;  ///< the number that gets no codes now (-28248)
  std::int64_t code_life_s = 600;
  std::int64_t code_cooldown_s = 0;   ///< no second code so soon
  std::int64_t sign_in_life_s = 600;  ///< a sign-in that waits for its code longer has to begin again
  std::int64_t hashcash_bits = 0;     ///< of the work a password has to come with; 0: none
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
