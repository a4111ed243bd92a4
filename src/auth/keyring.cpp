// SPDX-License-Identifier: MIT
#include "icloudphotos/auth/keyring.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <libsecret/secret.h>

#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;

constexpr Log log{"auth"};
constexpr auto kPatience = 10s;
constexpr auto kPersonsPatience = 30s;
// What Python's keyring library files the passwords of pyicloud and icloudpd under.
constexpr const char* kService = "pyicloud://icloud-password";

template <class T>
using Object = Handle<T, g_object_unref>;
using Value = Handle<void, secret_value_unref>;
using Attributes = Handle<GHashTable, g_hash_table_unref>;
using Text = Handle<char, g_free>;
using Item = Object<SecretItem>;

/// The last argument of a call of GLib's: what went wrong, if anything did.
class Failure {
 public:
  Failure() = default;
  Failure(const Failure&) = delete;
  Failure& operator=(const Failure&) = delete;
  ~Failure() { g_clear_error(&error_); }
  [[nodiscard]] GError** out() { return &error_; }
  [[nodiscard]] explicit operator bool() const { return error_ != nullptr; }
  [[nodiscard]] bool is_absence() const {
    return g_error_matches(error_, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
           g_error_matches(error_, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND);
  }
  [[nodiscard]] std::string message() const {
    if (!error_) return "it gave no reason";
    g_dbus_error_strip_remote_error(error_);
    return printable(error_->message);
  }

 private:
  GError* error_ = nullptr;
};

/// Ends calls that take too long, or when we are told to stop.
class Bound {
 public:
  Bound(std::chrono::milliseconds patience, const std::stop_token& stop)
      : cancellable_{g_cancellable_new()}, on_stop_{stop, [this] { g_cancellable_cancel(cancellable_.get()); }} {
    timer_ = std::jthread{[this, patience](const std::stop_token& over) {
      Lock lock{mutex_};
      never_.wait_for(lock, over, patience, [] { return false; });
      if (!over.stop_requested()) g_cancellable_cancel(cancellable_.get());
    }};
  }
  [[nodiscard]] GCancellable* get() const { return cancellable_.get(); }

 private:
  Object<GCancellable> cancellable_;
  Mutex mutex_;
  std::condition_variable_any never_;
  std::stop_callback<std::function<void()>> on_stop_;
  std::jthread timer_;  ///< last member: ended before the rest goes
};

/// What GLib schedules for this thread meanwhile goes with it: nobody here runs a main loop.
class Schedule {
 public:
  Schedule() : context_{g_main_context_new()} { g_main_context_push_thread_default(context_); }
  Schedule(const Schedule&) = delete;
  Schedule& operator=(const Schedule&) = delete;
  ~Schedule() {
    g_main_context_pop_thread_default(context_);
    g_main_context_unref(context_);
  }

 private:
  GMainContext* context_;
};

Attributes attributes_of(std::initializer_list<std::pair<const char*, const char*>> pairs) {
  Attributes table{g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};
  for (const auto& [name, value] : pairs) g_hash_table_insert(table.get(), g_strdup(name), g_strdup(value));
  return table;
}

/// Without one GLib would try to start a bus of its own.
bool has_session_bus() {
  const char* address = std::getenv("DBUS_SESSION_BUS_ADDRESS");
  if (address && *address) return true;
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  std::error_code none;
  return runtime && *runtime && std::filesystem::exists(std::filesystem::path{runtime} / "bus", none);
}

std::optional<TimePoint> modified(const Item& item) {
  const auto seconds = secret_item_get_modified(item.get());
  if (seconds == 0) return std::nullopt;
  return TimePoint{std::chrono::seconds{seconds}};
}

std::optional<Secret> secret_of(const Item& item) {
  const Value value{secret_item_get_secret(item.get())};
  gsize length = 0;
  const char* text = value ? secret_value_get(static_cast<SecretValue*>(value.get()), &length) : nullptr;
  if (!text || length == 0) return std::nullopt;
  return Secret{std::string{text, length}};
}

Value value_of(const Secret& password) {
  return Value{secret_value_new(password.reveal().data(), static_cast<gssize>(password.reveal().size()), "text/plain")};
}

/// A conversation with the Secret Service.
class Keyring {
 public:
  static Result<std::unique_ptr<Keyring>> open(std::stop_token stop) {
    if (!has_session_bus()) return none_here();
    auto keyring = std::make_unique<Keyring>(std::move(stop));
    const auto bound = keyring->bound();
    Failure failure;
    keyring->bus_.reset(g_bus_get_sync(G_BUS_TYPE_SESSION, bound->get(), failure.out()));
    if (!keyring->bus_) return keyring->failed(failure);
    // The bus goes when the person logs out; a mount stays.
    g_dbus_connection_set_exit_on_close(keyring->bus_.get(), FALSE);
    keyring->service_.reset(secret_service_open_sync(SECRET_TYPE_SERVICE, nullptr, SECRET_SERVICE_OPEN_SESSION,
                                                     bound->get(), failure.out()));
    if (!keyring->service_) return keyring->failed(failure);
    return keyring;
  }

