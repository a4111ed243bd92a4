// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <fido.h>
#include <fmt/format.h>

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/ecdsa.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos {

/// The little CBOR that keys speak: whole numbers, bytes, texts, lists, maps, truth.
namespace cbor {

enum Kind : unsigned { kNumber = 0, kBytes = 2, kText = 3, kList = 4, kMap = 5, kSimple = 7 };
constexpr std::uint64_t kTrue = 21;

inline std::string head(unsigned kind, std::size_t value) {
  const auto first = static_cast<char>(kind << 5U | (value < 24 ? value : value < 256 ? 24U : 25U));
  if (value < 24) return {first};
  if (value < 256) return {first, static_cast<char>(value)};
  return {first, static_cast<char>(value >> 8U), static_cast<char>(value)};
}
inline std::string bytes(std::string_view content) { return head(kBytes, content.size()) + std::string{content}; }
inline std::string text(std::string_view content) { return head(kText, content.size()) + std::string{content}; }

/// Reads what libfido2 wrote; anything else ends the test with it.
class Reader {
 public:
  explicit Reader(std::string_view rest) : rest_{rest} {}
  std::uint64_t read(unsigned kind) {
    const auto first = byte();
    if (first >> 5U != kind) std::abort();
    std::uint64_t value = first & 31U;
    const int more = value < 24 ? 0 : value == 24 ? 1 : value == 25 ? 2 : 4;
    if (more != 0) value = 0;
    for (int i = 0; i < more; ++i) value = value << 8U | byte();
    return value;
  }
  std::string content(unsigned kind) {
    const auto length = read(kind);
    if (length > rest_.size()) std::abort();
    const std::string found{rest_.substr(0, length)};
    rest_.remove_prefix(length);
    return found;
  }

 private:
  unsigned byte() {
    if (rest_.empty()) std::abort();
    const auto first = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return first;
  }
  std::string_view rest_;
};

}  // namespace cbor

/// A FIDO2 key made of software, with one P-256 credential for "apple.com". It speaks CTAPHID over libfido2's io
/// functions, one report of 64 bytes at a time.
///
/// Lifetime  Outlives the devices it was plugged in as.
class SoftwareKey {
 public:
  /// What its owner does when it blinks.
  enum class Owner { Touches, IsAway, SaysNo, PullsItOut, HasSetAPin };

  explicit SoftwareKey(std::string credential, Owner owner = Owner::Touches)
      : credential_{std::move(credential)}, owner_{owner} {}
  SoftwareKey(const SoftwareKey&) = delete;
  SoftwareKey& operator=(const SoftwareKey&) = delete;

  [[nodiscard]] const std::string& credential() const { return credential_; }
  [[nodiscard]] Bytes public_key() const { return key_.public_key(); }
  [[nodiscard]] static std::string user_handle() { return "the owner"; }
  /// How often it asked to be touched.
  [[nodiscard]] int blinks() {
    const Lock lock{mutex_};
    return blinks_;
  }
  void wait_until_it_blinks() {
    Lock lock{mutex_};
    changed_.wait(lock, [this]() REQUIRES(mutex_) { return blinks_ > 0; });
  }

  /// An opened device, to be closed and freed by the caller; null if libfido2 does not take it for a key.
  [[nodiscard]] fido_dev_t* plug_in() {
    constexpr fido_dev_io_t kCalls{open_it, [](void*) {}, read_it, write_it};
    fido_dev_t* device = fido_dev_new();
    // The path is what libfido2 hands to open: the address of this key.
    if (fido_dev_set_io_functions(device, &kCalls) == FIDO_OK &&
        fido_dev_open(device, fmt::format("{}", static_cast<void*>(this)).c_str()) == FIDO_OK)
      return device;
    fido_dev_free(&device);
    return nullptr;
  }

 private:
  static constexpr std::size_t kReport = 64;
  static constexpr unsigned char kInit = 0x86, kCbor = 0x90, kCancel = 0x91, kKeepAlive = 0xbb;  // first frames
  static constexpr std::uint8_t kOk = 0, kDenied = 0x27, kCancelled = 0x2d, kNoCredentials = 0x2e, kPinRequired = 0x36;
  static constexpr std::string_view kChannel{"\x01\x02\x03\x04", 4};
  using Report = std::array<char, kReport>;

  static void* open_it(const char* path) {
    return reinterpret_cast<void*>(std::strtoull(path, nullptr, 16));  // NOLINT(performance-no-int-to-ptr)
  }
  static int write_it(void* handle, const unsigned char* report, std::size_t size) {
    // Every report is led by its number, 0.
    const std::string_view bytes{reinterpret_cast<const char*>(report) + 1, size - 1};
    return static_cast<SoftwareKey*>(handle)->take(bytes) ? static_cast<int>(size) : -1;
  }
  static int read_it(void* handle, unsigned char* report, std::size_t size, int) {
    return static_cast<SoftwareKey*>(handle)->give({reinterpret_cast<char*>(report), size});
  }

  bool take(std::string_view report) {
    const Lock lock{mutex_};
    if (pulled_out_) return false;
    const auto command = static_cast<unsigned char>(report[4]);
    if ((command & 0x80U) == 0) {
      request_ += report.substr(5);
    } else if (command == kCancel) {
      if (waits_for_touch_) say(kCancelled);
      return true;
    } else {
      command_ = command;
      expected_ =
          static_cast<std::size_t>(static_cast<unsigned char>(report[5]) << 8U) | static_cast<unsigned char>(report[6]);
      request_ = report.substr(7);
    }
    if (request_.size() < expected_) return true;
    request_.resize(expected_);
    if (command_ == kInit) {
      // Channel, version 2 of the protocol, version of the device, and that it speaks CBOR and no U2F.
      send(std::string(4, '\xff'), kInit, request_ + std::string{kChannel} + std::string{"\x02\x01\x00\x00\x0c", 5});
    } else if (command_ == kCbor) {
      obey(request_);
    }
    return true;
  }

  int give(std::span<char> report) {
    Lock lock{mutex_};
    if (waiting_.empty() && waits_for_touch_ && !pulled_out_) {
      // As real ones do it: from time to time it says that it still waits.
      if (!changed_.wait_for(lock, std::chrono::milliseconds{5},
                             [this]() REQUIRES(mutex_) { return !waiting_.empty(); }))
        send(std::string{kChannel}, kKeepAlive, "\x02");
    }
    if (waiting_.empty() || pulled_out_) return -1;
    std::memcpy(report.data(), waiting_.front().data(), std::min(report.size(), kReport));
    waiting_.pop_front();
    return kReport;
  }

  void obey(const std::string& request) REQUIRES(mutex_) {
    constexpr char kGetAssertion = 2, kGetInfo = 4;
    if (request.front() == kGetInfo) {
      using namespace cbor;
      say(kOk, head(kMap, 4) + head(kNumber, 1) + head(kList, 1) + text("FIDO_2_0") + head(kNumber, 3) +
                   bytes(std::string(16, 'a')) + head(kNumber, 4) + head(kMap, 1) + text("up") + head(kSimple, kTrue) +
                   head(kNumber, 5) + head(kNumber, 1200));
    } else if (request.front() == kGetAssertion) {
      sign(std::string_view{request}.substr(1));
    }
  }

  void sign(std::string_view parameters) REQUIRES(mutex_) {
    std::string relying_party, client_data_hash;
    bool has_it = false, wants_touch = true;
    cbor::Reader reader{parameters};
    for (auto members = reader.read(cbor::kMap); members > 0; --members) {
      switch (reader.read(cbor::kNumber)) {
        case 1:
          relying_party = reader.content(cbor::kText);
          break;
        case 2:
          client_data_hash = reader.content(cbor::kBytes);
          break;
        case 3:
          for (auto handles = reader.read(cbor::kList); handles > 0; --handles) has_it |= read_handle(reader);
          break;
        case 5:
          for (auto options = reader.read(cbor::kMap); options > 0; --options) {
            const auto name = reader.content(cbor::kText);
            const bool truth = reader.read(cbor::kSimple) == cbor::kTrue;
            if (name == "up") wants_touch = truth;
          }
          break;
        default:
          std::abort();
      }
    }
    if (!has_it || relying_party != "apple.com") return say(kNoCredentials);
    if (!wants_touch) return say(kOk, assertion(relying_party, client_data_hash, 0));
    ++blinks_;
    changed_.notify_all();
    switch (owner_) {
      case Owner::Touches:
        return say(kOk, assertion(relying_party, client_data_hash, 1));
      case Owner::IsAway:
        waits_for_touch_ = true;
        return;
      case Owner::SaysNo:
        return say(kDenied);
      case Owner::HasSetAPin:
        return say(kPinRequired);
      case Owner::PullsItOut:
        pulled_out_ = true;
    }
  }

  [[nodiscard]] bool read_handle(cbor::Reader& reader) const {
    std::string id;
    for (auto members = reader.read(cbor::kMap); members > 0; --members) {
      if (reader.content(cbor::kText) == "id") {
        id = reader.content(cbor::kBytes);
      } else {
        (void)reader.content(cbor::kText);
      }
    }
    return id == credential_;
  }

  [[nodiscard]] std::string assertion(std::string_view relying_party, const std::string& client_data_hash, char flags) {
    using namespace cbor;
    const auto digest = sha256(as_bytes(relying_party));
    const auto data = std::string{as_text(digest)} + flags + std::string{"\0\0\0\7", 4};
    const auto signature = key_.sign(as_bytes(data + client_data_hash));
    return head(kMap, 4) + head(kNumber, 1) + head(kMap, 2) + text("id") + bytes(credential_) + text("type") +
           text("public-key") + head(kNumber, 2) + bytes(data) + head(kNumber, 3) + bytes(as_text(signature)) +
           head(kNumber, 4) + head(kMap, 1) + text("id") + bytes(user_handle());
  }

  void say(std::uint8_t status, std::string_view content = {}) REQUIRES(mutex_) {
    waits_for_touch_ = false;
    send(std::string{kChannel}, kCbor, std::string{static_cast<char>(status)} + std::string{content});
    changed_.notify_all();
  }

  void send(const std::string& channel, unsigned char command, std::string message) REQUIRES(mutex_) {
    std::string frame = channel + static_cast<char>(command) + static_cast<char>(message.size() >> 8U) +
                        static_cast<char>(message.size());
    for (char sequence = 0;; ++sequence) {
      const auto fits = std::min(kReport - frame.size(), message.size());
      frame += message.substr(0, fits);
      message.erase(0, fits);
      Report report{};
      frame.copy(report.data(), frame.size());
      waiting_.push_back(report);
      if (message.empty()) return;
      frame = channel + sequence;
    }
  }

  const P256Key key_ = P256Key::generate();
  const std::string credential_;
  const Owner owner_;
  Mutex mutex_;
  std::condition_variable_any changed_;
  unsigned char command_ GUARDED_BY(mutex_) = 0;
  std::size_t expected_ GUARDED_BY(mutex_) = 0;
  std::string request_ GUARDED_BY(mutex_);
  std::deque<Report> waiting_ GUARDED_BY(mutex_);
  bool waits_for_touch_ GUARDED_BY(mutex_) = false;
  bool pulled_out_ GUARDED_BY(mutex_) = false;
  int blinks_ GUARDED_BY(mutex_) = 0;
};

}  // namespace icloudphotos
