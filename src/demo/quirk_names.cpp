// SPDX-License-Identifier: MIT
#include "quirk_names.h"

#include <algorithm>
#include <array>
#include <span>

namespace icloudphotos::demo {
namespace {

template <class Value>
using Names = std::span<const std::pair<std::string_view, Value>>;

constexpr std::pair<std::string_view, AccountKind> kAccounts[] = {
    {"two-factor", AccountKind::TwoFactor},
    {"phone-only", AccountKind::PhoneOnly},
    {"no-two-factor", AccountKind::NoTwoFactor},
    {"security-key", AccountKind::SecurityKey},
    {"advanced-protection", AccountKind::AdvancedProtection},
    {"terms-pending", AccountKind::TermsPending},
    {"wrong-region", AccountKind::WrongRegion},
    {"locked", AccountKind::Locked}};
constexpr std::pair<std::string_view, CodeAnswer> kCodeAnswers[] = {{"204", CodeAnswer::Status204},
                                                                    {"409-token", CodeAnswer::Status409WithToken},
                                                                    {"409", CodeAnswer::Status409Valid},
                                                                    {"412", CodeAnswer::Status412}};
constexpr std::pair<std::string_view, OptionsShape> kOptionsShapes[] = {{"usual", OptionsShape::Usual},
                                                                        {"bridge", OptionsShape::Bridge},
                                                                        {"singular", OptionsShape::Singular},
                                                                        {"nested", OptionsShape::Nested},
                                                                        {"409", OptionsShape::Status409}};
constexpr std::pair<std::string_view, bool Quirks::*> kSwitches[] = {
    {"demand_origin", &Quirks::demand_origin},
    {"demand_browser", &Quirks::demand_browser},
    {"indexing_running", &Quirks::indexing_running},
    {"split_groups", &Quirks::split_groups},
    {"check_tags", &Quirks::check_tags},
    {"rotate_cookies", &Quirks::rotate_cookies},
    {"private_db_disabled", &Quirks::private_db_disabled},
    {"picks_only", &Quirks::picks_only}};
constexpr std::pair<std::string_view, std::int64_t Quirks::*> kNumbers[] = {{"empty_pages", &Quirks::empty_pages},
                                                                            {"count_error", &Quirks::count_error},
                                                                            {"pcs_refusals", &Quirks::pcs_refusals}};

template <class Value>
bool choose(Names<Value> names, JsonView from, Value& value) {
  const auto found = std::ranges::find(names, from.text().value_or(""), &std::pair<std::string_view, Value>::first);
  if (found == names.end()) return false;
  value = found->second;
  return true;
}

template <class Value>
std::string_view name_of(Names<Value> names, Value value) {
  return std::ranges::find(names, value, &std::pair<std::string_view, Value>::second)->first;
}

bool set_quirk(std::string_view name, JsonView from, Quirks& quirks) {
  if (name == "account") return choose(Names<AccountKind>{kAccounts}, from, quirks.account);
  if (name == "code_answer") return choose(Names<CodeAnswer>{kCodeAnswers}, from, quirks.code_answer);
  if (name == "options") return choose(Names<OptionsShape>{kOptionsShapes}, from, quirks.options);
  if (name == "partition") {
    quirks.partition = static_cast<int>(from.integer().value_or(quirks.partition));
    return from.integer().has_value();
  }
  for (const auto& [each, member] : kSwitches) {
    if (each == name) return quirks.*member = from.boolean().value_or(false), from.boolean().has_value();
  }
  for (const auto& [each, member] : kNumbers) {
    if (each == name) return quirks.*member = from.integer().value_or(0), from.integer().has_value();
  }
  return false;
}

}  // namespace

Result<void> read_quirks(JsonView from, Quirks& quirks) {
  std::string unknown;
  from.each_member([&](std::string_view name, JsonView value) {
    if (!set_quirk(name, value, quirks)) unknown = std::string{name} + " = " + value.dump();
  });
  if (!unknown.empty()) return Error{ErrorKind::Usage, "there is no quirk " + unknown};
  return {};
}

std::string write_quirks(const Quirks& quirks) {
  JsonWriter out;
  out.object().member("account", name_of(Names<AccountKind>{kAccounts}, quirks.account));
  out.member("code_answer", name_of(Names<CodeAnswer>{kCodeAnswers}, quirks.code_answer));
  out.member("options", name_of(Names<OptionsShape>{kOptionsShapes}, quirks.options));
  for (const auto& [name, member] : kSwitches) out.member(name, quirks.*member);
  for (const auto& [name, member] : kNumbers) out.member(name, quirks.*member);
  return out.member("partition", quirks.partition).end().take();
}

}  // namespace icloudphotos::demo
