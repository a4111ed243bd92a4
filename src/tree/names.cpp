// SPDX-License-Identifier: MIT
#include "names.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>

#include <fmt/format.h>

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/text.h"

#include "types.h"

namespace icloudphotos::tree {
namespace {

constexpr std::string_view kForbidden = "/\\:*?\"<>|";

std::string as_nfc(std::string_view text) {
  if (auto composed = nfc(text)) return *std::move(composed);
  const std::string legible = mended(text);
  return nfc(legible).value_or(std::string(legible.size(), '_'));
}

/// "CON", "con.tar" and "Con .x" cannot be made on Windows; those devices have been there since DOS.
bool is_device(std::string_view name) {
  std::string_view head = name.substr(0, name.find('.'));
  while (!head.empty() && head.back() == ' ') head.remove_suffix(1);
  const std::string upper = ascii_upper(head);
  for (const std::string_view device : {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}) {
    if (upper == device) return true;
  }
  if (!upper.starts_with("COM") && !upper.starts_with("LPT")) return false;
  const std::string_view port = std::string_view{upper}.substr(3);
  if (port.size() == 1) return port[0] >= '0' && port[0] <= '9';
  return port == "\u00b9" || port == "\u00b2" || port == "\u00b3";  // superscript digits count, says Microsoft
}

void replace_trailing(std::string& name) {
  for (auto i = name.size(); i-- > 0 && (name[i] == '.' || name[i] == ' ');) name[i] = '_';
}

/// Where the extension of a name begins, if it has one of up to eight letters and digits.
std::optional<std::size_t> dot_of_extension(std::string_view name) {
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view text = name.substr(dot + 1);
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  return plain && !text.empty() && text.size() <= kLongestExtension ? std::optional{dot} : std::nullopt;
}

std::string_view without_extension(std::string_view name) {
  return name.substr(0, dot_of_extension(name).value_or(name.size()));
}

}  // namespace

std::string mended(std::string_view text) {
  std::string legible;
  while (!text.empty()) {
    std::size_t length = static_cast<unsigned char>(text[0]) < 0x80 ? 1 : 2;
    while (length <= 4 && !is_utf8(text.substr(0, length))) ++length;
    if (length > 4 || length > text.size()) {
      legible += '_';
      text.remove_prefix(1);
    } else {
      legible += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return legible;
}

std::string clean(std::string_view text, End end) {
  const std::string composed = as_nfc(text);
  std::string name;
  name.reserve(composed.size() + 1);
  for (std::size_t i = 0; i < composed.size(); ++i) {
    const auto byte = static_cast<unsigned char>(composed[i]);
    const bool c1 = byte == 0xc2 && i + 1 < composed.size() && static_cast<unsigned char>(composed[i + 1]) < 0xa0;
    if (c1) ++i;  // U+0080 to U+009F: two bytes, one control character
    const bool bad = c1 || byte < 0x20 || byte == 0x7f || kForbidden.find(composed[i]) != std::string_view::npos;
    name += bad ? '_' : composed[i];
  }
  if (end == End::OfName) replace_trailing(name);
  if (name.empty() || name.front() == '.' || is_device(name)) name.insert(name.begin(), '_');
  return name;
}

FileName take_apart(std::string_view name, std::string_view type) {
  const std::string_view by_type = extension_of(type);
  const std::string_view otherwise = by_type.empty() ? std::string_view{"BIN"} : by_type;
  const auto dot = dot_of_extension(name);
  if (!dot || ascii_iequals(name.substr(*dot), kSidecarSuffix)) return {name, otherwise, End::OfName};
  switch (judge_extension(name.substr(*dot + 1), type)) {
    case Verdict::Agrees:
      return {name.substr(0, *dot), name.substr(*dot + 1), End::OfStem};
    case Verdict::Contradicts:
      return {name.substr(0, *dot), otherwise, End::OfStem};
    case Verdict::NoExtension:
      break;
  }
  return {name, otherwise, End::OfName};
}

std::string nameless_stem(std::string_view record_name) {
  return "IMG_" + hex_encode(sha1(as_bytes(record_name))).substr(0, 8);
}

std::string candidate(std::string_view wish, std::uint32_t n, Naming naming) {
  const std::size_t longest = naming == Naming::Photo ? kLongestStem : kLongestName;
  const std::string number = n < 2 ? std::string{} : fmt::format(" ({})", n);
  std::string name{cut_at_code_point(wish, longest - number.size())};
  if (naming == Naming::Directory && number.empty()) replace_trailing(name);  // the cut may have bared a dot
  return name + number;
}

std::string claim_key(std::string_view name, Naming naming) {
  std::string key = case_fold(name);
  for (bool again = naming == Naming::Photo; again;) {
    again = false;
    for (const std::string_view suffix : {kEditedSuffix, kAlternativeSuffix, kLiveSuffix}) {
      if (!key.ends_with(suffix)) continue;
      key.resize(key.size() - suffix.size());
      again = true;
    }
  }
  return key;
}

std::string key_of_file_name(std::string_view name, TreeOptions::Sidecars sidecars) {
  const bool is_sidecar = name.ends_with(kSidecarSuffix) && sidecars != TreeOptions::Sidecars::Lightroom;
  const std::string_view file = is_sidecar ? name.substr(0, name.size() - kSidecarSuffix.size()) : name;
  return claim_key(without_extension(file), Naming::Photo);
}

}  // namespace icloudphotos::tree
