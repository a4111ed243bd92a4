// SPDX-License-Identifier: MIT
#include "icloudphotos/demo/service.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "icloudphotos/base/log.h"
#include "icloudphotos/base/text.h"

#include "computed.h"
#include "content.h"
#include "control.h"
#include "gate.h"
#include "manifest.h"
#include "photos.h"
#include "shared_albums.h"
#include "shared_streams.h"

namespace icloudphotos::demo {
namespace {

constexpr Log log{"demo"};

constexpr std::string_view kSharedZone = "SharedSync-5A6E0000-0000-4000-8000-0000000000D3";
constexpr std::uint64_t kSharedSeries = 1, kForeignSeries = 2;
constexpr std::uint64_t kRotateEvery = 16;
// The album index that answers are named by stands early in the body of a query.
constexpr std::string_view kRecordType = "\"recordType\"";

Result<SmallLibrary> load_seeds(const ServiceOptions& options) {
  if (options.computed_assets == 0) return options.library ? load_library(*options.library) : load_embedded_library();
  SmallLibrary library;
  library.personal = make_computed_seed(
      {.assets = options.computed_assets, .albums = options.extra_albums, .file_bytes = options.file_bytes});
  if (options.computed_shared_assets > 0) {
    library.shared = make_computed_seed({.assets = options.computed_shared_assets,
                                         .file_bytes = options.file_bytes,
                                         .has_albums = false,
                                         .series = kSharedSeries});
  }
  return library;
}

std::vector<ZoneEntry> make_zones(SmallLibrary seeds, bool is_participant) {
  std::vector<ZoneEntry> zones;
  const auto add = [&](Database database, std::string_view name, std::string_view owner,
                       std::shared_ptr<const Seed> seed) {
    zones.push_back({database, std::make_shared<Zone>(std::string{name}, std::string{owner}, std::move(seed))});
  };
  const auto foreign = [] { return make_computed_seed({.assets = 3, .has_albums = false, .series = kForeignSeries}); };
  add(Database::Private, "CMM-11111111-0000-4000-8000-0000000000D3", kAccountOwner, foreign());
  auto albums = make_shared_albums(*seeds.personal);
  add(Database::Private, "PrimarySync", kAccountOwner, std::move(seeds.personal));
  add(Database::Private, "AppLibrarySync-com.apple.GenerativePlayground-55555555-0000-4000-8000-0000000000D3",
      kAccountOwner, foreign());
  add(Database::Shared, "CMM-33333333-0000-4000-8000-0000000000D3", kOtherOwner, foreign());
  if (seeds.shared) {
    add(is_participant ? Database::Shared : Database::Private, kSharedZone,
        is_participant ? kOtherOwner : kAccountOwner, std::move(seeds.shared));
  }
  std::ranges::move(albums, std::back_inserter(zones));
  return zones;
}

bool is_sign_in(std::string_view path) {
  return path.starts_with("/appleauth/auth") || path.starts_with("/setup/ws/1/");
}

/// The name faults and counters know a request by. Sign-in in China has a name of its own.
std::string operation_of(const net::ServerRequest& request, Region region) {
  constexpr std::string_view kDatabase = "/database/1/com.apple.photos.cloud/production/";
  if (request.path.starts_with("/B/")) return request.method + " /B";
  if (SharedStreams::is_path(request.path)) return "sharedstreams " + request.path.substr(request.path.rfind('/') + 1);
  if (!request.path.starts_with(kDatabase))
    return request.method + (region == Region::China ? " /cn" : " ") + request.path;
  std::string name = request.path.substr(kDatabase.size());
  if (const std::size_t slash = name.find('/'); slash != std::string::npos) name[slash] = ' ';
  if (name.find("records/query") == std::string::npos) return name;
  const std::size_t at = request.body.find(kRecordType);
  if (at == std::string::npos) return name;
  const std::size_t begin = request.body.find('"', at + kRecordType.size());
  if (begin == std::string::npos) return name;
  return name + " " + request.body.substr(begin + 1, request.body.find('"', begin + 1) - begin - 1);
}

/// For how long an answer asks to be left alone; nothing: it does not.
std::optional<std::chrono::seconds> pause_of(const net::ServerResponse& response, std::chrono::seconds usual) {
  if (response.status != 429 && response.status != 503) return std::nullopt;
  const std::string text{response.headers.get("Retry-After").value_or("")};
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  return error == std::errc{} ? std::chrono::seconds{seconds} : usual;
}

class HttpService final : public Service {
 public:
  HttpService(const ServiceOptions& options, std::vector<ZoneEntry> zones)
      : has_tls_{options.tls_certificate.has_value()},
        clock_{options.clock != nullptr ? *options.clock : system_clock_},
        library_{std::move(zones)},
        tokens_{ascii_lower(options.account), options.password},
        codes_{options.fixed_code, clock_},
        identity_{{ascii_lower(options.account), options.password,
                   options.srp_protocol == "s2k_fo" ? SrpProtocol::S2kFo : SrpProtocol::S2k},
                  tokens_,
                  codes_,
                  clock_},
        setup_{ascii_lower(options.account), tokens_, codes_, clock_},
        urls_{options.account, options.url_lifetime},
        photos_{library_, urls_},
        streams_{library_, urls_},
        content_{library_, urls_, clock_, journal_},
        control_{{library_, identity_, setup_, codes_, tokens_, urls_, quirks_, faults_, journal_, pauses_, settings_,
                  clock_}} {
    if (options.is_participant) quirks_.set({.shared_library = SharedLibrary::Participant});
    settings_.latency_ms = options.latency.count();
    settings_.bytes_per_second = options.bytes_per_second;
  }
  ~HttpService() override {
    stop_.request_stop();
    server_.reset();
  }

