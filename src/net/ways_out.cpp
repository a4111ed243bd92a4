// SPDX-License-Identifier: MIT
#include "ways_out.h"

#include <array>
#include <vector>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::net {
namespace {

using Addresses = Handle<ifaddrs, freeifaddrs>;

/// Empty for what leads nowhere.
std::string text_of(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.sa_family == AF_INET) {
    const auto& ip = reinterpret_cast<const sockaddr_in&>(address).sin_addr;
    ::inet_ntop(AF_INET, &ip, text.data(), text.size());
  } else if (address.sa_family == AF_INET6) {
    const auto& ip = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    if (!IN6_IS_ADDR_LINKLOCAL(&ip)) ::inet_ntop(AF_INET6, &ip, text.data(), text.size());
  }
  return text.data();
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!(line = trim(line)).empty()) {
    const auto word = line.substr(0, line.find_first_of(" \t"));
    words.push_back(word);
    line.remove_prefix(word.size());
  }
  return words;
}

std::string content_of(const char* path) {
  auto content = read_file(path);
  return content ? *std::move(content) : std::string{};
}

}  // namespace

WaysOut default_routes(std::string_view table, std::string_view table6) {
  WaysOut routes;
  for (const auto line : split(table, '\n')) {
    const auto words = words_of(line);  // interface, destination, gateway, …
    if (words.size() > 3 && words[1] == "00000000") routes.insert(fmt::format("{} by {}", words[0], words[2]));
  }
  for (const auto line : split(table6, '\n')) {
    const auto words = words_of(line);  // destination, its length, source, its length, gateway, … interface
    if (words.size() < 10 || words[1] != "00") continue;
    // The kernel keeps one on lo that refuses everything.
    if (words[0].find_first_not_of('0') == std::string_view::npos && words.back() != "lo")
      routes.insert(fmt::format("{} by {}", words.back(), words[4]));
  }
  return routes;
}

WaysOut ways_out() {
  auto ways = default_routes(content_of("/proc/net/route"), content_of("/proc/net/ipv6_route"));
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return ways;
  const Addresses all{first};
  constexpr unsigned kRunning = IFF_UP | IFF_RUNNING;
  for (const auto* one = all.get(); one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || (one->ifa_flags & kRunning) != kRunning) continue;
    if (const auto text = text_of(*one->ifa_addr); !text.empty())
      ways.insert(fmt::format("{} as {}", one->ifa_name, text));
  }
  return ways;
}

}  // namespace icloudphotos::net
