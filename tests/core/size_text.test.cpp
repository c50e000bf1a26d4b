#include "titrant/core/size_text.hpp"

#include <gtest/gtest.h>

using titrant::core::size_text;

TEST(SizeText, HasThreeDigitsAndNoExponent) {
  EXPECT_EQ(size_text(0.0), "0 MB");
  EXPECT_EQ(size_text(5e5), "0.5 MB");
  EXPECT_EQ(size_text(193.4e6), "193 MB");
  EXPECT_EQ(size_text(999.4e6), "999 MB");
  EXPECT_EQ(size_text(999.6e6), "1 GB");
  EXPECT_EQ(size_text(7.91e10), "79.1 GB");
  EXPECT_EQ(size_text(1.23e12), "1.23 TB");
  EXPECT_EQ(size_text(2.5e15), "2500 TB");
}
