// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "raw_http.h"

namespace icloudphotos::ui {

/// A browser as far as the page can see one: it keeps its cookie, sends forms with their origin and follows redirects.
class WebVisitor {
 public:
  explicit WebVisitor(std::string_view link)
      : host_{link.substr(7, link.find('/', 7) - 7)}, port_{std::stoi(host_.substr(host_.find(':') + 1))} {}

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] const std::string& host() const { return host_; }
  [[nodiscard]] const std::string& cookie() const { return cookie_; }

  /// Head and body of one answer; each on a connection of its own.
  std::string send(const std::string& request) const {
    RawHttp connection{port_};
    connection.send(request);
    return connection.read_answer();
  }
  [[nodiscard]] std::string head(const std::string& method, const std::string& target) const {
    auto head = method + " " + target + " HTTP/1.1\r\nHost: " + host_ + "\r\n";
    if (!cookie_.empty()) head += "Cookie: other=1; " + cookie_ + "\r\n";
    return head;
  }
  std::string get(const std::string& target = "/") { return keep_cookie(send(head("GET", target) + "\r\n")); }
  std::string post(const std::string& target, const std::string& form) {
    return send(head("POST", target) + "Origin: http://" + host_ + "\r\nContent-Length: " +
                std::to_string(form.size()) + "\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n" + form);
  }
  /// Opens the link, as the person does first.
  std::string open(const std::string& link) { return get(link.substr(link.find('/', 7))); }
  /// Reloads until the page shows `text`.
  std::string until(std::string_view text) {
    for (;;) {
      auto page = get();
      if (page.find(text) != std::string::npos || !page.starts_with("HTTP/1.1 200")) return page;
    }
  }
  /// The number of the question a page asks.
  static std::string question_in(const std::string& page) {
    const std::string before = "name=\"question\" value=\"";
    const auto at = page.find(before);
    return at == std::string::npos
               ? ""
               : page.substr(at + before.size(), page.find('"', at + before.size()) - at - before.size());
  }

 private:
  std::string keep_cookie(std::string answer) {
    const auto at = answer.find("Set-Cookie: ");
    if (at != std::string::npos) cookie_ = answer.substr(at + 12, answer.find(';', at) - at - 12);
    return answer;
  }
  std::string host_;
  int port_;
  std::string cookie_;
};

}  // namespace icloudphotos::ui
