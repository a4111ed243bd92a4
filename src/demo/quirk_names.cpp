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
    {"needs-repair", AccountKind::NeedsRepair},
    {"security-key", AccountKind::SecurityKey},
    {"advanced-protection", AccountKind::AdvancedProtection},
    {"terms-pending", AccountKind::TermsPending},
    {"wrong-region", AccountKind::WrongRegion},
    {"locked", AccountKind::Locked},
    {"managed", AccountKind::Managed},
    {"federated", AccountKind::Federated},
    {"app-password", AccountKind::AppPassword},
    {"two-step", AccountKind::TwoStep},
    {"web-access-off", AccountKind::WebAccessOff},
    {"no-photos", AccountKind::NoPhotos},
    {"no-webservices", AccountKind::NoWebservices}};
constexpr std::pair<std::string_view, PasswordRefusal> kPasswordRefusals[] = {{"401", PasswordRefusal::Status401},
                                                                              {"-20283", PasswordRefusal::Code20283},
                                                                              {"403", PasswordRefusal::Status403},
                                                                              {"200-401", PasswordRefusal::Hidden401},
                                                                              {"200-403", PasswordRefusal::Hidden403}};
constexpr std::pair<std::string_view, CodeAnswer> kCodeAnswers[] = {{"204", CodeAnswer::Status204},
                                                                    {"200", CodeAnswer::Status200},
                                                                    {"409-token", CodeAnswer::Status409WithToken},
                                                                    {"409", CodeAnswer::Status409Valid},
                                                                    {"412", CodeAnswer::Status412}};
constexpr std::pair<std::string_view, CodeRefusal> kCodeRefusals[] = {
    {"400", CodeRefusal::Status400}, {"200", CodeRefusal::Status200}, {"409", CodeRefusal::Status409}};
constexpr std::pair<std::string_view, LimitAnswer> kLimitAnswers[] = {
    {"usual", LimitAnswer::Usual}, {"423", LimitAnswer::Status423}, {"flags", LimitAnswer::Flags}};
constexpr std::pair<std::string_view, OptionsShape> kOptionsShapes[] = {
    {"usual", OptionsShape::Usual},       {"decorated", OptionsShape::Decorated}, {"bridge", OptionsShape::Bridge},
    {"singular", OptionsShape::Singular}, {"nested", OptionsShape::Nested},       {"409", OptionsShape::Status409},
    {"204", OptionsShape::Status204}};
constexpr std::pair<std::string_view, TermsMethod> kTermsMethods[] = {
    {"any", TermsMethod::Any}, {"POST", TermsMethod::Post}, {"GET", TermsMethod::Get}};
constexpr std::pair<std::string_view, KeysRefusal> kKeysRefusals[] = {
    {"423", KeysRefusal::Status423}, {"400", KeysRefusal::Status400}, {"access-denied", KeysRefusal::AccessDenied}};
constexpr std::pair<std::string_view, PhotosRefusal> kPhotosRefusals[] = {
    {"none", PhotosRefusal::None},
    {"bad-request", PhotosRefusal::BadRequest},
    {"zone-not-found", PhotosRefusal::ZoneNotFound},
    {"authentication-failed", PhotosRefusal::AuthenticationFailed},
    {"401", PhotosRefusal::Status401},
    {"421", PhotosRefusal::Status421}};
constexpr std::pair<std::string_view, CountAnswer> kCountAnswers[] = {{"right", CountAnswer::Right},
                                                                      {"missing", CountAnswer::Missing},
                                                                      {"error", CountAnswer::Error},
                                                                      {"contradictory", CountAnswer::Contradictory}};
constexpr std::pair<std::string_view, SharedLibrary> kSharedLibraries[] = {{"owner", SharedLibrary::Owner},
                                                                           {"participant", SharedLibrary::Participant},
                                                                           {"both", SharedLibrary::Both},
                                                                           {"none", SharedLibrary::None}};
constexpr std::pair<std::string_view, bool Quirks::*> kSwitches[] = {
    {"demand_origin", &Quirks::demand_origin},
    {"demand_browser", &Quirks::demand_browser},
    {"demand_non_fteu", &Quirks::demand_non_fteu},
    {"phones_at_complete", &Quirks::phones_at_complete},
    {"token_abroad", &Quirks::token_abroad},
    {"device_reachable", &Quirks::device_reachable},
    {"indexing_running", &Quirks::indexing_running},
    {"split_groups", &Quirks::split_groups},
    {"check_tags", &Quirks::check_tags},
    {"rotate_cookies", &Quirks::rotate_cookies},
    {"private_db_disabled", &Quirks::private_db_disabled},
    {"picks_only", &Quirks::picks_only},
    {"empty_list_pages", &Quirks::empty_list_pages},
    {"repeated_photos", &Quirks::repeated_photos},
    {"shared_streams", &Quirks::shared_streams},
    {"unlisted", &Quirks::unlisted},
    {"odd_records", &Quirks::odd_records},
    {"orphans", &Quirks::orphans},
    {"missing_values", &Quirks::missing_values},
    {"loose_types", &Quirks::loose_types},
    {"null_more_coming", &Quirks::null_more_coming},
    {"soft_removals", &Quirks::soft_removals}};
