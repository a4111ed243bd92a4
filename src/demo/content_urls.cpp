// SPDX-License-Identifier: MIT
#include "content_urls.h"

#include <charconv>

#include <fmt/format.h>

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::demo {
namespace {

// Real URLs carry two hundred opaque characters here; pages are as long as the real ones only with them.
constexpr std::string_view kPadding =
    "CAogdemo3JXUof0mA7XhcK_WkQISGN32NKE1F58ovmNjScjauTBQwhZI6rw9oc8Piwlp-81sSxCDCoDYUfGyUjPc7RNouzEbkyRV9b-p_"
    "medmnLrg4cVC0i"
    "STgcp_c9hG6E-MDv-WYbQcScBmdCQx2vX4biXivX7ePZ0BjbB_FMj43MbkuWgEVQgIH835blAbLpc";

std::string url_form(std::string_view standard_base64) {
  std::string text{standard_base64};
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

std::string standard_form(std::string_view url_base64) {
  std::string text{url_base64};
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  return text;
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional{number} : std::nullopt;
}

}  // namespace

std::string ContentUrls::sign(std::string_view keys, std::string_view object, std::string_view expiry) const {
  const auto digest = sha256(as_bytes(fmt::format("{}|{}|{}|{}", secret_, keys, object, expiry)));
  return base64_encode(std::span{digest}.first(20), Base64::Url);
}

std::string ContentUrls::make(const std::string& host, std::string_view zone, PhotoId photo, Slot slot,
                              const Media& media, TimePoint now) const {
  const auto expiry = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch() + lifetime_.load();
  const std::string keys = url_form(media.checksum()) + url_form(media.checksum());
  const std::string object = base64_encode(
      as_bytes(fmt::format("{}|{}|{}|{}", generation_.load(), photo, static_cast<int>(slot), zone)), Base64::Url);
  const std::string until = std::to_string(expiry.count());
  return fmt::format(
      "{}/B/{}/${{f}}?o={}&v=1&x=3&a={}&e={}&fl=&r=00000000-1111-4222-8333-444444444444-1&k={}&ckc=com.apple.photos."
      "cloud&ckz={}&y=1&p=61&s={}",
      host, keys, object, kPadding, until, url_form(media.checksum()).substr(0, 22), zone, sign(keys, object, until));
}

std::variant<ContentUrls::Target, ContentUrls::Refusal> ContentUrls::read(const net::ServerRequest& request,
                                                                          TimePoint now) const {
  const auto parts = split(request.path, '/');  // "", "B", keys, file name
  const auto object = request.query("o"), expiry = request.query("e"), signature = request.query("s");
  if (parts.size() != 4 || parts[2].size() != 56 || !object || !expiry || !signature) return Refusal::Foreign;
  if (*signature != sign(parts[2], *object, *expiry)) return Refusal::Foreign;
  const std::string inside = base64_decode(*object).value_or("");
  const auto words = split(inside, '|');
  if (words.size() != 4) return Refusal::Foreign;
  const auto until = number_of<std::int64_t>(*expiry);
  const auto generation = number_of<int>(words[0]);
  const auto photo = number_of<PhotoId>(words[1]);
  const auto slot = number_of<int>(words[2]);
  if (!until || !generation || !photo || !slot) return Refusal::Foreign;
  if (*generation != generation_ || std::chrono::sys_seconds{std::chrono::seconds{*until}} < now)
    return Refusal::Expired;
  return Target{std::string{words[3]}, *photo, static_cast<Slot>(*slot), standard_form(parts[2].substr(0, 28)),
                std::string{parts[3]}};
}

}  // namespace icloudphotos::demo
