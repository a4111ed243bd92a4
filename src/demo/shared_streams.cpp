// SPDX-License-Identifier: MIT
#include "shared_streams.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/text.h"

#include "account_answer.h"
#include "indexes.h"
#include "lines.h"

namespace icloudphotos::demo {
namespace {

constexpr std::string_view kFolder = "/sharedstreams/";
constexpr std::string_view kNewestFirst = "CPLAssetByAddedDate";
constexpr std::int64_t kCreated = 1'693'000'000'000;
constexpr std::string_view kOtherDsid = "20000000001";

/// Stands in the place of the account's number in the album's own address.
std::string token_of(const Zone& album) { return "A0" + std::string{guid_of(album).substr(0, 8)}; }

bool is_owned(const Zone& album) { return album.owner() == kAccountOwner; }

net::ServerResponse refusal(int status, std::string_view reason) {
  return json_answer(status,
                     JsonWriter{}.object().member("errorReason", reason).member("errorCode", status).end().take());
}

/// Numbers of this service are strings.
std::optional<std::size_t> number_in(JsonView text) {
  const auto digits = text.text();
  if (!digits) return std::nullopt;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(digits->data(), digits->data() + digits->size(), number);
  return error == std::errc{} && end == digits->data() + digits->size() ? std::optional{number} : std::nullopt;
}

void write_album(JsonWriter& out, const Zone& album, const Origin& origin) {
  out.object().member("albumguid", guid_of(album));
  out.member("albumlocation",
             fmt::format("{}/{}{}", origin.web_service_url("sharedstreams"), token_of(album), kFolder));
  out.member("albumctag", fmt::format("FT={}@RU={}", album.last_seq(), guid_of(album)));
  out.member("ownerdsid", is_owned(album) ? std::string_view{kDsid} : kOtherDsid);
  out.member("sharingtype", is_owned(album) ? "owned" : "subscribed").member("iswebuploadsupported", "1");
  out.key("attributes").object().member("name", album.title()).member("creationDate", std::to_string(kCreated));
  out.member("allowcontributions", "1").member("ispublic", "0").end().end();
}

/// The album moved to another partition: ask there.
net::ServerResponse moved(const Origin& origin) {
  std::string host = origin.base.substr(origin.base.find("://") + 3);
  host = host.substr(0, host.find('/'));
  if (origin.is_apple) host = fmt::format("p{}-sharedstreams.icloud.com", origin.partition + 1);
  auto response = json_answer(330, JsonWriter{}.object().member("X-Apple-MMe-Host", host).end().take());
  response.headers.add("X-Apple-MMe-Host", host);
  return response;
}

}  // namespace

std::string_view guid_of(const Zone& album) { return std::string_view{album.name()}.substr(kStreamPrefix.size()); }

bool SharedStreams::is_path(std::string_view path) { return path.find(kFolder) != std::string_view::npos; }

std::string SharedStreams::albums(const Origin& origin) const {
  JsonWriter out;
  out.object().key("albums").array();
  for (const ZoneEntry& entry : library_.zones()) {
    if (entry.database == Database::Streams && entry.left_at == 0) write_album(out, *entry.zone, origin);
  }
  return out.end().end().take();
}

/// One's own are also found at the address of the account.
std::shared_ptr<const Zone> SharedStreams::album_of(std::string_view place, JsonView body) const {
  auto album =
      library_.find(Database::Streams, std::string{kStreamPrefix} + std::string{body["albumguid"].text().value_or("")});
  if (!album) return nullptr;
  const bool is_right = place == token_of(*album) || (place == std::string_view{kDsid} && is_owned(*album));
  return is_right ? album : nullptr;
}

/// As little to be relied upon as other counts.
net::ServerResponse SharedStreams::count(const Zone& album, const Quirks& quirks) {
  if (quirks.counts == CountAnswer::Error) return refusal(500, "no counts today");
  auto count = static_cast<std::int64_t>(album.index(std::string{kNewestFirst})->size()) + quirks.count_error;
  if (quirks.counts == CountAnswer::Contradictory) count += asked_.turn() % 2 == 0 ? 3 : -2;
  JsonWriter out;
  out.object();
  if (quirks.counts != CountAnswer::Missing) out.member("albumassetcount", std::max<std::int64_t>(0, count));
  return json_answer(200, out.end().take());
}

net::ServerResponse SharedStreams::assets(const Zone& album, JsonView body, const AnswerContext& context) const {
  const auto offset = number_in(body["offset"]), end = number_in(body["limit"]);
  if (!offset || !end) return refusal(400, "offset and limit are needed, as strings");
  const auto index = album.index(std::string{kNewestFirst});
  std::vector<Line> lines;
  for (std::size_t rank = *offset; rank < std::min(*end, index->size()); ++rank) {
    const PhotoId id = (*index)[rank];
    const auto photo = std::make_shared<const Photo>(album.photo(id));
    lines.emplace_back([id, photo](RecordWriter& writer) { writer.master(id, *photo); });
    lines.emplace_back([id, photo](RecordWriter& writer) { writer.asset(id, *photo); });
  }
  JsonWriter out;
  out.object().key("records").array();
  RecordWriter writer{out, album, context};
  write_lines(writer, std::move(lines), context.quirks, *offset);
  return json_answer(200, out.end().end().take());
}

net::ServerResponse SharedStreams::answer(const net::ServerRequest& request, const Origin& origin, const Quirks& quirks,
                                          TimePoint now) {
  if (request.method != "POST") return refusal(405, "only POST is understood");
  const auto document = JsonDocument::parse(request.body.empty() ? "{}" : request.body);
  if (!document) return refusal(400, "the body is no JSON");
  if (redirected_ < quirks.stream_redirects && ++redirected_ <= quirks.stream_redirects) return moved(origin);
  const std::string_view path = request.path;
  const std::size_t folder = path.find(kFolder);
  const std::string_view place = path.substr(1, folder - 1), call = path.substr(folder + kFolder.size());
  if (call == "webgetalbumslist") {
    return place == std::string_view{kDsid} ? json_answer(200, albums(origin)) : refusal(404, "no such account");
  }
  const auto album = album_of(place, document->root());
  if (!album) return refusal(404, "no such album");
  if (call == "webgetassetcount") return count(*album, quirks);
  if (call != "webgetassets") return refusal(404, "no such call");
  return assets(*album, document->root(), {DesiredKeys{}, urls_, origin.content_url(), now, quirks, asked_});
}

}  // namespace icloudphotos::demo
