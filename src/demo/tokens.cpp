// SPDX-License-Identifier: MIT
#include "tokens.h"

#include <fmt/format.h>

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::demo {

std::string Tokens::sign(std::string_view content) const {
  return base64_encode(sha256(as_bytes(fmt::format("{}|{}|{}", account_, password_, content))), Base64::Url);
}

std::string Tokens::make(TokenKind kind, std::string_view claim, TimePoint expiry) {
  const Lock lock{mutex_};
  const auto number = static_cast<std::size_t>(kind);
  const std::string content =
      base64_encode(as_bytes(fmt::format("{}|{}|{}|{}|{}", number, kinds_[number].generation,
                                         expiry.time_since_epoch().count(), claim, hex_encode(random_bytes(6)))),
                    Base64::Url);
  return kinds_[number].newest = content + "." + sign(content);
}

std::optional<std::string> Tokens::read(TokenKind kind, std::string_view token, TimePoint now) const {
  const std::size_t dot = token.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const Lock lock{mutex_};
  if (token.substr(dot + 1) != sign(token.substr(0, dot))) return std::nullopt;
  const std::string content = base64_decode(token.substr(0, dot)).value_or("");
  const auto words = split(content, '|');
  const auto number = static_cast<std::size_t>(kind);
  if (words.size() != 5 || words[0] != std::to_string(number)) return std::nullopt;
  const Kind& of = kinds_[number];
  if (words[1] != std::to_string(of.generation) && token != of.survivor) return std::nullopt;
  if (std::stoll(std::string{words[2]}) < now.time_since_epoch().count()) return std::nullopt;  // ours: it is a number
  return std::string{words[3]};
}

void Tokens::expire_all(TokenKind kind) {
  const Lock lock{mutex_};
  Kind& of = kinds_[static_cast<std::size_t>(kind)];
  ++of.generation;
  of.survivor.clear();
}

void Tokens::expire_older(TokenKind kind) {
  const Lock lock{mutex_};
  Kind& of = kinds_[static_cast<std::size_t>(kind)];
  ++of.generation;
  of.survivor = of.newest;
}

void Tokens::set_password(std::string password) {
  const Lock lock{mutex_};
  password_ = std::move(password);
}

}  // namespace icloudphotos::demo
