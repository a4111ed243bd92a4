// SPDX-License-Identifier: MIT
#include <charconv>
#include <functional>
#include <map>

#include <fmt/format.h>
#include <signal.h>
#include <stdio.h>

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/demo/service.h"

namespace icloudphotos::demo {
namespace {

constexpr std::string_view kUsage = R"(icloud-demo: a pretend iCloud for tests and demonstrations, on 127.0.0.1

  --port N                     listen here (default: any free port)
  --port-file FILE             write the port there when ready
  --assets N                   a computed library of N photos instead of the small real one
  --shared-assets N            and a shared library of N
  --albums N                   and N small albums besides the usual ones
  --file-size BYTES[K|M|G]     size of every original of a computed library
  --library DIR                a directory with a library.json instead of the small library built in
  --latency MS                 wait before each answer
  --per-connection-rate B[K|M] bytes of content a second, per connection
  --url-ttl SECONDS            life of download URLs (default: 3600)
  --tls-cert FILE --tls-key FILE
                               serve HTTPS with this certificate (PEM)
  --account NAME --password P  (default: demo@example.com, demo-Password-1)
  --code NNNNNN                the only right code, needing no push
  --protocol s2k|s2k_fo
  --participant                the shared library is somebody else's
  --quirks JSON                as the control call "quirks" (src/demo/README.md)
  --verbose                    log each request to standard error
)";

struct Arguments {
  ServiceOptions service;
  std::optional<std::string> port_file;
  bool verbose = false;
};

/// "64K" is 65536.
std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end == text.data()) return std::nullopt;
  const std::string_view unit{end, static_cast<std::size_t>(text.data() + text.size() - end)};
  if (unit.empty()) return number;
  const int shift = unit == "K" ? 10 : unit == "M" ? 20 : unit == "G" ? 30 : 0;
  return shift == 0 ? std::nullopt : std::optional{number << shift};
}

using Setter = std::function<bool(const std::string&)>;

std::map<std::string_view, Setter> setters(Arguments& arguments) {
  ServiceOptions& service = arguments.service;
  const auto count = [](auto& into) -> Setter {
    return [&into](const std::string& text) {
      const auto number = number_of(text);
      if (number) into = static_cast<std::remove_reference_t<decltype(into)>>(*number);
      return number.has_value();
    };
  };
  const auto keep = [](auto& into) -> Setter { return [&into](const std::string& text) { return into = text, true; }; };
  return {{"--port", count(service.port)},
          {"--port-file", keep(arguments.port_file)},
          {"--assets", count(service.computed_assets)},
          {"--shared-assets", count(service.computed_shared_assets)},
          {"--albums", count(service.extra_albums)},
          {"--file-size", count(service.file_bytes)},
          {"--library", keep(service.library)},
          {"--latency", count(service.latency)},
          {"--per-connection-rate", count(service.bytes_per_second)},
          {"--url-ttl", count(service.url_lifetime)},
          {"--tls-cert", keep(service.tls_certificate)},
          {"--tls-key", keep(service.tls_key)},
          {"--account", keep(service.account)},
          {"--password", keep(service.password)},
          {"--code", keep(service.fixed_code)},
          {"--protocol", keep(service.srp_protocol)},
          {"--quirks", keep(service.quirks)}};
}

Result<Arguments> read_arguments(int argc, char** argv) {
  Arguments arguments;
  const auto known = setters(arguments);
  for (int i = 1; i < argc; ++i) {
    std::string name = argv[i];
    if (name == "--participant" || name == "--verbose") {
      (name == "--verbose" ? arguments.verbose : arguments.service.is_participant) = true;
      continue;
    }
    std::string value;
    if (const std::size_t equals = name.find('='); equals != std::string::npos) {
      value = name.substr(equals + 1);
      name.resize(equals);
    } else if (i + 1 < argc) {
      value = argv[++i];
    }
    const auto setter = known.find(name);
    if (setter == known.end()) return Error{ErrorKind::Usage, "unknown option " + name + "; --help lists them"};
    if (!setter->second(value))
      return Error{ErrorKind::Usage, "option " + name + " needs another value than '" + value + "'"};
  }
  return arguments;
}

/// Serves until TERM or INT.
Result<void> run(Arguments arguments) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);  // before any thread, so that all leave them to sigwait
  const auto service = TRY(Service::start(arguments.service));
  const std::string url = service->base_url();
  if (arguments.port_file) TRY(replace_file(*arguments.port_file, url.substr(url.rfind(':') + 1) + "\n"));
  fmt::print("listening on {}\n", url);
  fflush(stdout);
  int signal = 0;
  sigwait(&ends, &signal);
  return {};
}

}  // namespace
}  // namespace icloudphotos::demo

int main(int argc, char** argv) {
  using namespace icloudphotos;
  if (argc == 2 && std::string_view{argv[1]} == "--help") {
    fmt::print("{}", demo::kUsage);
    return 0;
  }
  try {
    auto arguments = demo::read_arguments(argc, argv);
    if (arguments) {
      start_log(LogTarget::StandardError, arguments->verbose ? LogLevel::Debug : LogLevel::Warn);
      const auto done = demo::run(std::move(*arguments));
      if (done) return 0;
      fmt::print(stderr, "icloud-demo: {}\n", done.error().message());
      return 1;
    }
    fmt::print(stderr, "icloud-demo: {}\n", arguments.error().message());
  } catch (const std::exception& failure) {
    fmt::print(stderr, "icloud-demo: {}\n", failure.what());
  }
  return 1;
}