constexpr std::pair<std::string_view, std::int64_t Quirks::*> kNumbers[] = {
    {"empty_pages", &Quirks::empty_pages},
    {"short_pages", &Quirks::short_pages},
    {"shuffle", &Quirks::shuffle},
    {"fresh_s", &Quirks::fresh_s},
    {"stream_redirects", &Quirks::stream_redirects},
    {"count_error", &Quirks::count_error},
    {"pcs_refusals", &Quirks::pcs_refusals},
    {"trust_status", &Quirks::trust_status},
    {"trust_days", &Quirks::trust_days},
    {"region_status", &Quirks::region_status},
    {"signed_out_status", &Quirks::signed_out_status},
    {"send_status", &Quirks::send_status},
    {"refused_phone", &Quirks::refused_phone},
    {"code_life_s", &Quirks::code_life_s},
    {"code_cooldown_s", &Quirks::code_cooldown_s},
    {"sign_in_life_s", &Quirks::sign_in_life_s},
    {"hashcash_bits", &Quirks::hashcash_bits}};

/// Calls `visit` with the name, the member and the words of each quirk whose values are words.
template <class Visit>
void each_choice(Visit visit) {
  visit("account", &Quirks::account, Names<AccountKind>{kAccounts});
  visit("password_refusal", &Quirks::password_refusal, Names<PasswordRefusal>{kPasswordRefusals});
  visit("code_answer", &Quirks::code_answer, Names<CodeAnswer>{kCodeAnswers});
  visit("code_refusal", &Quirks::code_refusal, Names<CodeRefusal>{kCodeRefusals});
  visit("limit_answer", &Quirks::limit_answer, Names<LimitAnswer>{kLimitAnswers});
  visit("options", &Quirks::options, Names<OptionsShape>{kOptionsShapes});
  visit("terms_method", &Quirks::terms_method, Names<TermsMethod>{kTermsMethods});
  visit("keys_refusal", &Quirks::keys_refusal, Names<KeysRefusal>{kKeysRefusals});
  visit("photos_refusal", &Quirks::photos_refusal, Names<PhotosRefusal>{kPhotosRefusals});
  visit("counts", &Quirks::counts, Names<CountAnswer>{kCountAnswers});
  visit("shared_library", &Quirks::shared_library, Names<SharedLibrary>{kSharedLibraries});
}

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

/// Whatever photos.md 21 says of records and pages, all at once; what refuses or ends a session is not among it.
void set_everything(bool on, Quirks& quirks) {
  for (const auto member :
       {&Quirks::indexing_running, &Quirks::split_groups, &Quirks::picks_only, &Quirks::empty_list_pages,
        &Quirks::repeated_photos, &Quirks::unlisted, &Quirks::odd_records, &Quirks::orphans, &Quirks::missing_values,
        &Quirks::loose_types, &Quirks::null_more_coming, &Quirks::soft_removals}) {
    quirks.*member = on;
  }
  quirks.counts = on ? CountAnswer::Contradictory : CountAnswer::Right;
  quirks.empty_pages = on ? 3 : 0;
  quirks.short_pages = on ? 40 : 0;
  quirks.shuffle = on ? std::max<std::int64_t>(quirks.shuffle, 1) : 0;
  quirks.fresh_s = on ? 20 : 0;
  quirks.stream_redirects = on ? 1 : 0;
}

bool set_quirk(std::string_view name, JsonView from, Quirks& quirks) {
  bool chosen = false;
  each_choice([&](std::string_view each, auto member, auto names) {
    chosen = chosen || (each == name && choose(names, from, quirks.*member));
  });
  if (chosen) return true;
  if (name == "everything") {
    if (const auto on = from.boolean()) set_everything(*on, quirks);
    return from.boolean().has_value();
  }
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
  out.object();
  each_choice(
      [&](std::string_view name, auto member, auto names) { out.member(name, name_of(names, quirks.*member)); });
  for (const auto& [name, member] : kSwitches) out.member(name, quirks.*member);
  for (const auto& [name, member] : kNumbers) out.member(name, quirks.*member);
  return out.member("partition", quirks.partition).end().take();
}

}  // namespace icloudphotos::demo
