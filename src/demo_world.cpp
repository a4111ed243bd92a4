// SPDX-License-Identifier: MIT
#include "demo_world.h"

#include <system_error>
#include <utility>

#include <stdlib.h>

#include "icloudphotos/base/json.h"

namespace icloudphotos {

Result<std::unique_ptr<DemoWorld>> DemoWorld::start() {
  std::unique_ptr<DemoWorld> world{new DemoWorld};
  std::string name = (std::filesystem::temp_directory_path() / "icloudphotos-demo-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    return Error{ErrorKind::Storage, "cannot make a temporary directory for the demo"};
  world->home_ = name;
  world->service_ = TRY(demo::Service::start(world->options_));
  TRY(world->finish_uploads());
  return world;
}

DemoWorld::~DemoWorld() {
  std::error_code ignored;
  if (!home_.empty()) std::filesystem::remove_all(home_, ignored);
}

Result<Secret> DemoWorld::password(const std::string&, std::stop_token) { return Secret{options_.password}; }

Result<auth::Answer> DemoWorld::ask(const auth::Challenge&, std::stop_token) {
  return auth::Answer{auth::Answer::Kind::Code, Secret{service_->shown_code()}, 0};
}

cli::MountOptions DemoWorld::inhabit(cli::MountOptions options) const {
  options.account = options_.account;
  options.identity_url = service_->identity_url();
  options.setup_url = service_->setup_url();
  options.state_home = home_ / "state";
  options.cache_home = home_ / "cache";
  options.runtime_home = home_ / "run";
  options.password_providers = {cli::PasswordProvider::Console};
  return options;
}

/// Whoever tries this out shall be able to copy everything; elsewhere a photo is on its way to the cloud for ever.
Result<void> DemoWorld::finish_uploads() {
  const auto truth = TRY(JsonDocument::parse(TRY(service_->control("truth"))));
  Result<void> done;
  truth["photos"].each([&](JsonView photo) {
    bool available = true;
    photo["resources"].each([&](JsonView one) { available = available && one["available"].boolean().value_or(true); });
    if (available || !done) return;
    JsonWriter edit;
    edit.object().member("asset", photo["asset"].text().value_or("")).member("no_download_url", false).end();
    if (const auto edited = service_->control("edit", edit.take()); !edited) done = edited.error();
  });
  return done;
}

}  // namespace icloudphotos
