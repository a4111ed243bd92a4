// SPDX-License-Identifier: MIT
// Says what auth/keyring.h answers, one call a run; passwords come and go through the standard streams.
#include <chrono>
#include <iostream>
#include <string>
#include <thread>

#include "icloudphotos/auth/keyring.h"
#include "icloudphotos/base/log.h"

using namespace icloudphotos;

namespace {

int failed(const Error& error) {
  std::cout << name_of(error.kind()) << ": " << error.message() << '\n';
  return 1;
}
int told(const Result<void>& result) { return result ? 0 : failed(result.error()); }

Secret typed() {
  std::string line;
  std::getline(std::cin, line);
  return Secret{line};
}

int read(const std::string& account, auth::WhenLocked when_locked, std::stop_token stop) {
  const auto password = auth::make_keyring(when_locked)->password(account, std::move(stop));
  if (!password) return failed(password.error());
  std::cout << password->reveal() << '\n';
  return 0;
}

int read_and_stop(const std::string& account) {
  std::stop_source stop;
  const std::jthread person{[&] {
    std::this_thread::sleep_for(std::chrono::milliseconds{300});  // by then the keyring, which is frozen, was asked
    stop.request_stop();
  }};
  return read(account, auth::WhenLocked::AskPerson, stop.get_token());
}

int unchanged_since(const std::string& account, const std::string& seconds) {
  const auto source = auth::make_keyring();
  if (const auto password = source->password(account, {}); !password) return failed(password.error());
  std::cout << source->unchanged_since(TimePoint{std::chrono::seconds{std::stoll(seconds)}}) << '\n';
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string call = count > 1 ? arguments[1] : "", account = count > 2 ? arguments[2] : "";
  start_log(LogTarget::StandardError, LogLevel::Debug);
  if (call == "read") return read(account, auth::WhenLocked::AskPerson, {});
  if (call == "read-unattended") return read(account, auth::WhenLocked::LeaveAlone, {});
  if (call == "read-and-stop") return read_and_stop(account);
  if (call == "keep") return told(auth::keep_in_keyring(account, typed()));
  if (call == "erase") return told(auth::erase_from_keyring(account));
  if (call == "unchanged-since" && count > 3) return unchanged_since(account, arguments[3]);
  if (call == "worked") return auth::make_keyring()->worked(account, typed()), 0;
  std::cerr << "usage: keyring_probe CALL ACCOUNT\n";
  return 2;
}
