// SPDX-License-Identifier: MIT
#include "command_line.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "icloudphotos/base/text.h"

#include "mount_options.h"
#include "nearest.h"

namespace icloudphotos::cli {
namespace {

using Words = std::vector<std::string>;

Error usage(std::string sentence) { return Error{ErrorKind::Usage, std::move(sentence)}; }

Error unknown_option(std::string_view word) {
  const auto name = word.substr(0, word.find('='));  // the value may be a secret
  const auto bare = name.substr(std::min(name.find_first_not_of('-'), name.size()));
  if (const auto why = refusal(dashed(bare)); !why.empty()) return usage(std::string{why});
  auto known = option_names();
  known.insert(known.end(), {"help", "version"});
  return usage(fmt::format("there is no option {}{}", printable(name), did_you_mean(dashed(bare), known, "--")));
}

Result<void> take_lists(const Words& lists, Writer writer, CommandLine& line) {
  for (const auto& list : lists) TRY(read_mount_options(list, writer, line.mount_options));
  return {};
}

/// CLI11's parser, but for its own help and its own words for options nobody knows.
struct Parser : CLI::App {
  Parser() {
    set_help_flag();
    allow_extras();
  }
};

Result<void> run(Parser& app, const Words& words) try {
  app.parse(Words{words.rbegin(), words.rend()});  // it takes them from the back
  for (const auto& word : app.remaining())
    if (word.size() > 1 && word.front() == '-') return unknown_option(word);
  return {};
} catch (const CLI::ParseError& error) {
  return usage(printable(error.what()));
}

Result<CommandLine> read_mounts_line(const Words& words) {
  CommandLine line;
  Words lists;
  std::string type, name_space;
  bool ignored = false;
  Parser app;
  app.add_option("operands", line.operands);
  app.add_flag("-f", line.pretend);
  app.add_flag("-s,-n,-v", ignored);
  app.add_option("-o", lists)->allow_extra_args(false);
  app.add_option("-t", type);
  app.add_option("-N", name_space);
  TRY(run(app, words));
  if (!name_space.empty()) return usage("mounting into another namespace (-N) is not offered; use nsenter --mount");
  if (!type.empty() && type != "icloudphotos" && type != "fuse.icloudphotos")
    return usage(fmt::format("the type {} is not ours; it is icloudphotos", printable(type)));
  TRY(take_lists(lists, Writer::Mount, line));
  return line;
}

/// Adds every option of the table; what was given comes to `given`.
void add_table(Parser& app, std::map<std::string, std::string>& given) {
  for (const auto& row : option_table()) {
    const std::string name{row.name};
    std::string flags = "--" + name;
    if (row.name == "foreground") flags += ",-f";
    if (row.name == "debug") flags += ",-d";
    auto* option = row.argument.empty() ? app.add_flag(flags, given[name]) : app.add_option(flags, given[name]);
    if (row.is_list) {
      option->join(',');
    } else {
      option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    }
  }
}

/// A line with all options: that of a mount, or of a command about an account.
Result<CommandLine> read_persons_line(const Words& words, CommandLine::What what = CommandLine::What::Mount) {
  CommandLine line;
  line.what = what;
  Words lists;
  bool help = false, version = false, ignored = false;
  std::map<std::string, std::string> given;
  Parser app;
  app.add_option("operands", line.operands);
  app.add_option("-o", lists)->allow_extra_args(false);
  app.add_flag("-h,--help", help);
  app.add_flag("-v,-V,--version", version);
  app.add_flag("-s,-n", ignored);
  if (what == CommandLine::What::SignOut) app.add_flag("--keep-cache", line.keep_cache);
  if (what == CommandLine::What::Status || what == CommandLine::What::Doctor) app.add_flag("--json", line.json);
  if (what == CommandLine::What::Status) app.add_flag("--watch", line.watch);
  if (what == CommandLine::What::Refresh) {
    app.add_flag("--wait", line.wait);
    app.add_flag("--accept", line.accept);
  }
  add_table(app, given);
  TRY(run(app, words));
  if (help || version) {
    line.what = help ? CommandLine::What::Help : CommandLine::What::Version;
    return line;
  }
  for (const auto& row : option_table()) {
    const std::string name{row.name};
    if (app.get_option("--" + name)->count() > 0) line.long_options.emplace(name, Setting{given[name], "--" + name});
  }
  // Whoever asks for debug output on the command line wants to see it.
  if (line.long_options.contains("debug") && !line.long_options.contains("foreground"))
    line.long_options.emplace("foreground", line.long_options.at("debug"));
  TRY(take_lists(lists, Writer::Person, line));
  return line;
}

Result<CommandLine> read_unmount_line(const Words& words) {
  CommandLine line;
  line.what = CommandLine::What::Unmount;
  bool help = false;
  Parser app;
  app.add_option("operands", line.operands);
  app.add_flag("-h,--help", help);
  TRY(run(app, words));
  if (help) line.what = CommandLine::What::Help;
  return line;
}

Result<CommandLine> read_password_line(const Words& words) {
  const auto what = words.empty() ? std::string{} : words.front();
  if (what != "set" && what != "delete")
    return usage("say what to do with the password in the keyring: icloudphotos password set, or delete");
  return read_persons_line({words.begin() + 1, words.end()},
                           what == "set" ? CommandLine::What::SetPassword : CommandLine::What::DeletePassword);
}

Result<CommandLine> read_command(const Words& words) {
  if (words.empty()) {
    CommandLine help;
    help.what = CommandLine::What::Help;
    return help;
  }
  const auto& command = words.front();
  const Words rest{words.begin() + 1, words.end()};
  if (command == "mount") return read_persons_line(rest);
  if (command == "unmount" || command == "umount") return read_unmount_line(rest);
  if (command == "signin") return read_persons_line(rest, CommandLine::What::SignIn);
  if (command == "signout") return read_persons_line(rest, CommandLine::What::SignOut);
  if (command == "status") return read_persons_line(rest, CommandLine::What::Status);
  if (command == "refresh") return read_persons_line(rest, CommandLine::What::Refresh);
  if (command == "doctor") return read_persons_line(rest, CommandLine::What::Doctor);
  if (command == "password") return read_password_line(rest);
  if (command.starts_with('-')) return read_persons_line(words);
  return usage(fmt::format(
      "there is no command {}{}", printable(command),
      did_you_mean(command, {"mount", "unmount", "signin", "signout", "status", "refresh", "doctor", "password"})));
}

}  // namespace

bool is_written_by_mount(const Words& arguments) {
  const auto is_flag = [](const std::string& word) {
    return word == "-s" || word == "-f" || word == "-n" || word == "-v";
  };
  if (arguments.size() < 5 || arguments[1].starts_with('-') || arguments[2].starts_with('-')) return false;
  const auto list = std::find_if_not(arguments.begin() + 3, arguments.end(), is_flag);
  if (list == arguments.end() || *list != "-o" || list + 1 == arguments.end()) return false;
  const auto first = std::string_view{*(list + 1)}.substr(0, (list + 1)->find(','));
  return first == "rw" || first == "ro";
}

Result<CommandLine> read_command_line(const Words& arguments) {
  const Words words{arguments.begin() + std::min<std::ptrdiff_t>(1, std::ssize(arguments)), arguments.end()};
  if (is_written_by_mount(arguments)) return read_mounts_line(words);
  const auto name = arguments.empty() ? std::string{} : std::filesystem::path{arguments.front()}.filename().string();
  return name == "icloudphotos" ? read_command(words) : read_persons_line(words);
}

}  // namespace icloudphotos::cli