  explicit Keyring(std::stop_token stop) : stop_{std::move(stop)} {}

  /// All that is kept for an account, the newest first.
  Result<std::vector<Item>> find(const std::string& account) {
    const auto lower = ascii_lower(account);
    std::vector<Item> found;
    for (const auto* name : {account.c_str(), lower.c_str()}) {
      if (name == lower.c_str() && lower == account) continue;
      TRY(search(attributes_of({{"service", kService}, {"username", name}}), found));
      TRY(search(attributes_of({{"Title", kService}, {"UserName", name}}), found));  // the scheme of KeePassXC
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const Item& a, const Item& b) { return modified(a) > modified(b); });
    return found;
  }

  /// Unlocks what is locked, if a person helps.
  Result<void> unlock(const std::vector<Item>& items) {
    GList* locked = nullptr;
    for (const auto& item : items) {
      if (secret_item_get_locked(item.get())) locked = g_list_prepend(locked, item.get());
    }
    const Handle<GList, g_list_free> list{locked};
    if (!list) return {};
    Failure failure;
    const auto patient = bound(kPersonsPatience);
    secret_service_unlock_sync(service_.get(), list.get(), patient->get(), nullptr, failure.out());
    if (failure) return failed(failure);
    const auto again = bound();
    for (const auto& item : items) {
      if (secret_item_get_locked(item.get())) return locked_still();
      secret_item_load_secret_sync(item.get(), again->get(), failure.out());
      if (failure) return failed(failure);
    }
    return {};
  }

  Result<void> store(const std::string& account, const Secret& password, WhenLocked when_locked) {
    if (when_locked == WhenLocked::LeaveAlone && !TRY(is_open())) return locked_still();
    const auto lower = ascii_lower(account);
    const auto attributes =
        attributes_of({{"service", kService}, {"username", lower.c_str()}, {"application", "mount.icloudphotos"}});
    const auto label = fmt::format("Password of the Apple Account {}", lower);
    Failure failure;
    const auto bound = this->bound(when_locked == WhenLocked::AskPerson ? kPersonsPatience : kPatience);
    secret_service_store_sync(service_.get(), nullptr, attributes.get(), SECRET_COLLECTION_DEFAULT, label.c_str(),
                              static_cast<SecretValue*>(value_of(password).get()), bound->get(), failure.out());
    if (failure) return failed(failure);
    return {};
  }

  Result<void> replace(const Item& item, const Secret& password) {
    Failure failure;
    const auto bound = this->bound();
    secret_item_set_secret_sync(item.get(), static_cast<SecretValue*>(value_of(password).get()), bound->get(),
                                failure.out());
    if (failure) return failed(failure);
    return {};
  }

  Result<void> erase(const Item& item) {
    Failure failure;
    const auto bound = this->bound(kPersonsPatience);
    secret_item_delete_sync(item.get(), bound->get(), failure.out());
    if (failure) return failed(failure);
    return {};
  }

  [[nodiscard]] static Error locked_still() {
    return {ErrorKind::NeedsSignIn, "the keyring is locked; unlock it, or give the password in another way"};
  }

 private:
  static Error none_here() {
    return {ErrorKind::NeedsSignIn, "there is no keyring on this machine; use --password-command, or a terminal"};
  }
  [[nodiscard]] std::unique_ptr<Bound> bound(std::chrono::milliseconds patience = kPatience) const {
    return std::make_unique<Bound>(patience, stop_);
  }
  [[nodiscard]] Error failed(const Failure& failure) const {
    if (stop_.stop_requested()) return {ErrorKind::Cancelled, "interrupted"};
    if (failure.is_absence()) return none_here();
    return {ErrorKind::NeedsSignIn,
            fmt::format("the keyring cannot be used ({}); give the password in another way", failure.message())};
  }

