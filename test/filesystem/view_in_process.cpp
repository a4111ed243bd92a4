// SPDX-License-Identifier: MIT
#include <stdexcept>

#include <gtest/gtest.h>

#include "icloudphotos/auth/session.h"
#include "icloudphotos/base/text.h"
#include "icloudphotos/demo/service.h"
#include "icloudphotos/fuse/filesystem.h"
#include "icloudphotos/sync/syncer.h"

#include "awaited.h"
#include "fuse/errno_of.h"
#include "temp_dir.h"
#include "view.h"

namespace icloudphotos {
namespace {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error{result.error().message()};
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

class Person final : public auth::PasswordSource, public auth::CodeSource {
 public:
  Person(std::string password, const demo::Service& device) : password_{std::move(password)}, device_{device} {}
  Result<Secret> password(const std::string&, std::stop_token) override { return Secret{password_}; }
  Result<auth::Answer> ask(const auth::Challenge&, std::stop_token) override {
    return auth::Answer{auth::Answer::Kind::Code, Secret{device_.shown_code()}, 0};
  }

 private:
  std::string password_;
  const demo::Service& device_;
};

/// Everything of a mount but the kernel.
class InProcess final : public View {
 public:
  InProcess() {
    demo::ServiceOptions options;
    service_ = must(demo::Service::start(options));
    http_ = must(net::make_curl_http({}));
    session_ = must(auth::Session::open(*http_, clock_,
                                        {options.account,
                                         dir_.path(),
                                         {service_->identity_url(), service_->setup_url(), "https://www.icloud.com"},
                                         {}}));
    Person person{options.password, *service_};
    must(session_->sign_in(person, person, {}));
    photos_ = cloud::make_icloud_photos(*http_, *session_, clock_, {cloud::PhotosOptions::Hosts::OfAppleOrLoopback});
    catalog_ = must(catalog::Catalog::open(dir_.path(), clock_));
    tree_ = must(tree::Tree::load(*catalog_, clock_, {}));
    content::StoreOptions cache;
    cache.directory = dir_ / "cache";
    store_ = must(content::Store::open(*photos_, clock_, cache));
    files_ = std::make_unique<fuse::Filesystem>(*tree_, *store_, clock_, fuse::FilesystemOptions{});
    must(sync::run_round(*photos_, *catalog_, {},
                         {[this](const catalog::ChangeSet&) { (void)must(tree_->refresh()); }, {}, {}}, {}));
  }

  Answer<std::vector<std::string>> list(const std::string& path) override {
    const auto found = find(path);
    if (!found) return {fuse::errno_of(found.error().kind()), {}};
    if (!S_ISDIR(found->st_mode)) return {ENOTDIR, {}};
    Awaited<fuse::DirectoryRef> directory;
    files_->open_directory(Inode{found->st_ino}, files_->begin(0), directory.done());
    const auto opened = directory.get();
    if (!opened) return {fuse::errno_of(opened.error().kind()), {}};
    Answer<std::vector<std::string>> names;
    for (const auto& entry : (*opened)->entries) names.value.push_back(entry.name);
    if (!(*opened)->complete) names.error = EIO;
    return names;
  }

  Answer<struct stat> stat(const std::string& path) override {
    const auto found = find(path);
    if (!found) return {fuse::errno_of(found.error().kind()), {}};
    return {0, *found};
  }

  Answer<std::string> read(const std::string& path, std::uint64_t offset, std::size_t size) override {
    const auto found = find(path);
    if (!found) return {fuse::errno_of(found.error().kind()), {}};
    if (S_ISDIR(found->st_mode)) return {EISDIR, {}};
    Awaited<content::Slice> slice;
    files_->read(Inode{found->st_ino}, {offset, size}, files_->begin(0), slice.done());
    const auto bytes = slice.get();
    if (!bytes) return {fuse::errno_of(bytes.error().kind()), {}};
    return {0, std::string{as_text(bytes->bytes)}};
  }

 private:
  Result<struct stat> find(const std::string& path) {
    auto found = files_->attributes(kRootInode);
    for (const auto part : split(path, '/')) {
      if (part.empty()) continue;
      if (!found) break;
      if (part.size() > 255) return Error{ErrorKind::NotFound, "too long"};
      Awaited<fuse::Found> next;
      files_->lookup(Inode{found->attributes.st_ino}, part, files_->begin(0), next.done());
      found = next.get();
      if (found && found->attributes.st_ino == 0) return Error{ErrorKind::NotFound, "no such name"};
    }
    if (!found) return found.error();
    return found->attributes;
  }

  SystemClock clock_;
  TempDir dir_;
  std::unique_ptr<demo::Service> service_;
  std::unique_ptr<net::Http> http_;
  std::unique_ptr<auth::Session> session_;
  std::unique_ptr<cloud::Photos> photos_;
  std::unique_ptr<catalog::Catalog> catalog_;
  std::unique_ptr<tree::Tree> tree_;
  std::unique_ptr<content::Store> store_;
  std::unique_ptr<fuse::Filesystem> files_;
};

}  // namespace

std::unique_ptr<View> make_view_in_process() { return std::make_unique<InProcess>(); }

}  // namespace icloudphotos
