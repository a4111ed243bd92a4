// SPDX-License-Identifier: MIT
#include "icloudphotos/ui/first_answer.h"

#include <utility>

namespace icloudphotos::ui {

Result<void> CodeInbox::give(Secret code) {
  std::stop_source question{std::nostopstate};
  {
    const Lock lock{mutex_};
    if (!asked_) return Error{ErrorKind::NotFound, "nobody is waiting for a code"};
    code_ = std::move(code);
    question = *asked_;
  }
  question.request_stop();
  return {};
}

Result<auth::Answer> FirstAnswer::ask(const auth::Challenge& challenge, std::stop_token stop) {
  std::stop_source question;
  const std::stop_callback forward{stop, [&] { question.request_stop(); }};
  {
    const Lock lock{inbox_.mutex_};
    inbox_.code_.reset();
    inbox_.asked_ = question;
  }
  auto answer = usual_.ask(challenge, question.get_token());
  const Lock lock{inbox_.mutex_};
  inbox_.asked_.reset();
  if (answer || !inbox_.code_) return answer;
  return auth::Answer{auth::Answer::Kind::Code, *std::exchange(inbox_.code_, std::nullopt), 0};
}

}  // namespace icloudphotos::ui