  Result<void> listen(const ServiceOptions& options) {
    if (!options.quirks.empty()) {
      const auto quirks = TRY(JsonDocument::parse(options.quirks));
      TRY(control_.set_quirks(quirks.root()));
    }
    server_ = TRY(net::HttpServer::start(
        {.port = options.port, .tls_certificate = options.tls_certificate, .tls_key = options.tls_key},
        [this](const net::ServerRequest& request) { return answer(request); }));
    return {};
  }

  [[nodiscard]] std::string base_url() const override {
    return (has_tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(server_->port());
  }
  [[nodiscard]] std::string identity_url() const override { return base_url(); }
  [[nodiscard]] std::string setup_url() const override { return base_url() + "/setup/ws/1"; }
  [[nodiscard]] std::string shown_code() const override { return codes_.shown(); }

  [[nodiscard]] Result<std::string> control(std::string_view call, std::string_view json) override {
    net::ServerRequest request;
    request.method = "POST";
    request.target = "/control/" + std::string{call};
    request.body = json;
    return control_.run(call.substr(0, call.find('?')), request);
  }

 private:
  net::ServerResponse answer(const net::ServerRequest& request) {
    constexpr std::string_view kControl = "/control/";
    if (request.path.starts_with(kControl)) {
      auto result = control_.run(std::string_view{request.path}.substr(kControl.size()), request);
      if (result) return json_answer(200, std::move(*result));
      const int status = result.error().kind() == ErrorKind::NotFound ? 404 : 400;
      return json_answer(status, JsonWriter{}.object().member("error", result.error().message()).end().take());
    }
    const Quirks quirks = quirks_.get();
    const Origin origin = origin_of(request, has_tls_, quirks.partition);
    const std::string_view within = path_within(request.path);
    if (within == request.path) return play(request, origin, quirks);
    net::ServerRequest elsewhere = request;
    elsewhere.path = within;
    return play(elsewhere, origin, quirks);
  }

  net::ServerResponse play(const net::ServerRequest& request, const Origin& origin, const Quirks& quirks) {
    const std::string operation = operation_of(request, origin.region);
    log.debug("asked operation={}", operation);
    journal_.note(operation, clock_.now());
    if (is_sign_in(request.path)) pauses_.note(operation, clock_.now());
    const auto fault = faults_.next(operation);
    clock_.sleep_for(std::chrono::milliseconds{settings_.latency_ms}, stop_.get_token());
    if (fault && (fault->action == Fault::Action::Delay || fault->action == Fault::Action::Hang))
      clock_.sleep_for(fault->delay, stop_.get_token());
    net::ServerResponse response = dispatch(request, origin, quirks, fault);
    if (fault) spoil(response, *fault);
    const auto pause = pause_of(response, std::chrono::seconds{settings_.pause_s});
    if (pause && is_sign_in(request.path)) pauses_.ask_for_pause(clock_.now() + *pause);
    return response;
  }

  net::ServerResponse dispatch(const net::ServerRequest& request, const Origin& origin, const Quirks& quirks,
                               const std::optional<Fault>& fault) {
    const std::string_view path = request.path;
    if (path.starts_with("/appleauth/auth")) return identity_.answer(request, origin, quirks);
    if (path.starts_with("/setup/ws/1/")) return setup_.answer(request, origin, quirks);
    if (path.starts_with("/B/")) return content_.answer(request, delivery_of(fault), stop_.get_token());
    const bool is_stream = SharedStreams::is_path(path);
    if (!path.starts_with("/database/1/") && !is_stream) return json_answer(404, "{}");
    if (auto refusal = refuse_photos(request, setup_.cookies(), quirks)) return std::move(*refusal);
    if (is_stream) return streams_.answer(request, origin, quirks, clock_.now());
    auto response = photos_.answer(request, origin, quirks, clock_.now());
    response.headers.add("X-Apple-Request-UUID", random_uuid());
    response.headers.add("X-Apple-CloudKit-Version", "1.0");
    response.headers.add("x-apple-user-partition", std::to_string(origin.partition));
    if (quirks.rotate_cookies && ++photos_answers_ % kRotateEvery == 0)
      response.headers.add("Set-Cookie", setup_.cookies().fresh_token(origin));
    return response;
  }

  [[nodiscard]] Delivery delivery_of(const std::optional<Fault>& fault) const {
    Delivery delivery{.bytes_per_second = settings_.bytes_per_second, .cut_after = {}, .flip_byte = {}};
    if (!fault) return delivery;
    if (fault->action == Fault::Action::Slow) delivery.bytes_per_second = fault->bytes_per_second;
    if (fault->action == Fault::Action::Truncate) delivery.cut_after = fault->at;
    if (fault->action == Fault::Action::Corrupt) delivery.flip_byte = fault->at;
    return delivery;
  }

  const bool has_tls_;
  SystemClock system_clock_;
  Clock& clock_;
  Library library_;
  Tokens tokens_;
  CodeDesk codes_;
  Identity identity_;
  Setup setup_;
  ContentUrls urls_;
  Photos photos_;
  SharedStreams streams_;
  QuirkBoard quirks_;
  Faults faults_;
  Journal journal_;
  Content content_;
  PauseWatch pauses_;
  Settings settings_;
  Control control_;
  std::atomic<std::uint64_t> photos_answers_ = 0;
  std::stop_source stop_;
  std::unique_ptr<net::HttpServer> server_;  ///< last: its threads use all of the above
};

}  // namespace

Result<std::unique_ptr<Service>> Service::start(const ServiceOptions& options) {
  if (options.srp_protocol != "s2k" && options.srp_protocol != "s2k_fo")
    return Error{ErrorKind::Usage, "the SRP protocol is s2k or s2k_fo"};
  auto service = std::make_unique<HttpService>(options, make_zones(TRY(load_seeds(options)), options.is_participant));
  TRY(service->listen(options));
  return std::unique_ptr<Service>{std::move(service)};
}

}  // namespace icloudphotos::demo
