// SPDX-License-Identifier: MIT
#include "ways_out.h"

#include <gtest/gtest.h>

namespace icloudphotos::net {
namespace {

constexpr auto kTable =
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
    "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
    "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n";

TEST(WaysOut, AreTheDefaultRoutesAmongOthers) {
  EXPECT_EQ(default_routes(kTable, ""), WaysOut{"eth0 by 0101A8C0"});
  EXPECT_EQ(default_routes("",
                           "00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
                           "fe800000000000000000000000000001 00000064 00000001 00000000 00000003     eth0\n"
                           "00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
                           "00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo\n"
                           "fe800000000000000000000000000000 40 00000000000000000000000000000000 00 "
                           "00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0\n"),
            WaysOut{"eth0 by fe800000000000000000000000000001"});
}

TEST(WaysOut, AreNoneInTablesThatAreEmptyOrOdd) {
  EXPECT_EQ(default_routes("", ""), WaysOut{});
  EXPECT_EQ(default_routes("eth0\t00000000\n\n\t\n", "0 00\n"), WaysOut{});
}

TEST(WaysOut, AreTheAddressesOfThisMachine) { EXPECT_TRUE(ways_out().contains("lo as 127.0.0.1")); }

}  // namespace
}  // namespace icloudphotos::net
