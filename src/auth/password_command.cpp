// SPDX-License-Identifier: MIT
#include <utility>

#include "icloudphotos/auth/password_source.h"
#include "icloudphotos/base/command.h"

#include "auth/one_line.h"

namespace icloudphotos::auth {
namespace {

constexpr std::size_t kLongestOutput = std::size_t{64} << 10;
constexpr const char* kNoPassword = "the password command gave no password";

class PasswordCommand final : public PasswordSource {
 public:
  PasswordCommand(std::string command, std::chrono::milliseconds patience)
      : command_{std::move(command), {}, patience, kLongestOutput} {}

  Result<Secret> password(const std::string&, std::stop_token stop) override {
    const auto printed = run_command(command_, std::move(stop));
    if (!printed) return Error{printed.error()}.within(kNoPassword);
    Secret line = first_line(printed->reveal());
    if (line.empty()) return Error{ErrorKind::Usage, "it printed nothing"}.within(kNoPassword);
    return line;
  }

  /// The same command: whether it prints the same is not for us to know, so it is taken for granted.
  [[nodiscard]] bool unchanged_since(TimePoint) const override { return true; }

 private:
  Command command_;
};

}  // namespace

std::unique_ptr<PasswordSource> make_password_command(std::string command, std::chrono::milliseconds patience) {
  return std::make_unique<PasswordCommand>(std::move(command), patience);
}

}  // namespace icloudphotos::auth
