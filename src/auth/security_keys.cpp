// SPDX-License-Identifier: MIT
#include "icloudphotos/auth/security_keys.h"

#include <condition_variable>
#include <exception>
#include <optional>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/text.h"

#include "auth/fido_keys.h"

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;

constexpr Log log{"auth"};
constexpr auto kPatience = 60s;
constexpr auto kOpeningTakes = 3s;
constexpr auto kBetweenCancels = 50ms;
constexpr std::size_t kMostKeys = 16;

void free_assertion(fido_assert_t* assertion) noexcept { fido_assert_free(&assertion); }
using Assertion = Handle<fido_assert_t, free_assertion>;

const unsigned char* data_of(const std::string& bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
std::string bytes_at(const unsigned char* data, std::size_t size) {
  return data ? std::string{reinterpret_cast<const char*>(data), size} : std::string{};
}

/// libfido2 1.12 gives authenticator data as the CBOR byte string it came in; what it leads is what counts.
std::string unwrapped(const std::string& cbor) {
  const auto at = [&](std::size_t i) { return i < cbor.size() ? static_cast<unsigned char>(cbor[i]) : 0U; };
  constexpr unsigned kByteString = 2U << 5U;
  const std::size_t head = at(0) == (kByteString | 24U) ? 2 : at(0) == (kByteString | 25U) ? 3 : 1;
  const std::size_t size = head == 2 ? at(1) : head == 3 ? at(1) << 8U | at(2) : at(0) - kByteString;
  return cbor.size() == head + size ? cbor.substr(head) : std::string{};
}

Error error_of(int code) {
  switch (code) {
    case FIDO_ERR_NO_CREDENTIALS:
    case FIDO_ERR_INVALID_CREDENTIAL:
    case FIDO_ERR_CREDENTIAL_EXCLUDED:
      return {ErrorKind::NeedsSignIn, "no security key of this Apple Account is plugged in"};
    case FIDO_ERR_TX:
    case FIDO_ERR_RX:
    case FIDO_ERR_INTERNAL:
      return {ErrorKind::NeedsSignIn, "the security key was pulled out or does not answer; plug it in again"};
    case FIDO_ERR_KEEPALIVE_CANCEL:
    case FIDO_ERR_TIMEOUT:
    case FIDO_ERR_ACTION_TIMEOUT:
    case FIDO_ERR_USER_ACTION_TIMEOUT:
      return {ErrorKind::Refused, "nobody touched the security key in time; sign in again and touch it when it blinks"};
    case FIDO_ERR_PIN_REQUIRED:
    case FIDO_ERR_PIN_AUTH_BLOCKED:
    case FIDO_ERR_PIN_BLOCKED:
    case FIDO_ERR_UV_BLOCKED:
      return {ErrorKind::Refused,
              "the security key wants its PIN or a finger, which cannot be asked for here; use another key of the "
              "account"};
    default:
      return {ErrorKind::Refused, fmt::format("the security key refused ({}); sign in again, or use another key of the "
                                              "account",
                                              fido_strerr(code))};
  }
}

/// What every key is asked.
struct Question {
  const KeyChallenge& challenge;
  std::string client_data;
};

enum class Presence { NotWanted, Wanted };

Assertion assertion_for(const Question& question, Presence presence) {
  Assertion assertion{fido_assert_new()};
  if (!assertion) throw std::bad_alloc{};
  bool ok =
      fido_assert_set_clientdata(assertion.get(), data_of(question.client_data), question.client_data.size()) ==
          FIDO_OK &&
      fido_assert_set_rp(assertion.get(), question.challenge.relying_party.c_str()) == FIDO_OK &&
      fido_assert_set_up(assertion.get(), presence == Presence::Wanted ? FIDO_OPT_TRUE : FIDO_OPT_FALSE) == FIDO_OK;
  for (const auto& handle : question.challenge.handles)
    ok = ok && fido_assert_allow_cred(assertion.get(), data_of(handle), handle.size()) == FIDO_OK;
  if (!ok) throw std::bad_alloc{};
  return assertion;
}

Result<KeyAssertion> read_assertion(const fido_assert_t* assertion, const Question& question) {
  const Error unclear{ErrorKind::Refused, "the security key answered what cannot be understood; use another one"};
  if (fido_assert_count(assertion) == 0) return unclear;
  KeyAssertion read;
  read.client_data = question.client_data;
  read.authenticator_data =
      unwrapped(bytes_at(fido_assert_authdata_ptr(assertion, 0), fido_assert_authdata_len(assertion, 0)));
  read.signature = bytes_at(fido_assert_sig_ptr(assertion, 0), fido_assert_sig_len(assertion, 0));
  read.credential_id = bytes_at(fido_assert_id_ptr(assertion, 0), fido_assert_id_len(assertion, 0));
  read.user_handle = bytes_at(fido_assert_user_id_ptr(assertion, 0), fido_assert_user_id_len(assertion, 0));
  // A key that was shown only one handle need not repeat it.
  if (read.credential_id.empty() && question.challenge.handles.size() == 1)
    read.credential_id = question.challenge.handles.front();
  if (read.authenticator_data.empty() || read.signature.empty() || read.credential_id.empty()) return unclear;
  return read;
}

/// The keys that are asked at the same time. The first that signs ends the matter for all.
class Round {
 public:
  explicit Round(std::size_t keys) : talking_{keys} {}

  /// Whether it is still worth to make a key blink.
  [[nodiscard]] bool is_open() {
    const Lock lock{mutex_};
    return open_;
  }
  void answered(Result<KeyAssertion> answer) {
    const Lock lock{mutex_};
    const bool better = !best_ || (!*best_ && (answer || best_->error().kind() == ErrorKind::NeedsSignIn));
    if (better) best_.emplace(std::move(answer));
    --talking_;
    changed_.notify_all();
  }
  /// Until one has signed or none is left that might, or the time is over.
  void wait(std::chrono::milliseconds patience, const std::stop_token& stop) {
    Lock lock{mutex_};
    changed_.wait_for(lock, stop, patience,
                      [this]() REQUIRES(mutex_) { return talking_ == 0 || (best_ && best_->has_value()); });
    open_ = false;
  }
  /// Until all have ended; false after a while.
  [[nodiscard]] bool wait_for_the_rest(std::chrono::milliseconds patience) {
    Lock lock{mutex_};
    return changed_.wait_for(lock, patience, [this]() REQUIRES(mutex_) { return talking_ == 0; });
  }
  [[nodiscard]] Result<KeyAssertion> best() {
    const Lock lock{mutex_};
    return *best_;
  }

 private:
  Mutex mutex_;
  std::condition_variable_any changed_;
  std::size_t talking_ GUARDED_BY(mutex_);
  bool open_ GUARDED_BY(mutex_) = true;
  std::optional<Result<KeyAssertion>> best_ GUARDED_BY(mutex_);  ///< Signed, else refused, else the first answer.
};

/// Asks silently first, so that only keys of this account blink.
Result<KeyAssertion> ask(fido_dev_t* key, const Question& question, Round& round) {
  const auto silent = assertion_for(question, Presence::NotWanted);
  const int has_it = fido_dev_get_assert(key, silent.get(), nullptr);
  // Keys of the older kind say so when they know the handle.
  if (has_it != FIDO_OK && has_it != FIDO_ERR_USER_PRESENCE_REQUIRED && has_it != FIDO_ERR_UP_REQUIRED)
    return error_of(has_it);
  if (!round.is_open()) return error_of(FIDO_ERR_KEEPALIVE_CANCEL);
  const auto touched = assertion_for(question, Presence::Wanted);
  if (const int signed_it = fido_dev_get_assert(key, touched.get(), nullptr); signed_it != FIDO_OK)
    return error_of(signed_it);
  return read_assertion(touched.get(), question);
}

class FidoKeys final : public SecurityKeys {
 public:
  FidoKeys(OpenKeys open_keys, std::chrono::milliseconds patience)
      : open_keys_{std::move(open_keys)}, patience_{patience} {
    fido_init(0);
  }

  Result<KeyAssertion> sign(const KeyChallenge& challenge, std::stop_token stop) override {
    const Question question{challenge, TRY(client_data_json(challenge.challenge))};
    const auto keys = TRY(open_keys_());
    if (keys.empty()) return Error{ErrorKind::NeedsSignIn, "no security key is plugged in"};
    log.debug("asking security keys plugged_in={}", keys.size());
    Round round{keys.size()};
    std::vector<std::jthread> talks;
    for (const auto& key : keys) {
      talks.emplace_back([&question, &round, device = key.get(), patience = patience_] {
        try {
          // A key that cannot be told to stop ends by itself.
          fido_dev_set_timeout(device, static_cast<int>(patience.count()));
          round.answered(ask(device, question, round));
        } catch (const std::exception&) {
          round.answered(error_of(FIDO_ERR_INTERNAL));
        }
      });
    }
    round.wait(patience_, stop);
    // Again and again: a key forgets what comes before it blinks.
    do {
      for (const auto& key : keys) fido_dev_cancel(key.get());
    } while (!round.wait_for_the_rest(kBetweenCancels));
    auto answer = round.best();
    if (!answer && stop.stop_requested()) return Error{ErrorKind::Cancelled, "interrupted"};
    return answer;
  }

 private:
  OpenKeys open_keys_;
  std::chrono::milliseconds patience_;
};

class FoundKeys {
 public:
  FoundKeys() : infos_{fido_dev_info_new(kMostKeys)} {
    if (!infos_) throw std::bad_alloc{};
    if (fido_dev_info_manifest(infos_, kMostKeys, &count_) != FIDO_OK) count_ = 0;
  }
  FoundKeys(const FoundKeys&) = delete;
  FoundKeys& operator=(const FoundKeys&) = delete;
  ~FoundKeys() { fido_dev_info_free(&infos_, kMostKeys); }
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] const char* path(std::size_t index) const {
    return fido_dev_info_path(fido_dev_info_ptr(infos_, index));
  }

 private:
  fido_dev_info_t* infos_;
  std::size_t count_ = 0;
};

