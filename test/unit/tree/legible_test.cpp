// SPDX-License-Identifier: MIT
#include "legible.h"

#include <gtest/gtest.h>

namespace icloudphotos::tree {
namespace {

using std::string_view_literals::operator""sv;

TEST(Legible, LeavesWhatPeopleWriteAlone) {
  for (const char* text :
       {"Grüße aus 京都 👩‍👩‍👧", "a & b < c > d \"e\" 'f' ]]> &amp;", "one\n\n\ttwo", ""}) {
    EXPECT_EQ(legible(text), text);
  }
}

TEST(Legible, HasNoControlCharacters) {
  EXPECT_EQ(legible("a\0b\x01\x1b[31m\x7f"
                    "c\xc2\x80\xc2\x9f"
                    "d\xc2\xa0"sv),
            "ab[31mcd\xc2\xa0");
}

TEST(Legible, EndsLinesInOneWay) { EXPECT_EQ(legible("a\r\nb\rc\n\rd"), "a\nb\nc\n\nd"); }

TEST(Legible, ReplacesWhatIsNoText) {
  EXPECT_EQ(legible("a\xff"
                    "b\xc3"),
            "a\ufffdb\ufffd");
  EXPECT_EQ(legible("\xed\xa0\x80"), "\ufffd\ufffd\ufffd") << "half a surrogate pair";
  EXPECT_EQ(legible("\xc0\xaf"), "\ufffd\ufffd") << "longer than it has to be";
  EXPECT_EQ(legible("\xef\xbf\xbe\xef\xbf\xbf"), "\ufffd\ufffd") << "no characters of XML's";
  EXPECT_EQ(legible("\xf0\x9f\x98"), "\ufffd\ufffd\ufffd") << "cut short";
}

TEST(Legible, HasNoBlanksAtItsEnds) {
  EXPECT_EQ(legible(" \t\r\n a b \n"), "a b");
  EXPECT_EQ(legible(" \n"), "");
}

TEST(Legible, CanBeBroughtIntoOneLine) { EXPECT_EQ(legible_line("  a \t b\r\n\r\nc "), "a b c"); }

}  // namespace
}  // namespace icloudphotos::tree
