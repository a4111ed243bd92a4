// SPDX-License-Identifier: MIT
#include "icloudphotos/ui/terminal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "icloudphotos/base/text.h"

namespace icloudphotos::ui {
namespace {

constexpr std::size_t kLongestLine = 4096;

Error no_terminal() {
  return Error{ErrorKind::NeedsSignIn, "a person is needed to sign in, and there is no terminal to ask on; mount once from a terminal"};
}

/// No echo while it lives; what was set before is set again however it ends.
class Silence {
 public:
  explicit Silence(int terminal) : terminal_{terminal} {
    if (::tcgetattr(terminal_, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= ECHONL;
    // Not flushed: what was typed ahead or pasted counts.
    active_ = ::tcsetattr(terminal_, TCSADRAIN, &quiet) == 0;
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  ~Silence() {
    if (active_) ::tcsetattr(terminal_, TCSADRAIN, &before_);
  }

 private:
  int terminal_;
  termios before_{};
  bool active_ = false;
};

/// "s2", "sms 2", "c 1", "call": a wish for a code by phone.
std::optional<auth::Answer> phone_wish(std::string_view line, const auth::Challenge& challenge) {
  const auto digits = std::min(line.find_first_of("0123456789"), line.size());
  const auto verb = ascii_lower(trim(line.substr(0, digits)));
  auth::Answer answer;
  if (verb == "s" || verb == "sms") {
    answer.kind = auth::Answer::Kind::SendSms;
  } else if (verb == "c" || verb == "call") {
    answer.kind = auth::Answer::Kind::Call;
  } else {
    return std::nullopt;
  }
  std::size_t choice = 1;
  const auto number = trim(line.substr(digits));
  if (!number.empty() && std::from_chars(number.data(), number.data() + number.size(), choice).ec != std::errc{}) {
    return std::nullopt;
  }
  if (choice < 1 || choice > challenge.phones.size()) return std::nullopt;
  answer.phone_id = challenge.phones[choice - 1].id;
  return answer;
}

std::optional<auth::Answer> parse(std::string_view line, const auth::Challenge& challenge) {
  std::string digits;
  for (const char c : line) {
    if (c != ' ' && c != '-') digits += c;
  }
  const bool all_digits = digits.find_first_not_of("0123456789") == std::string::npos;
  if (digits.size() == 6 && all_digits) return auth::Answer{auth::Answer::Kind::Code, Secret{std::move(digits)}, 0};
  const auto word = ascii_lower(trim(line));
  if (word == "d" || word == "devices") return auth::Answer{auth::Answer::Kind::SendToDevices, {}, 0};
  return phone_wish(line, challenge);
}

/// A terminal while a question is open. It is not kept: a daemon must not hold the terminal it was started from.
class Conversation {
 public:
  Conversation(Fd input, Fd output) : input_{std::move(input)}, output_{std::move(output)} {}

  [[nodiscard]] bool possible() const { return static_cast<bool>(input_); }
  [[nodiscard]] int input() const { return input_.get(); }

  void say(std::string_view text) const {
    while (!text.empty()) {
      const auto written = ::write(output_.get(), text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return;  // a terminal that has gone shows at the next read
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  /// One line without its end. Cancelled: end of input, or stopped.
  [[nodiscard]] Result<Secret> read_line(std::stop_token stop) const {
    const Fd woken{::eventfd(0, EFD_CLOEXEC)};
    const std::stop_callback wake{stop, [&] { (void)!::eventfd_write(woken.get(), 1); }};
    std::string line;
    const auto cancelled = [&] {
      icloudphotos::wipe(line.data(), line.size());
      return Error{ErrorKind::Cancelled, "interrupted"};
    };
    line.reserve(kLongestLine);  // never moved, so that wiping it wipes all of it
    for (;;) {
      std::array<pollfd, 2> wait{{{input_.get(), POLLIN, 0}, {woken.get(), POLLIN, 0}}};
      if (::poll(wait.data(), wait.size(), -1) < 0 && errno != EINTR) return cancelled();
      if (stop.stop_requested()) return cancelled();
      if (wait[0].revents == 0) continue;
      char c = 0;
      const auto got = ::read(input_.get(), &c, 1);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return cancelled();
      if (c == '\n') break;
      if (line.size() < kLongestLine) line += c;
    }
    return Secret{std::move(line)};
  }

 private:
  Fd input_;
  Fd output_;
};

Fd copy_of(int fd) { return Fd{::fcntl(fd, F_DUPFD_CLOEXEC, 0)}; }

Conversation on_controlling_terminal() {
  Fd input{::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)};
  if (!input && ::isatty(STDIN_FILENO)) input = copy_of(STDIN_FILENO);
  // The question goes where the answer comes from: standard error may be a log.
  Fd output = copy_of(input.get());
  return {std::move(input), std::move(output)};
}

}  // namespace

struct Terminal::State {
  Fd input;
  Fd output;

  [[nodiscard]] Conversation begin() const {
    return input ? Conversation{copy_of(input.get()), copy_of(output.get())} : on_controlling_terminal();
  }
};

Terminal::Terminal() : state_{std::make_unique<State>()} {}

Terminal::Terminal(Fd input, Fd output) : state_{std::make_unique<State>()} {
  state_->input = std::move(input);
  state_->output = std::move(output);
}

Terminal::~Terminal() = default;

bool Terminal::present() const { return state_->begin().possible(); }

Result<Secret> Terminal::password(const std::string& account, std::stop_token stop) {
  const auto terminal = state_->begin();
  if (!terminal.possible()) return no_terminal();
  const Silence silence{terminal.input()};
  terminal.say(fmt::format("Password for {}: ", printable(account)));
  return terminal.read_line(stop);
}

Result<std::string> Terminal::account(std::stop_token stop) {
  const auto terminal = state_->begin();
  if (!terminal.possible()) return no_terminal();
  for (;;) {
    terminal.say("Apple Account: ");
    const auto line = TRY(terminal.read_line(stop));
    if (const auto account = trim(line.reveal()); !account.empty()) return std::string{account};
  }
}

Result<auth::Answer> Terminal::ask(const auth::Challenge& challenge, std::stop_token stop) {
  const auto terminal = state_->begin();
  if (!terminal.possible()) return no_terminal();
  if (challenge.last_refusal) {
    terminal.say(fmt::format("{}\n", printable(*challenge.last_refusal)));
  } else if (challenge.code_sent_to_devices) {
    terminal.say("Your trusted devices show a code now.\n");
  }
  if (!challenge.last_refusal) {
    for (std::size_t i = 0; i < challenge.phones.size(); ++i) {
      terminal.say(fmt::format("  s{0}: get a code by SMS, c{0}: by call, to {1}\n", i + 1, printable(challenge.phones[i].number)));
    }
    terminal.say("  d: show a new code on the devices\n");
  }
  for (;;) {
    terminal.say("Six-digit code: ");
    const auto line = TRY(terminal.read_line(stop));
    if (auto answer = parse(line.reveal(), challenge)) return std::move(*answer);
    terminal.say("Please type the six digits, or one of the choices above.\n");
  }
}

}  // namespace icloudphotos::ui
