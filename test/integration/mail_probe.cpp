// SPDX-License-Identifier: MIT
// Sends one mail as the options say and answers how that went: "sent", or the kind of the error and its sentence.
//   mail_probe HOST PORT FROM TO SUBJECT [tls|clear] [CA-FILE|-] [USERNAME]   password and text on standard input
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <string>
#include <thread>

#include "icloudphotos/net/mail.h"

using namespace icloudphotos;

int main(int count, char** arguments) {
  if (count < 8) return 2;
  net::MailServer server;
  server.host = arguments[1];
  server.port = std::atoi(arguments[2]);
  server.tls = std::string{arguments[6]} == "tls";
  if (std::string{arguments[7]} != "-") server.ca_file = arguments[7];
  if (count > 8) server.username = arguments[8];
  std::string password;
  std::getline(std::cin, password);
  server.password = Secret{password};
  const net::Mail mail{arguments[3],
                       arguments[4],
                       arguments[5],
                       {std::istreambuf_iterator<char>{std::cin}, std::istreambuf_iterator<char>{}}};

  // Asked to stop by a signal, as the notifier is by its end.
  sigset_t asked;
  sigemptyset(&asked);
  sigaddset(&asked, SIGTERM);
  sigaddset(&asked, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &asked, nullptr);
  std::stop_source stop;
  std::jthread listener{[&] {
    int which = 0;
    sigwait(&asked, &which);
    stop.request_stop();
  }};
  const auto sent = net::send_mail(server, mail, stop.get_token());
  pthread_kill(listener.native_handle(), SIGUSR1);
  if (sent) {
    std::cout << "sent\n";
    return 0;
  }
  std::cout << name_of(sent.error().kind()) << ": " << sent.error().message() << '\n';
  return 1;
}
