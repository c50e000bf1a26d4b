#include "titrant/core/text_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "titrant/core/error.hpp"

namespace titrant::core {

namespace {

constexpr std::size_t margin = 7;  // columns left of the axis: names of levels, and a space

/// The characters of a chart.
struct Glyphs {
  std::size_t across;  ///< dots in a character, side by side
  std::size_t down;    ///< and below each other
  const char* level;
  const char* mark;
  const char* axis;       ///< on the left
  const char* axis_tick;  ///< where a level begins
  const char* corner;
  const char* floor;
  const char* floor_tick;
};

constexpr Glyphs ascii = {1, 1, "-", "O", "|", "+", "+", "-", "+"};
constexpr Glyphs unicode = {2, 4, "┄", "●", "│", "┤", "└", "─", "┬"};

/// Dots in a grid of characters, of two kinds: those of the first line and those of the others.
class Canvas {
 public:
  Canvas(std::size_t columns, std::size_t rows, const Glyphs& glyphs)
      : columns_(columns), rows_(rows), glyphs_(glyphs), solid_(columns * rows), dotted_(columns * rows) {}

  std::size_t dots_across() const { return columns_ * glyphs_.across; }
  std::size_t dots_down() const { return rows_ * glyphs_.down; }

  void dot(std::size_t x, std::size_t y, bool solid) {
    const std::size_t place = y / glyphs_.down * columns_ + x / glyphs_.across;
    // Unicode counts the dots of a Braille character downwards: 1, 2, 3, 7 on the left and 4, 5, 6, 8 on the right.
    constexpr std::array<std::array<unsigned, 2>, 4> bit = {{{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}};
    (solid ? solid_ : dotted_)[place] |= bit.at(y % glyphs_.down).at(x % glyphs_.across);
  }

  /// The character of a place; empty where no dot is.
  std::string at(std::size_t column, std::size_t row) const {
    const std::size_t place = row * columns_ + column;
    if (solid_[place] == 0 && dotted_[place] == 0) return "";
    if (glyphs_.across == 1) return solid_[place] != 0 ? "*" : ".";
    const unsigned code = 0x2800U + (solid_[place] | dotted_[place]);
    return {static_cast<char>(0xE0U | (code >> 12U)), static_cast<char>(0x80U | ((code >> 6U) & 0x3FU)),
            static_cast<char>(0x80U | (code & 0x3FU))};
  }

 private:
  std::size_t columns_;
  std::size_t rows_;
  const Glyphs& glyphs_;
  std::vector<unsigned> solid_;
  std::vector<unsigned> dotted_;
};

/// From a value to one of `count` places, evenly spread with one at either end.
struct Scale {
  double from;
  double to;
  std::size_t place(double value, std::size_t count) const {
    const double share = to > from ? std::clamp((value - from) / (to - from), 0.0, 1.0) : 0.0;
    return static_cast<std::size_t>(std::lround(share * static_cast<double>(count - 1)));
  }
};

struct Point {
  double x;
  double y;
};

std::vector<Point> points_of(const TextChart::Line& line) {
  TITRANT_EXPECTS(line.x.size() == line.y.size());
  std::vector<Point> points;
  for (std::size_t i = 0; i < line.x.size(); ++i) {
    if (std::isfinite(line.y[i])) points.push_back({line.x[i], line.y[i]});
  }
  return points;
}

void draw_line(Canvas& canvas, const std::vector<Point>& points, const Scale& x, const Scale& y, bool solid) {
  constexpr std::size_t gap = 3;  // a dot of a dotted line in so many columns
  std::size_t last = 0;
  std::size_t next = 0;  // the first point that is not left of the column
  const std::size_t first_column = x.place(points.front().x, canvas.dots_across());
  const std::size_t last_column = x.place(points.back().x, canvas.dots_across());
  for (std::size_t column = first_column; column <= last_column; ++column) {
    const double share =
        static_cast<double>(column) / static_cast<double>(std::max<std::size_t>(1, canvas.dots_across() - 1));
    const double at = x.from + share * (x.to - x.from);
    while (next < points.size() && points[next].x < at) ++next;
    const Point& right = points[std::min(next, points.size() - 1)];
    const Point& left = points[next == 0 ? 0 : next - 1];
    const double part = right.x > left.x ? std::clamp((at - left.x) / (right.x - left.x), 0.0, 1.0) : 1.0;
    const std::size_t row = canvas.dots_down() - 1 - y.place(left.y + part * (right.y - left.y), canvas.dots_down());
    if (solid) {
      const std::size_t from = column == first_column ? row : last;
      for (std::size_t between = std::min(row, from); between <= std::max(row, from); ++between)
        if (between == row || between != from) canvas.dot(column, between, true);
    } else if (column % gap == 0) {
      canvas.dot(column, row, false);
    }
    last = row;
  }
}

/// Round numbers between two, at most `most` of them.
std::vector<double> ticks(double from, double to, std::size_t most) {
  const double rough = (to - from) / static_cast<double>(std::max<std::size_t>(1, most));
  if (!(rough > 0.0)) return {from};
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10.0 * power;
  for (const double nice : {1.0, 2.0, 5.0}) {
    if (nice * power >= rough) {
      step = nice * power;
      break;
    }
  }
  std::vector<double> values;
  for (double n = std::ceil(from / step); n * step <= to + 1e-9 * step; n += 1.0) values.push_back(n * step);
  return values;
}

/// The axis below, its numbers, and its name behind them.
std::string axis_below(const TextChart& chart, const Scale& x, std::size_t columns, const Glyphs& glyphs) {
  constexpr std::size_t room = 8;  // columns for a number
  std::vector<bool> ticked(columns, false);
  std::string numbers(columns + room, ' ');
  for (const double value : ticks(x.from, x.to, columns / room)) {
    const std::size_t column = x.place(value, columns);
    const std::string text = fmt::format("{:g}", value);
    ticked[column] = true;
    const std::size_t begin = column - std::min(column, text.size() / 2);
    numbers.replace(begin, text.size(), text);
  }
  std::string line = std::string(margin, ' ') + glyphs.corner;
  for (const bool tick : ticked) line += tick ? glyphs.floor_tick : glyphs.floor;
  numbers.erase(numbers.find_last_not_of(' ') + 1);
  const std::string indent(margin + 1, ' ');
  return line + "\n" + indent + numbers + "\n" + indent +
         std::string((columns - std::min(columns, chart.x_name.size())) / 2, ' ') + chart.x_name;
}

std::string legend(const TextChart& chart, Characters characters) {
  const bool dots = characters == Characters::unicode;
  std::string text;
  for (std::size_t i = 0; i < chart.lines.size(); ++i) {
    const char* const sample = i == 0 ? (dots ? "⠒⠒⠒" : "***") : (dots ? "⠂⠐⠂" : "...");
    text += fmt::format("{}{} {}", i == 0 ? "" : "   ", sample, chart.lines[i].name);
  }
  if (!chart.marks.empty() && !chart.mark_name.empty())
    text += fmt::format("   {} {}", dots ? unicode.mark : ascii.mark, chart.mark_name);
  return text;
}

}  // namespace

std::string draw(const TextChart& chart, std::size_t width, std::size_t height, Characters characters) {
  constexpr std::size_t least_width = 30;
  TITRANT_EXPECTS(width >= least_width && height >= 2);
  const Glyphs& glyphs = characters == Characters::unicode ? unicode : ascii;
  Scale x{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  std::vector<std::vector<Point>> lines;
  for (const TextChart::Line& line : chart.lines) {
    lines.push_back(points_of(line));
    for (const Point& point : lines.back()) x = {std::min(x.from, point.x), std::max(x.to, point.x)};
  }
  if (x.from > x.to) return "";
  const Scale y{chart.y_from, chart.y_to};
  const std::size_t columns = width - margin - 1;
  Canvas canvas(columns, height, glyphs);
  for (std::size_t i = lines.size(); i-- > 0;)
    if (!lines[i].empty()) draw_line(canvas, lines[i], x, y, i == 0);

  std::vector<const TextChart::Level*> level_of(height, nullptr);
  for (const TextChart::Level& level : chart.levels) level_of[height - 1 - y.place(level.y, height)] = &level;
  std::vector<bool> marked(columns * height, false);
  for (const TextChart::Mark& mark : chart.marks)
    marked[(height - 1 - y.place(mark.y, height)) * columns + x.place(mark.x, columns)] = true;

  std::string text;
  for (std::size_t row = 0; row < height; ++row) {
    const TextChart::Level* level = level_of[row];
    text +=
        fmt::format("{:>6} {}", level == nullptr ? "" : level->name, level == nullptr ? glyphs.axis : glyphs.axis_tick);
    const bool compared = level != nullptr && level->y > chart.y_from && level->y < chart.y_to;
    for (std::size_t column = 0; column < columns; ++column) {
      const std::string dots = canvas.at(column, row);
      if (marked[row * columns + column]) {
        text += glyphs.mark;
      } else if (!dots.empty()) {
        text += dots;
      } else {
        text += compared ? glyphs.level : " ";
      }
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text + axis_below(chart, x, columns, glyphs) + "\n" + std::string(margin + 1, ' ') +
         legend(chart, characters) + "\n";
}

}  // namespace titrant::core
