#include "titrant/parallel/reason.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "titrant/parallel/work.hpp"

namespace titrant::parallel {

namespace {

std::string there_and_back(const std::string& text) {
  std::vector<double> slot(reason_slot, std::numeric_limits<double>::quiet_NaN());
  write_reason(text, slot);
  return read_reason(slot);
}

}  // namespace

TEST(Reason, ComesBackByteForByte) {
  for (const std::size_t length : {1U, 5U, 6U, 7U, 359U, 360U}) {
    std::string text;
    for (std::size_t i = 0; i < length; ++i) text += static_cast<char>('a' + static_cast<char>(i % 26));
    EXPECT_EQ(there_and_back(text), text);
  }
  EXPECT_EQ(there_and_back("zwölf µg, 37 °C\nand a second line"), "zwölf µg, 37 °C\nand a second line");
}

TEST(Reason, IsCutBetweenCharacters) {
  const std::string ascii = there_and_back(std::string(1000, 'x'));
  EXPECT_EQ(ascii, std::string(357, 'x').append("..."));
  std::string two_bytes = "x";  // an odd place for the cut: 357 is within a character
  for (int i = 0; i < 300; ++i) two_bytes += "ö";
  const std::string cut = there_and_back(two_bytes);
  EXPECT_EQ(cut.size(), 360U);
  EXPECT_EQ(cut.substr(355), "ö...");
  two_bytes.erase(0, 1);
  EXPECT_EQ(there_and_back(two_bytes).substr(354), "ö...");
}

TEST(Reason, OfAFailureIsNeverEmpty) {
  EXPECT_EQ(there_and_back(""), "unknown");
  EXPECT_EQ(read_reason(std::vector<double>(reason_slot, 0.0)), "");  // nothing was written: no failure
}

// Units 2 and 4 fail; slots come back from the work as they were written.
TEST(Failures, AreCountedAndTheFirstIsNamed) {
  const std::vector<double> slots = run({}, {6, reason_slot, [](std::size_t unit, std::span<double> slot) {
                                               if (unit == 2) write_reason("no descent", slot);
                                               if (unit == 4) write_reason("another", slot);
                                             }});
  Failures failures;
  for (std::size_t unit = 0; unit < 6; ++unit) {
    failures.add(unit, read_reason(std::span(slots).subspan(unit * reason_slot, reason_slot)));
  }
  EXPECT_EQ(failures.count, 2U);
  EXPECT_EQ(failures.text("replicate"), "the first, replicate 3: no descent");
  EXPECT_EQ(Failures{}.text("replicate"), "");
}

}  // namespace titrant::parallel
