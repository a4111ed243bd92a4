// SPDX-License-Identifier: MIT
// See src/pch.h.
#include <gtest/gtest.h>

#include "../../src/pch.h"
