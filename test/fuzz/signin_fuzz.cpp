// SPDX-License-Identifier: MIT
// An answer of the identity or setup service: a status line, header lines, an empty line, a body. The body is also taken
// for a saved session.
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "icloudphotos/base/text.h"

#include "auth/answers.h"
#include "auth/session_file.h"
#include "auth/srp.h"

using namespace icloudphotos;
using namespace icloudphotos::auth;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_printable(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) return false;
  }
  return true;
}

net::Response response_of(std::string_view text) {
  net::Response response;
  const auto take_line = [&] {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
  };
  const auto status = take_line();
  std::from_chars(status.data(), status.data() + status.size(), response.status);
  for (auto line = take_line(); !line.empty(); line = take_line()) {
    const auto colon = line.find(':');
    if (colon != std::string_view::npos)
      response.headers.add(std::string{line.substr(0, colon)}, std::string{trim(line.substr(colon + 1))});
  }
  response.body = text;
  return response;
}

void check_challenge(const net::Response& response) {
  const auto init = decode_init(response.body);
  if (!init) return;
  require(!init->challenge.salt.empty() && !init->challenge.b.empty() && !init->context.empty());
  if (init->challenge.iterations > 2000) return;  // refused or slow; the tests know which
  static const Srp srp{BigNumber::from_hex("bd2e98d6daccc166ed9e393a125142371eefed6c57f7449c0d52c00734dc1cb0")};
  const auto proof = srp.prove("ann@example.com", Secret{"x"}, init->challenge);
  require(!proof || init->challenge.iterations >= 1000);
}

void check_account(const net::Response& response) {
  const auto account = decode_account(response.body);
  if (!account) return;
  require(account->dsid.find_first_not_of("0123456789") == std::string::npos);
  require(account->photos_url.empty() || account->webservices.contains("ckdatabasews"));
  require(is_printable(account->other_domain) && account->webservices.size() <= 100);
  require(!account->two_step || account->second_factor_wanted);
}

void check_saved(std::string_view text) {
  const auto session = read_session(text);
  if (!session) return;
  require(!session->client_id.empty());
  const auto written = write_session(*session);
  const auto again = read_session(written);
  // What cannot be UTF-8 may change once, on its way through JSON, and not again.
  require(again && write_session(*again) == write_session(*again));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto response = response_of({reinterpret_cast<const char*>(data), size});
  const int status = true_status(response);
  require(status == response.status || (response.status == 200 && status >= 400 && status < 600));
  if (const auto error = service_error(response)) require(is_printable(error->code) && is_printable(error->message));
  require(is_printable(with_apples_words("x", response)));
  if (judge_code(response) == CodeVerdict::Accepted) require(status / 100 == 2 || status == 409);
  (void)codes_exhausted(response);
  for (const auto& phone : decode_options(response).phones) require(phone.phone.id >= 0);
  check_challenge(response);
  check_account(response);
  check_saved(response.body);
  return 0;
}
