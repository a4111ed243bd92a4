// SPDX-License-Identifier: MIT
#include <functional>
#include <utility>

#include "icloudphotos/base/json.h"
#include "icloudphotos/ui/control.h"

#include "ui/control_channel.h"
#include "ui/control_messages.h"

namespace icloudphotos::ui {
namespace {

Error hung_up() { return Error{ErrorKind::Storage, "the mount ended meanwhile"}; }

/// Sends a call, has what the mount asks answered by `reply`, and gives its last message.
Result<JsonDocument> converse(const Fd& connection, std::string call, std::stop_token stop,
                              const std::function<Result<std::string>(JsonView question)>& reply) {
  Channel channel{connection, Channel::kLongestAnswer};
  if (!channel.send(std::move(call))) return hung_up();
  for (;;) {
    const auto line = channel.receive(stop);
    if (!line) return line.error().kind() == ErrorKind::Storage ? hung_up() : line.error();
    auto message = TRY(JsonDocument::parse(*line));
    if (message["error"].exists()) return read_error(message.root());
    if (message["done"].exists()) return message;
    auto answer = reply(message.root());
    if (!answer) answer = write_error(answer.error());
    if (!answer->empty() && !channel.send(*std::move(answer))) return hung_up();
  }
}

Result<std::string> no_reply(JsonView) { return std::string{}; }

}  // namespace

Result<ControlClient> ControlClient::connect(const std::filesystem::path& state_dir) {
  return ControlClient{TRY(connect_to(state_dir / "control.sock"))};
}

Result<void> ControlClient::sign_in(auth::PasswordSource& passwords, auth::CodeSource& codes, std::stop_token stop) {
  const auto reply = [&](JsonView question) -> Result<std::string> {
    if (const auto sentence = question["tell"].text()) {
      codes.tell(std::string{*sentence});
      return std::string{};
    }
    if (question["ask"].text() == "password") {
      const auto password = TRY(passwords.password(std::string{question["account"].text().value_or("")}, stop));
      return JsonWriter{}.object().member("password", password.reveal()).end().take();
    }
    return write_answer(TRY(codes.ask(read_challenge(question), stop)));
  };
  (void)TRY(converse(connection_, R"({"call":"sign_in"})", stop, reply));
  return {};
}

Result<void> ControlClient::give_code(const Secret& code, std::stop_token stop) {
  auto call = JsonWriter{}.object().member("call", "code").member("code", code.reveal()).end().take();
  (void)TRY(converse(connection_, std::move(call), stop, no_reply));
  return {};
}

Result<std::filesystem::path> ControlClient::sign_out(std::stop_token stop) {
  const auto message = TRY(converse(connection_, R"({"call":"sign_out"})", stop, no_reply));
  return std::filesystem::path{message["done"].text().value_or("")};
}

Result<void> ControlClient::refresh(Refresh wish, std::stop_token stop) {
  JsonWriter call;
  call.object().member("call", "refresh").member("wait", wish.wait).member("accept", wish.accept).end();
  (void)TRY(converse(connection_, call.take(), std::move(stop), no_reply));
  return {};
}

Result<std::string> ControlClient::status(std::stop_token stop) {
  const auto message = TRY(converse(connection_, R"({"call":"status"})", stop, no_reply));
  return message["done"].dump();
}

Result<std::string> ControlClient::examine(std::stop_token stop) {
  const auto message = TRY(converse(connection_, R"({"call":"examine"})", stop, no_reply));
  return message["done"].dump();
}

}  // namespace icloudphotos::ui
