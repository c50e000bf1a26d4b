#include "titrant/core/text_chart.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <sstream>

namespace titrant::core {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t margin = 8;  // columns of a row before its first dot

std::vector<std::string> rows_of(const std::string& text) {
  std::vector<std::string> rows;
  std::istringstream in(text);
  for (std::string row; std::getline(in, row);) rows.push_back(row);
  return rows;
}

/// Characters of UTF-8, as code points.
std::vector<char32_t> characters(const std::string& text) {
  std::vector<char32_t> all;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::size_t length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    char32_t code = length == 1 ? byte : byte & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) code = (code << 6U) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    all.push_back(code);
    i += length;
  }
  return all;
}

TextChart::Line line_of(const std::string& name, double (*function)(double), std::size_t points) {
  TextChart::Line line{name, {}, {}};
  for (std::size_t i = 0; i < points; ++i) {
    line.x.push_back(static_cast<double>(i) / static_cast<double>(points - 1));
    line.y.push_back(function(line.x.back()));
  }
  return line;
}

// 22 columns and 4 rows; x = 0 .. 21: the four steps of a staircase, a level it crosses, and where.
TEST(TextChart, DrawsInPlainCharacters) {
  TextChart chart;
  chart.x_name = "dose, mg";
  chart.y_to = 3.0;
  chart.lines = {{"steps", {}, {}}, {"other", {0.0, 21.0}, {3.0, 3.0}}};
  for (int x = 0; x <= 21; ++x) {
    chart.lines[0].x.push_back(x);
    chart.lines[0].y.push_back(std::floor(x / 6.0));
  }
  chart.levels = {{0.0, "0 %"}, {2.0, "67 %"}, {3.0, "100 %"}};
  chart.marks = {{12.0, 2.0}};
  chart.mark_name = "answer";
  EXPECT_EQ(draw(chart, 30, 4, Characters::ascii),
            " 100 % +.  .  .  .  .  .  ****\n"
            "  67 % +------------O*****----\n"
            "       |      ******\n"
            "   0 % +******\n"
            "       ++-------------------+-\n"
            "        0                  20\n"
            "               dose, mg\n"
            "        *** steps   ... other   O answer\n");
}

// Each dot of a Braille picture, read back by its code point, is where the function is.
TEST(TextChart, PutsBrailleDotsWhereTheFunctionIs) {
  TextChart chart;
  const auto function = [](double x) { return x * x; };
  chart.lines = {line_of("square", function, 200)};
  constexpr std::size_t width = 68;
  constexpr std::size_t height = 15;
  const std::vector<std::string> rows = rows_of(draw(chart, width, height, Characters::unicode));
  constexpr double across = 2 * (width - margin) - 1;
  constexpr double down = 4 * height - 1;
  const std::array<std::array<unsigned, 2>, 4> bit = {{{0, 3}, {1, 4}, {2, 5}, {6, 7}}};
  std::size_t dots = 0;
  for (std::size_t row = 0; row < height; ++row) {
    const std::vector<char32_t> found = characters(rows.at(row));
    for (std::size_t column = margin; column < found.size(); ++column) {
      if (found[column] == U' ') continue;
      ASSERT_EQ(found[column] & ~char32_t{0xFF}, char32_t{0x2800});
      for (std::size_t y = 0; y < 4; ++y) {
        for (std::size_t x = 0; x < 2; ++x) {
          if (((found[column] >> bit.at(y).at(x)) & 1U) == 0U) continue;
          ++dots;
          const double place = static_cast<double>(2 * (column - margin) + x) / across;
          const double value = 1.0 - static_cast<double>(4 * row + y) / down;
          EXPECT_NEAR(value, place * place, 1.0 / down) << "row " << row << ", column " << column;
        }
      }
    }
  }
  EXPECT_GE(dots, 2 * (width - margin));  // no column is left out
}

TEST(TextChart, JoinsTheNeighboursOfMissingPoints) {
  TextChart whole;
  whole.lines = {{"", {0.0, 1.0, 2.0, 3.0}, {0.0, 0.25, 0.5, 0.75}}};
  TextChart holes = whole;
  holes.lines[0].y[1] = none;
  EXPECT_EQ(draw(holes, 40, 8, Characters::unicode), draw(whole, 40, 8, Characters::unicode));
  holes.lines[0].y[3] = none;
  EXPECT_NE(draw(holes, 40, 8, Characters::unicode), draw(whole, 40, 8, Characters::unicode));
}

TEST(TextChart, IsEmptyWithoutPoints) {
  TextChart chart;
  EXPECT_EQ(draw(chart, 40, 8, Characters::ascii), "");
  chart.lines = {{"nothing", {1.0, 2.0}, {none, none}}};
  EXPECT_EQ(draw(chart, 40, 8, Characters::ascii), "");
}

TEST(TextChart, DrawsASinglePoint) {
  TextChart chart;
  chart.lines = {{"one", {8.0}, {1.0}}};
  const std::string text = draw(chart, 40, 4, Characters::ascii);
  EXPECT_EQ(rows_of(text).front(), "       |*");
  EXPECT_NE(text.find("8\n"), std::string::npos);
}

TEST(TextChart, KeepsToItsWidthAndItsEdges) {
  TextChart chart;
  chart.x_name = "dose of one administration, mg";
  chart.lines = {{"far", {1e-3, 5e5}, {-7.0, 9.0}}, {"dotted", {1.0, 2.0}, {0.5, 0.6}}};
  chart.levels = {{0.5, "50 %"}};
  for (const Characters kind : {Characters::ascii, Characters::unicode}) {
    for (const std::size_t width : {30U, 80U, 200U}) {
      const std::vector<std::string> rows = rows_of(draw(chart, width, 10, kind));
      ASSERT_EQ(rows.size(), 14U);
      for (std::size_t row = 0; row < 11; ++row) {
        const std::size_t length = characters(rows[row]).size();
        EXPECT_LE(length, width) << rows[row];
      }
      EXPECT_EQ(characters(rows[10]).size(), width);  // the axis
    }
  }
}

TEST(TextChart, StaysInAsciiWhereItMust) {
  TextChart chart;
  chart.lines = {line_of(
                     "a", [](double x) { return x; }, 9),
                 line_of(
                     "b", [](double x) { return 1.0 - x; }, 9)};
  chart.levels = {{0.5, "50 %"}};
  chart.marks = {{0.5, 0.5}};
  for (const char c : draw(chart, 80, 12, Characters::ascii)) EXPECT_LT(static_cast<unsigned char>(c), 0x80);
}

}  // namespace
}  // namespace titrant::core
