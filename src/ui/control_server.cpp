// SPDX-License-Identifier: MIT
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <list>
#include <system_error>
#include <thread>
#include <utility>

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/files.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/base/text.h"
#include "icloudphotos/ui/control.h"

#include "ui/control_channel.h"
#include "ui/control_messages.h"

namespace icloudphotos::ui {
namespace {

constexpr Log log{"control"};
constexpr std::size_t kMostConnections = 8;
/// A command that was suspended takes nothing, and must not keep the mount from ending.
constexpr timeval kPatience{5, 0};

/// The person at the other end of a connection.
class RemotePerson final : public auth::PasswordSource, public auth::CodeSource {
 public:
  explicit RemotePerson(Channel& channel) : channel_{channel} {}

  Result<Secret> password(const std::string& account, std::stop_token stop) override {
    TRY(channel_.send(JsonWriter{}.object().member("ask", "password").member("account", account).end().take()));
    const auto reply = TRY(read(stop));
    return Secret{std::string{reply["password"].text().value_or("")}};
  }
  Result<auth::Answer> ask(const auth::Challenge& challenge, std::stop_token stop) override {
    TRY(channel_.send(write_challenge(challenge)));
    const auto reply = TRY(read(stop));
    return read_answer(reply.root());
  }
  void tell(const std::string& what_to_do) override {
    // Who has gone need not be told.
    (void)channel_.send(JsonWriter{}.object().member("tell", what_to_do).end().take());
  }

 private:
  /// A reply; gone or unwilling is giving up.
  Result<JsonDocument> read(std::stop_token stop) {
    auto line = channel_.receive(stop);
    if (!line) return Error{ErrorKind::Cancelled, "interrupted"};
    auto reply = JsonDocument::parse(*line);
    wipe(line->data(), line->size());
    if (reply && (*reply)["error"].exists()) return read_error(reply->root());
    return reply;
  }
  Channel& channel_;
};

class Server final : public ControlServer {
 public:
  Server(ControlPlace place, std::filesystem::path socket_path, Fd socket, ControlCalls calls)
      : link_{place.state_dir / "control.sock"},
        path_{std::move(socket_path)},
        socket_{std::move(socket)},
        calls_{std::move(calls)},
        door_{[this](std::stop_token stop) { open_door(stop); }} {}
  ~Server() override {
    door_.request_stop();
    door_.join();
    connections_.clear();  // each is stopped and waited for
    ::unlink(link_.c_str());
    ::unlink(path_.c_str());
  }

 private:
  struct Connection {
    std::atomic<bool> over = false;
    std::jthread thread;
  };

  void open_door(std::stop_token stop) {
    while (wait_readable(socket_, stop)) {
      connections_.remove_if([](const auto& one) { return one.over.load(); });
      Fd visitor{::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
      if (!visitor || !is_of_this_user(visitor) || connections_.size() == kMostConnections) continue;
      ::setsockopt(visitor.get(), SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
      auto& connection = connections_.emplace_back();
      connection.thread = std::jthread{[this, &connection, fd = std::move(visitor)](std::stop_token end) {
        Channel channel{fd};
        serve(channel, end);
        connection.over = true;
      }};
    }
  }

  void serve(Channel& channel, std::stop_token stop) {
    try {
      auto line = channel.receive(stop);
      if (!line) return;
      auto call = JsonDocument::parse(*line);
      wipe(line->data(), line->size());
      if (!call) return;
      const auto name = std::string{(*call)["call"].text().value_or("")};
      log.debug("call={}", printable(name));
      const auto result = run(name, call->root(), channel, stop);
      // Who has gone need not be answered.
      (void)channel.send(result ? *result : write_error(result.error()));
    } catch (const std::exception& problem) {
      log.error("a command could not be served reason={}", problem.what());
    }
  }

  /// The last message.
  Result<std::string> run(std::string_view name, JsonView call, Channel& channel, std::stop_token stop) {
    JsonWriter done;
    done.object().key("done");
    if (name == "status") return done.raw(calls_.status()).end().take();
    if (name == "examine") return done.raw(TRY(calls_.examine())).end().take();
    if (name == "refresh") {
      TRY(refresh(call, channel, stop));
    } else if (name == "sign_in") {
      RemotePerson person{channel};
      TRY(calls_.sign_in(person, person, stop));
    } else if (name == "code") {
      TRY(calls_.give_code(Secret{std::string{call["code"].text().value_or("")}}, stop));
    } else if (name == "sign_out") {
      return done.value(TRY(calls_.sign_out(stop)).string()).end().take();
    } else {
      return Error{ErrorKind::Usage, "the mount that runs does not know this command; is it of another version?"};
    }
    return done.value(true).end().take();
  }

  /// Whoever does not wait for it any more takes no one else's place.
  Result<void> refresh(JsonView call, const Channel& channel, const std::stop_token& stop) {
    std::stop_source over;
    const std::stop_callback forward{stop, [&] { over.request_stop(); }};
    const std::jthread watch{[&](std::stop_token watched) {
      if (channel.wait_for_end(std::move(watched))) over.request_stop();
    }};
    auto refreshed = calls_.refresh({call["wait"].boolean().value_or(false), call["accept"].boolean().value_or(false)},
                                    over.get_token());
    if (stop.stop_requested()) return Error{ErrorKind::Storage, "the mount ended meanwhile"};
    return refreshed;
  }

  const std::filesystem::path link_;
  const std::filesystem::path path_;
  const Fd socket_;
  const ControlCalls calls_;
  std::list<Connection> connections_;  // the door's thread only, until that has ended
  std::jthread door_;
};

}  // namespace

Result<std::unique_ptr<ControlServer>> ControlServer::start(const ControlPlace& place, ControlCalls calls) {
  TRY(make_private_directory(place.runtime_dir));
  // Named after the state it belongs to: two of one account need not be in each other's way.
  const auto name = hex_encode(sha256(as_bytes(place.state_dir.string()))).substr(0, 16) + ".sock";
  const auto path = place.runtime_dir / name;
  auto socket = TRY(listen_at(path));
  std::error_code problem;
  std::error_code in_the_way;
  const auto link = place.state_dir / "control.sock";
  std::filesystem::remove(link, in_the_way);
  std::filesystem::create_symlink(path, link, problem);
  // Where nothing can be written the link of an earlier start leads to the same place, if there is one.
  if (problem == std::errc::read_only_file_system || in_the_way == std::errc::read_only_file_system) {
    log.warn("commands may not find this mount reason={}", in_the_way ? in_the_way.message() : problem.message());
  } else if (problem) {
    return Error{ErrorKind::Storage, "cannot write " + link.string() + ": " + problem.message()};
  }
  return std::unique_ptr<ControlServer>{std::make_unique<Server>(place, path, std::move(socket), std::move(calls))};
}

}  // namespace icloudphotos::ui
