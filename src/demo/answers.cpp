// SPDX-License-Identifier: MIT
#include "answers.h"

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::demo {
namespace {

template <class Visit>
void each_cookie(const net::ServerRequest& request, Visit visit) {
  for (const std::string_view line : request.headers.all("Cookie")) {
    for (const std::string_view pair : split(line, ';')) {
      const std::string_view text = trim(pair);
      const std::size_t equals = text.find('=');
      if (equals != std::string_view::npos) visit(text.substr(0, equals), text.substr(equals + 1));
    }
  }
}

}  // namespace

net::ServerResponse json_answer(int status, std::string body) {
  net::ServerResponse response;
  response.status = status;
  response.headers.add("Content-Type", "application/json; charset=UTF-8");
  response.body = std::move(body);
  return response;
}

net::ServerResponse failure_answer(const Failure& failure) {
  return json_answer(failure.status, JsonWriter{}
                                         .object()
                                         .member("uuid", random_uuid())
                                         .member("serverErrorCode", failure.code)
                                         .member("reason", failure.reason)
                                         .member("errorClass", failure.code)
                                         .member("error", failure.code)
                                         .end()
                                         .take());
}

std::string cookie_of(const net::ServerRequest& request, std::string_view name) {
  std::string value;
  each_cookie(request, [&](std::string_view each, std::string_view content) {
    if (each == name && value.empty()) value = content;
  });
  return value;
}

bool has_cookie_starting(const net::ServerRequest& request, std::string_view prefix) {
  bool found = false;
  each_cookie(request, [&](std::string_view each, std::string_view) { found = found || each.starts_with(prefix); });
  return found;
}

}  // namespace icloudphotos::demo
