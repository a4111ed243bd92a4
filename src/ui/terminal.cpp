// SPDX-License-Identifier: MIT
#include "icloudphotos/ui/terminal.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::ui {
namespace {

// A terminal gives at most 4,095 bytes a line and silently drops the rest.
constexpr std::size_t kLongestLine = 4095;
constexpr int kEmptyPasswords = 3;
constexpr char kCtrlZ = 0x1a;

Error no_terminal() {
  return Error{ErrorKind::NeedsSignIn,
               "a person is needed to sign in, and there is no terminal to ask on; mount once from a terminal"};
}

/// No echo while it lives; what was set before is set again however it ends. Ctrl-Z does nothing meanwhile, so that no
/// shell is left without echo.
class Silence {
 public:
  explicit Silence(int terminal) : terminal_{terminal} {
    if (::tcgetattr(terminal_, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= ECHONL;
    quiet.c_cc[VSUSP] = _POSIX_VDISABLE;
    // Not flushed: what was typed ahead or pasted counts.
    active_ = ::tcsetattr(terminal_, TCSADRAIN, &quiet) == 0;
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  ~Silence() {
    // A password typed half would be shown by whoever reads next.
    if (!answered_) ::tcflush(terminal_, TCIFLUSH);
    if (active_) ::tcsetattr(terminal_, TCSADRAIN, &before_);
  }
  void answered() { answered_ = true; }

 private:
  int terminal_;
  termios before_{};
  bool active_ = false;
  bool answered_ = false;
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
  if (!number.empty()) {
    const auto* end = number.data() + number.size();
    const auto read = std::from_chars(number.data(), end, choice);
    if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
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

/// What happened, and what can be done.
std::string question(const auth::Challenge& challenge) {
  std::string text;
  if (challenge.last_refusal) {
    text += fmt::format("Sorry: {}.\n", printable(*challenge.last_refusal));
  } else if (challenge.sent_to_phone) {
    text += fmt::format("A code is on its way to {}.\n", printable(*challenge.sent_to_phone));
  } else if (challenge.code_sent_to_devices) {
    text += "Your trusted devices show a code now.\n";
  } else {
    text += "Apple wants a six-digit code.\n";
  }
  for (std::size_t i = 0; i < challenge.phones.size(); ++i) {
    text +=
        fmt::format("  s{0}: get a code by SMS, c{0}: by call, to {1}\n", i + 1, printable(challenge.phones[i].number));
  }
  if (challenge.has_devices) text += "  d: show a new code on your devices\n";
  return text;
}

/// A terminal while a question is open. It is not kept: a daemon must not hold the terminal it was started from.
class Conversation {
 public:
  Conversation(Fd input, Fd output) : input_{std::move(input)}, output_{std::move(output)} {}

  /// Whether somebody can answer. From the background of a shell, asking would only stop the program.
  [[nodiscard]] bool possible() const {
    if (!input_) return false;
    const auto foreground = ::tcgetpgrp(input_.get());
    return foreground <= 0 || foreground == ::getpgrp();
  }
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
      if (line.size() < kLongestLine && c != kCtrlZ) line += c;
    }
    if (line.ends_with('\r')) line.pop_back();
    Secret secret{line};
    icloudphotos::wipe(line.data(), line.size());
    return secret;
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

bool Terminal::can_ask() const { return present(); }

Result<Secret> Terminal::password(const std::string& account, std::stop_token stop) {
  const auto terminal = state_->begin();
  if (!terminal.possible()) return no_terminal();
  for (int empty = 0; empty < kEmptyPasswords;) {
    Silence silence{terminal.input()};
    terminal.say(fmt::format("Password for {}: ", printable(account)));
    auto password = TRY(terminal.read_line(stop));
    silence.answered();
    if (password.reveal().size() >= kLongestLine) {
      terminal.say("That is too long for a password.\n");
    } else if (!password.empty()) {
      return password;
    }
    ++empty;
  }
  return Error{ErrorKind::Cancelled, "no password was given"};
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
  terminal.say(question(challenge));
  for (;;) {
    terminal.say("Six-digit code: ");
    const auto line = TRY(terminal.read_line(stop));
    if (auto answer = parse(line.reveal(), challenge)) return std::move(*answer);
    terminal.say("Please type the six digits, or one of the choices above.\n");
  }
}

}  // namespace icloudphotos::ui