Result<std::vector<FidoKey>> open_plugged_in() {
  const FoundKeys found;
  std::vector<FidoKey> keys;
  for (std::size_t i = 0; i < found.count(); ++i) {
    FidoKey key{fido_dev_new()};
    if (!key) throw std::bad_alloc{};
    fido_dev_set_timeout(key.get(), static_cast<int>(std::chrono::milliseconds{kOpeningTakes}.count()));
    if (fido_dev_open(key.get(), found.path(i)) == FIDO_OK) keys.push_back(std::move(key));
  }
  if (found.count() > 0 && keys.empty()) {
    return Error{ErrorKind::NeedsSignIn,
                 "a security key is plugged in, but may not be used by you or is busy; install libu2f-udev or close "
                 "what uses it"};
  }
  return keys;
}

}  // namespace

void close_key(fido_dev_t* device) noexcept {
  fido_dev_close(device);
  fido_dev_free(&device);
}

Result<std::string> client_data_json(std::string_view challenge) {
  const auto bytes = base64_decode(challenge);
  if (!bytes || bytes->empty())
    return Error{ErrorKind::Protocol, "Apple's challenge for the security key cannot be understood"};
  return JsonWriter{}
      .object()
      .member("type", "webauthn.get")
      .member("challenge", base64_encode(as_bytes(*bytes), Base64::Url))
      .member("origin", "https://apple.com")
      .member("crossOrigin", false)
      .end()
      .take();
}

std::unique_ptr<SecurityKeys> make_security_keys(OpenKeys open_keys, std::chrono::milliseconds patience) {
  return std::make_unique<FidoKeys>(std::move(open_keys), patience);
}
std::unique_ptr<SecurityKeys> make_security_keys() { return make_security_keys(open_plugged_in, kPatience); }

}  // namespace icloudphotos::auth
