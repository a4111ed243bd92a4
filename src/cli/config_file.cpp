// SPDX-License-Identifier: MIT
#include "config_file.h"

#include <algorithm>
#include <cerrno>
#include <optional>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <toml++/toml.h>
#include <unistd.h>

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/text.h"

#include "nearest.h"

namespace icloudphotos::cli {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 20;

// toml++ 3.3 runs into an "unreachable" switch case when it looks for blanks and finds a letter like ä. It never sees
// one: all that is not ASCII is written as `XX meanwhile.
std::string hidden(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= ' ' && c < 0x7f && c != '`') || c == '\n' || c == '\r' || c == '\t';
    if (plain) {
      out += c;
    } else {
      out += '`' + hex_encode(as_bytes({&c, 1}));
    }
  }
  return out;
}

std::string shown(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = text[i] == '`' ? hex_decode(text.substr(i + 1, 2)) : std::nullopt;
    if (byte) i += 2;
    out += byte ? *byte : std::string(1, text[i]);
  }
  return out;
}

std::optional<std::size_t> line_of_a_table(std::string_view text) {
  std::size_t number = 0;
  for (const auto line : split(text, '\n')) {
    ++number;
    // What toml++ takes for blanks or the end of a line is looked past, whatever it is.
    const auto first = std::find_if(line.begin(), line.end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (first != line.end() && *first == '[') return number;
  }
  return std::nullopt;
}

std::optional<std::string> scalar_text(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return shown(*text);
  if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
  if (const auto truth = node.value_exact<bool>()) return *truth ? "true" : "false";
  return std::nullopt;
}

Result<void> take(Settings& settings, std::string_view written, const toml::node& node, const std::string& origin) {
  const auto wrong = [&](std::string_view what) {
    return Error{ErrorKind::Usage, fmt::format("{}, line {}: {}", origin, node.source().begin.line, what)};
  };
  const auto key = dashed(written);
  if (const auto why = refusal(key); !why.empty()) return wrong(why);
  if (find_option(key) == nullptr)
    return wrong(fmt::format("there is no option {}{}", printable(written), did_you_mean(key, option_names())));
  const auto value = scalar_text(node);
  if (!value) return wrong(fmt::format("{} must be a text, a whole number or true or false", key));
  settings.insert_or_assign(key, Setting{*value, fmt::format("{}: {}", origin, key)});
  return {};
}

Result<std::string> read_all(int fd, const std::string& name) {
  std::string text;
  char buffer[16384];
  for (;;) {
    const auto got = ::read(fd, buffer, sizeof buffer);
    if (got < 0) return Error{ErrorKind::Usage, fmt::format("{} cannot be read: {}", name, system_message(errno))};
    if (got == 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
    if (text.size() > kMaxBytes) return Error{ErrorKind::Usage, fmt::format("{} is too large to be ours", name)};
  }
}

Result<std::optional<std::string>> read_trusted(const std::filesystem::path& path) {
  const Fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<std::string>{};
    return Error{ErrorKind::Usage, fmt::format("{} cannot be read: {}", path.string(), system_message(errno))};
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))
    return Error{ErrorKind::Usage, fmt::format("{} is not a file", path.string())};
  const bool of_somebody_else = status.st_uid != 0 && status.st_uid != ::geteuid();
  if (of_somebody_else || (status.st_mode & S_IWOTH) != 0) {
    return Error{
        ErrorKind::Usage,
        fmt::format("{} can be written by others, who could make us run their commands; make it yours and chmod o-w "
                    "it",
                    path.string())};
  }
  return std::optional{TRY(read_all(file.get(), path.string()))};
}

}  // namespace

Result<Settings> read_config(std::string_view text, const std::string& origin) try {
  if (!is_utf8(text)) return Error{ErrorKind::Usage, fmt::format("{} is not a text in UTF-8", origin)};
  // There are none, and toml++ 3.3 asserts what a table's name begins with.
  if (const auto line = line_of_a_table(text))
    return Error{ErrorKind::Usage, fmt::format("{}, line {}: options stand without a [table]", origin, *line)};
  Settings settings;
  const auto table = toml::parse(hidden(text));
  for (const auto& [key, node] : table) TRY(take(settings, shown(key.str()), node, origin));
  return settings;
} catch (const toml::parse_error& error) {
  return Error{ErrorKind::Usage, fmt::format("{}, line {}: {}", origin, error.source().begin.line,
                                             printable(shown(error.description())))};
}

Result<Settings> read_config_files(const std::vector<std::filesystem::path>& files) {
  for (const auto& file : files) {
    if (const auto text = TRY(read_trusted(file))) return read_config(*text, file.string());
  }
  return Settings{};
}

}  // namespace icloudphotos::cli