  /// Whether something can be stored without a person.
  Result<bool> is_open() {
    Failure failure;
    const auto bound = this->bound();
    const Object<SecretCollection> usual{secret_collection_for_alias_sync(
        service_.get(), SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, bound->get(), failure.out())};
    if (failure) return failed(failure);
    return usual && !secret_collection_get_locked(usual.get());
  }

  Result<void> search(const Attributes& attributes, std::vector<Item>& found) {
    Failure failure;
    const auto bound = this->bound();
    constexpr auto kWish = static_cast<SecretSearchFlags>(SECRET_SEARCH_ALL | SECRET_SEARCH_LOAD_SECRETS);
    const Handle<GList, g_list_free> items{
        secret_service_search_sync(service_.get(), nullptr, attributes.get(), kWish, bound->get(), failure.out())};
    for (GList* each = items.get(); each; each = each->next) found.emplace_back(static_cast<SecretItem*>(each->data));
    if (failure) return failed(failure);
    return {};
  }

  std::stop_token stop_;
  Schedule schedule_;
  Object<GDBusConnection> bus_;
  Object<SecretService> service_;
};

Result<void> keep(const std::string& account, const Secret& password, WhenLocked when_locked) {
  auto keyring = TRY(Keyring::open({}));
  const auto items = TRY(keyring->find(account));
  if (when_locked == WhenLocked::AskPerson) TRY(keyring->unlock(items));
  for (const auto& item : items) {
    if (secret_item_get_locked(item.get())) return Keyring::locked_still();
  }
  if (items.empty()) return keyring->store(account, password, when_locked);
  // The newest is what will be read. Another program's entry is kept right for it as well.
  if (secret_of(items.front()) == password) return {};
  return keyring->replace(items.front(), password);
}

class KeyringSource final : public PasswordSource {
 public:
  explicit KeyringSource(WhenLocked when_locked) : when_locked_{when_locked} {}

  Result<Secret> password(const std::string& account, std::stop_token stop) override {
    given_ = false;
    auto keyring = TRY(Keyring::open(std::move(stop)));
    const auto items = TRY(keyring->find(account));
    if (when_locked_ == WhenLocked::AskPerson) TRY(keyring->unlock(items));
    bool locked = false;
    for (const auto& item : items) {
      locked = locked || secret_item_get_locked(item.get());
      if (auto secret = secret_of(item)) {
        given_ = true;
        modified_ = modified(item);
        return std::move(*secret);
      }
    }
    if (locked) return Keyring::locked_still();
    return Error{ErrorKind::NeedsSignIn,
                 fmt::format("the keyring has no password for {}; store one with: icloudphotos password set", account)};
  }

  /// Keyrings that do not say when something was changed are taken by their best: an account is not to be locked.
  [[nodiscard]] bool unchanged_since(TimePoint then) const override {
    return given_ && (!modified_ || *modified_ <= then);
  }

  void worked(const std::string& account, const Secret& password) override {
    const auto kept = keep(account, password, WhenLocked::LeaveAlone);
    if (!kept) log.info("the password is not kept in the keyring reason={}", kept.error().message());
  }

 private:
  WhenLocked when_locked_;
  bool given_ = false;
  std::optional<TimePoint> modified_;  ///< Of what was given last.
};

}  // namespace

std::unique_ptr<PasswordSource> make_keyring(WhenLocked when_locked) {
  return std::make_unique<KeyringSource>(when_locked);
}

Result<void> keep_in_keyring(const std::string& account, const Secret& password) {
  return keep(account, password, WhenLocked::AskPerson);
}

Result<void> erase_from_keyring(const std::string& account) {
  auto keyring = TRY(Keyring::open({}));
  const auto items = TRY(keyring->find(account));
  if (items.empty()) return Error{ErrorKind::NotFound, fmt::format("the keyring has no password for {}", account)};
  TRY(keyring->unlock(items));
  for (const auto& item : items) TRY(keyring->erase(item));
  return {};
}

}  // namespace icloudphotos::auth
