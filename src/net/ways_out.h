// SPDX-License-Identifier: MIT
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace icloudphotos::net {

/// What this machine reaches others by: addresses of interfaces that run, and default routes, in words.
using WaysOut = std::set<std::string>;

/// Those there are now; as many as the kernel tells of.
[[nodiscard]] WaysOut ways_out();

/// The default routes in the kernel's tables as /proc/net/route and /proc/net/ipv6_route show them.
[[nodiscard]] WaysOut default_routes(std::string_view table, std::string_view table6);

}  // namespace icloudphotos::net
