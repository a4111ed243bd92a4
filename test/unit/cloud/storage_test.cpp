// SPDX-License-Identifier: MIT
#include "icloudphotos/cloud/storage.h"

#include <gtest/gtest.h>

#include "fake_gateway.h"

namespace icloudphotos::cloud {
namespace {

TEST(Storage, IsWhatTheAccountServiceTells) {
  FakeGateway gateway;
  gateway.add_service("account", "https://p61-setup.icloud.com/1234");
  gateway.next(R"({"storageUsageInfo":{"compStorageInBytes":0,"usedStorageInBytes":34562355216,)"
               R"("totalStorageInBytes":53687091200},"quotaStatus":{"overQuota":false}})");
  const auto storage = storage_of(gateway, {});
  ASSERT_TRUE(storage) << storage.error().message();
  EXPECT_EQ(storage->total_bytes, 53687091200U);
  EXPECT_EQ(storage->used_bytes, 34562355216U);
  EXPECT_EQ(gateway.questions().front().path, "https://p61-setup.icloud.com/setup/ws/1/storageUsageInfo");
  EXPECT_EQ(gateway.questions().front().body, "");
}

TEST(Storage, IsNotInventedWhenNobodyTells) {
  FakeGateway gateway;
  EXPECT_EQ(storage_of(gateway, {}).error().kind(), ErrorKind::NotFound);
  gateway.add_service("account", "https://p61-setup.icloud.com/1234");
  for (const char* answer : {"", "<html>", "{}", R"({"storageUsageInfo":{"totalStorageInBytes":1}})",
                             R"({"storageUsageInfo":{"totalStorageInBytes":-1,"usedStorageInBytes":0}})"}) {
    gateway.next(std::string{answer});
    EXPECT_EQ(storage_of(gateway, {}).error().kind(), ErrorKind::Protocol) << answer;
  }
}

}  // namespace
}  // namespace icloudphotos::cloud
