#include "titrant/store/compare.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <map>
#include <string_view>

namespace titrant::store {

namespace {

constexpr std::size_t most_findings = 20;
constexpr std::size_t most_values = std::size_t{1} << 20U;  // at once

bool is_provenance(const std::string& path) { return path == "/provenance" || path.starts_with("/provenance/"); }

/// No two runs take the same time.
bool is_time(const std::string& path) {
  return path.starts_with("/provenance/seconds") || path == "/provenance/started" || path == "/provenance/finished";
}

/// "[3, 17]": the place of a value in a dataset of this shape.
std::string index_text(std::size_t place, const std::vector<std::size_t>& shape) {
  std::vector<std::size_t> index(shape.size());
  for (std::size_t axis = shape.size(); axis-- > 0; place /= shape[axis]) index[axis] = place % shape[axis];
  return shape.empty() ? "" : fmt::format("[{}]", fmt::join(index, ", "));
}

std::string_view content(const Reader& store, const std::string& path) {
  return store.holds_text(path) ? "text" : store.holds_integers(path) ? "integers" : "numbers";
}

std::string shown(double value) { return fmt::format("{:.17g}", value); }
std::string shown(std::int64_t value) { return fmt::format("{}", value); }

class Comparing {
 public:
  Comparing(const Reader& first, const Reader& second, double tolerance)
      : first_(first), second_(second), tolerance_(tolerance) {}

  Comparison run() {
    std::map<std::string, std::pair<const Entry*, const Entry*>> paths;
    const std::vector<Entry> of_first = first_.entries();
    const std::vector<Entry> of_second = second_.entries();
    for (const Entry& entry : of_first) paths[entry.path].first = &entry;
    for (const Entry& entry : of_second) paths[entry.path].second = &entry;
    for (const auto& [path, entries] : paths) {
      if (entries.first == nullptr) found(path, "only in the second");
      if (entries.second == nullptr) found(path, "only in the first");
      if (entries.first != nullptr && entries.second != nullptr) dataset(*entries.first, *entries.second);
    }
    attributes();
    return std::move(result_);
  }

 private:
  void found(const std::string& path, const std::string& what) {
    const std::string line = path + ": " + what;
    if (is_provenance(path)) {
      if (!is_time(path)) result_.provenance.push_back(line);
      return;
    }
    ++result_.different;
    if (result_.findings.size() < most_findings) result_.findings.push_back(line);
  }

  void dataset(const Entry& first, const Entry& second) {
    const std::string& path = first.path;
    if (!is_provenance(path)) ++result_.datasets;
    if (first.shape != second.shape) {
      return found(path,
                   fmt::format("shape [{}] and [{}]", fmt::join(first.shape, ", "), fmt::join(second.shape, ", ")));
    }
    const std::string_view held = content(first_, path);
    if (held != content(second_, path)) {
      return found(path, fmt::format("{} in one, {} in the other", held, content(second_, path)));
    }
    if (held == "text") return texts(path, first.shape);
    const bool integers = held == "integers";
    if (first.shape.empty()) {
      return integers ? values(path, first.shape, 0, first_.integers(path), second_.integers(path))
                      : values(path, first.shape, 0, first_.numbers(path), second_.numbers(path));
    }
    std::size_t row = 1;
    for (std::size_t axis = 1; axis < first.shape.size(); ++axis) row *= first.shape[axis];
    const std::size_t rows = std::max<std::size_t>(most_values / std::max<std::size_t>(row, 1), 1);
    for (std::size_t begin = 0; begin < first.shape[0]; begin += rows) {
      const std::size_t count = std::min(rows, first.shape[0] - begin);
      const std::size_t offset = begin * row;
      integers
          ? values(path, first.shape, offset, first_.integers(path, begin, count), second_.integers(path, begin, count))
          : values(path, first.shape, offset, first_.numbers(path, begin, count), second_.numbers(path, begin, count));
    }
  }

  void texts(const std::string& path, const std::vector<std::size_t>& shape) {
    const std::vector<std::string> a = first_.strings(path);
    const std::vector<std::string> b = second_.strings(path);
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (a[i] == b[i]) continue;
      const bool lines = (a[i] + b[i]).find('\n') != std::string::npos;
      found(path + index_text(i, shape), lines ? "texts differ" : fmt::format("'{}' and '{}'", a[i], b[i]));
    }
  }

  template <class Value>
  void values(const std::string& path, const std::vector<std::size_t>& shape, std::size_t offset,
              const std::vector<Value>& a, const std::vector<Value>& b) {
    const bool counts = !is_provenance(path);
    if (counts) result_.values += a.size();
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (std::bit_cast<std::uint64_t>(a[i]) == std::bit_cast<std::uint64_t>(b[i])) continue;
      const auto x = static_cast<long double>(a[i]);  // 64 bits of mantissa: integers differ there too
      const auto y = static_cast<long double>(b[i]);
      if (std::isnan(x) && std::isnan(y)) continue;
      const auto relative = static_cast<double>(x == y ? 0.0L : std::abs(x - y) / std::max(std::abs(x), std::abs(y)));
      const bool finite = std::isfinite(relative);
      if (counts && finite && relative >= result_.greatest) {
        result_.greatest = relative;
        result_.greatest_where = path + index_text(offset + i, shape);
      }
      if (finite && relative <= tolerance_) {
        if (counts) ++result_.inexact;
      } else {
        found(path + index_text(offset + i, shape), fmt::format("{} and {}", shown(a[i]), shown(b[i])));
      }
    }
  }

  void attributes() {
    std::map<std::string, std::pair<const Attribute*, const Attribute*>> all;
    const std::vector<Attribute> of_first = first_.attributes();
    const std::vector<Attribute> of_second = second_.attributes();
    for (const Attribute& one : of_first) all[one.object + "@" + one.name].first = &one;
    for (const Attribute& one : of_second) all[one.object + "@" + one.name].second = &one;
    for (const auto& [place, both] : all) {
      const auto& [a, b] = both;
      const std::string& object = a != nullptr ? a->object : b->object;
      const std::string name = fmt::format("attribute {} ", a != nullptr ? a->name : b->name);
      if (a == nullptr || b == nullptr) {
        // With its object, where that is in one store alone: said already.
        if ((a == nullptr ? first_ : second_).contains(object))
          found(object, name + (a == nullptr ? "only in the second" : "only in the first"));
      } else if (a->value != b->value) {
        found(object, name + fmt::format("'{}' and '{}'", a->value, b->value));
      }
    }
  }

  const Reader& first_;
  const Reader& second_;
  double tolerance_;
  Comparison result_;
};

}  // namespace

Comparison compare(const Reader& first, const Reader& second, double tolerance) {
  return Comparing(first, second, tolerance).run();
}

}  // namespace titrant::store
