// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "icloudphotos/auth/session.h"
#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/net/http.h"

#include "commands.h"
#include "invocation.h"
#include "status.h"
#include "status_text.h"

namespace icloudphotos {
namespace {

using namespace std::chrono_literals;

/// Of the mount that runs, else of the saved session.
Result<std::string> ask_for_status(const Account& account, const cli::MountOptions& options, std::stop_token stop) {
  if (auto mount = running_mount(account)) return mount->status(std::move(stop));
  std::error_code ignored;
  if (!std::filesystem::exists(account.state / "session.json", ignored))
    return Error{ErrorKind::NotFound, fmt::format("nobody has signed in as {} here", account.name)};
  SystemClock clock;
  const auto http = TRY(net::make_curl_http({}));
  const auto session =
      TRY(auth::Session::open(*http, clock, {account.name, account.state, TRY(endpoints(options)), {}}));
  return write_status(account, session->status(), clock.now());
}

/// Shows one text after the other: over the one before on a terminal, else only when it is another one.
class Display {
 public:
  void show(const std::string& text) {
    if (text == shown_) return;
    const auto columns = terminal_columns();
    if (columns && rows_ > 0) std::fputs(fmt::format("\x1b[{}A\r\x1b[J", rows_).c_str(), stdout);
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
    shown_ = text;
    rows_ = columns ? rows_of(text, *columns) : 0;
  }
  [[nodiscard]] static std::optional<std::size_t> terminal_columns() {
    if (::isatty(STDOUT_FILENO) != 1) return std::nullopt;
    winsize size{};
    return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : std::size_t{80};
  }

 private:
  /// Long lines go on in the next row.
  static std::size_t rows_of(std::string_view text, std::size_t columns) {
    std::size_t rows = 0, column = 0;
    for (const char c : text) {
      if (c == '\n') {
        rows += std::max<std::size_t>((column + columns - 1) / columns, 1);
        column = 0;
      } else if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) {
        ++column;
      }
    }
    return rows;
  }

  std::string shown_;
  std::size_t rows_ = 0;
};

Result<std::string> words_of(const std::string& status, const cli::StatusCommand& command) {
  if (command.json) return status + "\n";
  const auto document = TRY(JsonDocument::parse(status));
  const bool briefly = command.watch && !Display::terminal_columns();
  return briefly ? describe_status_briefly(document.root()) + "\n" : describe_status(document.root());
}

/// Until interrupted, which is no failure. Mounts may come and go meanwhile.
Result<void> watch(const Account& account, const cli::StatusCommand& command, std::stop_token stop) {
  SystemClock clock;
  Display display;
  do {
    const auto status = ask_for_status(account, command.options, stop);
    if (stop.stop_requested()) break;
    if (!status && status.error().kind() != ErrorKind::Storage) return status.error();
    if (status) display.show(TRY(words_of(*status, command)));
  } while (clock.sleep_for(1s, stop));
  return {};
}

}  // namespace

Result<void> run_status(const cli::StatusCommand& command) {
  Invocation context{command.options};
  const auto account = TRY(find_account(command.options, context.terminal, context.stop()));
  if (command.watch) return watch(account, command, context.stop());
  const auto status = TRY(ask_for_status(account, command.options, context.stop()));
  std::fputs(TRY(words_of(status, command)).c_str(), stdout);
  return {};
}

}  // namespace icloudphotos
