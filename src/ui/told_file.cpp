// SPDX-License-Identifier: MIT
#include "told_file.h"

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/base/log.h"

namespace icloudphotos::ui {
namespace {

constexpr Log log{"ui"};

}  // namespace

ToldFile::ToldFile(const std::filesystem::path& state_dir) : path_{state_dir / "told.json"} {
  const auto read = load();
  if (!read && read.error().kind() != ErrorKind::NotFound)
    log.warn("what was told before is not known reason={}", read.error().message());
}

Result<void> ToldFile::load() {
  const auto document = TRY(JsonDocument::parse(TRY(read_file(path_))));
  document["told"].each_member([&](std::string_view news, JsonView ways) {
    ways.each([&](JsonView way) {
      if (const auto name = way.text()) ways_[std::string{news}].emplace(*name);
    });
  });
  return {};
}

bool ToldFile::has(const std::string& news, const std::string& way) const {
  const auto found = ways_.find(news);
  return found != ways_.end() && found->second.contains(way);
}

void ToldFile::add(const std::string& news, const std::string& way) {
  if (ways_[news].insert(way).second) write();
}

void ToldFile::forget() {
  if (ways_.empty()) return;
  ways_.clear();
  write();
}

void ToldFile::write() const {
  JsonWriter json;
  json.object().key("told").object();
  for (const auto& [news, ways] : ways_) {
    json.key(news).array();
    for (const auto& way : ways) json.value(way);
    json.end();
  }
  const auto written = replace_file(path_, json.end().end().take());
  if (!written) log.warn("what was told cannot be kept reason={}", written.error().message());
}

}  // namespace icloudphotos::ui
