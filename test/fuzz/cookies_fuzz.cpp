// SPDX-License-Identifier: MIT
// Each line is a Set-Cookie line, in turn of three hosts; the first line is also taken for a saved jar.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "icloudphotos/base/text.h"
#include "icloudphotos/net/cookies.h"

using namespace icloudphotos;
using net::CookieJar;

namespace {

constexpr TimePoint kNow{std::chrono::seconds{1'790'000'000}};
constexpr std::string_view kUrls[] = {"https://setup.icloud.com/setup/ws/1/validate",
                                      "https://idmsa.apple.com/appleauth/auth", "http://127.0.0.1:8080/x"};

void check(const CookieJar& jar) {
  std::size_t bytes = 0;
  for (const auto& cookie : jar.cookies()) {
    if (cookie.name.empty() || cookie.domain.empty() || !cookie.path.starts_with('/')) std::abort();
    bytes += cookie.name.size() + cookie.value.reveal().size();
  }
  if (jar.cookies().size() > 100 || bytes > 65'536) std::abort();
  for (const auto url : kUrls) {
    const auto header = jar.header_for(url, kNow);
    for (const char c : header.reveal())
      if (c < ' ' || c == 0x7f) std::abort();
  }
  // Nobody else gets any.
  if (!jar.header_for("https://example.com/", kNow).empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  CookieJar jar;
  std::size_t number = 0;
  for (const auto line : split(text, '\n')) {
    if (number == 0) {
      if (const auto saved = JsonDocument::parse(line)) (void)CookieJar::read(saved->root());
    }
    jar.store(kUrls[number++ % std::size(kUrls)], line, kNow);
  }
  check(jar);

  JsonWriter out;
  jar.write(out);
  const auto document = JsonDocument::parse(out.take());
  if (!document) std::abort();
  const auto again = CookieJar::read(document->root());
  check(again);
  if (again.cookies().size() != jar.cookies().size()) std::abort();
  return 0;
}
