// SPDX-License-Identifier: MIT
#include "icloudphotos/cloud/storage.h"

#include <utility>

#include "icloudphotos/base/json.h"

namespace icloudphotos::cloud {
namespace {

constexpr int kOk = 200;

}  // namespace

Result<Storage> storage_of(auth::Gateway& gateway, std::stop_token stop) {
  auto url = gateway.account_root("account");
  // This service tells accounts apart by their cookies, not by a part of the path.
  const auto part = url.rfind('/');
  if (part == std::string::npos) return Error{ErrorKind::NotFound, "this account does not tell its storage"};
  url.resize(part);
  const auto response = TRY(gateway.post_to(url + "/setup/ws/1/storageUsageInfo", "", std::move(stop)));
  const auto document = JsonDocument::parse(response.body);
  if (response.status != kOk || !document)
    return Error{ErrorKind::Protocol, "iCloud does not tell the account's storage"};
  const auto info = document->root()["storageUsageInfo"];
  const auto total = info["totalStorageInBytes"].integer();
  const auto used = info["usedStorageInBytes"].integer();
  if (!total || !used || *total < 0 || *used < 0)
    return Error{ErrorKind::Protocol, "iCloud tells the account's storage in a way we do not know"};
  return Storage{static_cast<std::uint64_t>(*total), static_cast<std::uint64_t>(*used)};
}

}  // namespace icloudphotos::cloud
