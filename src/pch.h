// SPDX-License-Identifier: MIT
// With -Db_pch=true compiled once a room, so that a build does not read the same headers hundreds of times: that halves it.
// What a file uses it includes itself all the same, as the ordinary build checks. That one goes without, because g++ -O2 then
// warns of the insides of std::string (GCC bug 105651).
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
