#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace titrant::core {

/// What a chart may be drawn with: plain ASCII, or Unicode with its Braille dots, eight to a character.
enum class Characters { ascii, unicode };

/// A drawing of lines over one axis, for a terminal.
struct TextChart {
  struct Line {
    std::string name;
    std::vector<double> x;  ///< ascending
    std::vector<double> y;  ///< NaN: no point; its neighbours are joined
  };
  /// A height to compare the lines with.
  struct Level {
    double y = 0.0;
    std::string name;  ///< shown on the left, up to six columns wide
  };
  struct Mark {
    double x = 0.0;
    double y = 0.0;
  };

  std::string x_name;
  double y_from = 0.0;
  double y_to = 1.0;
  std::vector<Line> lines;    ///< the first is drawn solid and over the others, which are dotted
  std::vector<Level> levels;  ///< those at y_from and y_to only name the ends of the axis
  std::vector<Mark> marks;    ///< points, drawn over all lines
  std::string mark_name;      ///< what they are, for the legend
};

/// A chart of `height` rows between its axes and at most `width` columns (at least 30), with an axis below and a
/// legend; every row ends with a new line. What lies outside y_from .. y_to is drawn at the edge. Empty where no line
/// has a point.
///
///     draw({"dose, mg", 0.0, 1.0, {{"qcnn", doses, rates}}, {{0.9, "90 %"}}, {}}, 80, 12, Characters::ascii);
std::string draw(const TextChart& chart, std::size_t width, std::size_t height, Characters characters);

}  // namespace titrant::core
