#include "titrant/pkpd/biomarker_course.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "baseline_factor.hpp"
#include "biomarker_walk.hpp"
#include "kinetics/concentration_gradient.hpp"
#include "kinetics/dose_input.hpp"
#include "precursor_walk.hpp"
#include "titrant/pkpd/concentration.hpp"

namespace titrant::pkpd {

namespace {

void require_ascending(std::span<const double> times, RecordsBefore records_before) {
  TITRANT_EXPECTS(records_before.empty() || records_before.size() == times.size());
  for (std::size_t i = 1; i < records_before.size(); ++i) {
    TITRANT_EXPECTS(times[i - 1] < times[i] || records_before[i - 1] <= records_before[i]);
  }
  TITRANT_EXPECTS(std::is_sorted(times.begin(), times.end()));
  TITRANT_EXPECTS(times.empty() || (std::isfinite(times.front()) && std::isfinite(times.back())));
}

/// Time since the arrival of node `j` of a part of a panel.
double node_time(const Panel& panel, std::size_t part, std::size_t parts, std::size_t j) {
  const double length = panel.length / static_cast<double>(parts);
  return panel.begin + length * (static_cast<double>(part) + panel_rule().node[j]);
}

}  // namespace

struct BiomarkerCourse::Table {
  Timeline line;
  std::vector<NodeValues> concentration;  ///< [panel][node], ng/mL
  std::vector<double> times;              ///< h
  std::vector<double> observed;           ///< C at the times, ng/mL

  double at(std::size_t panel, std::size_t part, std::size_t parts, std::size_t node) const {
    if (parts == 1) return concentration[panel][node];
    const TimelinePanel& place = line.panels[panel];
    return line.curves[place.curve].at(node_time(place.since, part, parts, node));
  }
};

BiomarkerCourse::BiomarkerCourse(const VaryingIndividual& individual, std::span<const Dose> doses,
                                 std::span<const double> times, RecordsBefore records_before) {
  require_ascending(times, records_before);
  auto table = std::make_unique<Table>();
  table->times.assign(times.begin(), times.end());
  table->line = timeline(individual, doses, times, records_before);
  table->observed = pkpd::concentration(individual, doses, times, records_before);
  for (const TimelinePanel& panel : table->line.panels) {
    NodeValues& values = table->concentration.emplace_back();
    for (std::size_t j = 0; j < panel_nodes; ++j) {
      values[j] = table->line.curves[panel.curve].at(node_time(panel.since, 0, 1, j));
    }
  }
  table_ = std::move(table);
}

BiomarkerCourse::BiomarkerCourse(const Individual& individual, std::span<const Dose> doses,
                                 std::span<const double> times, RecordsBefore records_before)
    : BiomarkerCourse(VaryingIndividual{individual, {}}, doses, times, records_before) {}

BiomarkerCourse::~BiomarkerCourse() = default;
BiomarkerCourse::BiomarkerCourse(BiomarkerCourse&& other) noexcept = default;
BiomarkerCourse& BiomarkerCourse::operator=(BiomarkerCourse&& other) noexcept = default;

std::size_t BiomarkerCourse::size() const { return table_->observed.size(); }

std::span<const double> BiomarkerCourse::concentrations() const { return table_->observed; }

void BiomarkerCourse::predict(const Biomarker& biomarker, std::span<double> value) const {
  require_usable(biomarker);
  TITRANT_EXPECTS(value.size() == size());
  if (family(biomarker.structure) == BiomarkerFamily::direct) {
    for (std::size_t i = 0; i < value.size(); ++i) value[i] = direct_response(biomarker, table_->observed[i]);
  } else {
    const auto nodes = [&](std::size_t panel, std::size_t part, std::size_t parts, NodeValues& factor) {
      for (std::size_t j = 0; j < panel_nodes; ++j) {
        factor[j] = node_factor(biomarker, table_->at(panel, part, parts, j));
      }
    };
    if (family(biomarker.structure) == BiomarkerFamily::precursor) {
      walk_precursor<0>(biomarker, table_->line, nodes,
                        [&](std::size_t i, const PrecursorState<0>& now) { value[i] = biomarker.baseline * now.r; });
    } else {
      walk<0>(biomarker, table_->line, nodes, [&](std::size_t i, const Walked<0>& now) {
        value[i] = equation_response(biomarker, now.y, table_->observed[i]);
      });
    }
  }
  for (std::size_t i = 0; i < value.size(); ++i) follow_baseline(biomarker, table_->times[i], value[i]);
}

void BiomarkerCourse::predict(const Biomarker& biomarker, std::span<double> value, std::span<double> gradient) const {
  require_usable(biomarker);
  TITRANT_EXPECTS(value.size() == size() && gradient.size() == size() * biomarker_parameter_count);
  constexpr std::size_t slopes = 1 + drug_slopes;
  const auto finish = [&](std::size_t i, const Walked<slopes>& now) {
    const auto row = gradient.subspan(i * biomarker_parameter_count, biomarker_parameter_count);
    value[i] = response_and_gradient<slopes>(biomarker, now, {.value = table_->observed[i]}, row);
    follow_baseline(biomarker, table_->times[i], value[i], row);
  };
  if (family(biomarker.structure) == BiomarkerFamily::direct) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      Walked<slopes> now;
      now.y = table_->observed[i];
      finish(i, now);
    }
    return;
  }
  const auto nodes = [&](std::size_t panel, std::size_t part, std::size_t parts, NodeValues& factor,
                         std::array<std::array<double, drug_slopes>, panel_nodes>& slope) {
    for (std::size_t j = 0; j < panel_nodes; ++j) {
      double by_concentration = 0.0;
      factor[j] = node_factor(biomarker, table_->at(panel, part, parts, j), slope[j], by_concentration);
    }
  };
  if (family(biomarker.structure) == BiomarkerFamily::precursor) {
    constexpr std::size_t all = precursor_rates + drug_slopes;
    walk_precursor<all>(biomarker, table_->line, nodes, [&](std::size_t i, const PrecursorState<all>& now) {
      const auto row = gradient.subspan(i * biomarker_parameter_count, biomarker_parameter_count);
      value[i] = precursor_response<all>(biomarker, now, row);
      follow_baseline(biomarker, table_->times[i], value[i], row);
    });
    return;
  }
  walk<slopes>(biomarker, table_->line, nodes, finish);
}

namespace {

/// C and its derivatives by some PK parameters of each segment: [time][segment][parameter of `by`].
void concentration_by_segments(const VaryingIndividual& individual, std::span<const Dose> doses,
                               std::span<const double> times, std::span<double> value, std::span<double> gradient,
                               std::span<const PkParameter> by, RecordsBefore records_before = {}) {
  if (individual.changes.empty()) {
    concentration_and_gradient_by(individual.first, doses, times, value, gradient, by, records_before);
    return;
  }
  const std::size_t rows = times.size() * individual.segments();
  std::vector<double> whole(rows * pk_parameter_count);
  concentration_and_gradient(individual, doses, times, value, whole, records_before, by);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t t = 0; t < by.size(); ++t) {
      gradient[row * by.size() + t] = whole[row * pk_parameter_count + static_cast<std::size_t>(by[t])];
    }
  }
}

/// C and its derivatives by some PK parameters of each segment at all nodes of a timeline, [panel][part][node].
class NodeTable {
 public:
  NodeTable(const Biomarker& biomarker, const VaryingIndividual& individual, std::span<const Dose> doses,
            const Timeline& line, std::span<const PkParameter> by)
      : by_(by), columns_(by.size() * individual.segments()) {
    std::vector<double> times;
    for (const TimelinePanel& panel : line.panels) {
      first_.push_back(times.size() / panel_nodes);
      const std::size_t parts = parts_of(biomarker, panel.since.length);
      for (std::size_t part = 0; part < parts; ++part) {
        for (std::size_t j = 0; j < panel_nodes; ++j) {
          times.push_back(panel.begin - panel.since.begin + node_time(panel.since, part, parts, j));
        }
      }
    }
    value_.resize(times.size());
    gradient_.resize(times.size() * columns_);
    concentration_by_segments(individual, doses, times, value_, gradient_, by);
    for (const Stretch& stretch : line.stretches) {
      if (stretch.start == Stretch::Start::periodic) replace_cycle(individual, line, stretch, times);
    }
  }

  double value(std::size_t panel, std::size_t part, std::size_t node) const {
    return value_[(first_[panel] + part) * panel_nodes + node];
  }
  const double* gradient(std::size_t panel, std::size_t part, std::size_t node) const {
    return &gradient_[((first_[panel] + part) * panel_nodes + node) * columns_];
  }

 private:
  /// The clock of a cycle begins with an arrival at steady state: that of a steady-state record at time -lag.
  void replace_cycle(const VaryingIndividual& whole, const Timeline& line, const Stretch& stretch,
                     const std::vector<double>& times) {
    const Individual& individual = whole.segment(stretch.segment);
    const std::size_t begin = first_[stretch.cycle_first] * panel_nodes;
    const std::size_t end =
        stretch.approach_last < line.panels.size() ? first_[stretch.approach_last] * panel_nodes : times.size();
    const bool constant = stretch.steady.constant();
    const SteadyDosing repeated = constant ? steady_dosing(regimen_of(individual, stretch.steady)) : stretch.steady;
    const Dose record{.time = repeated.into == DoseInto::depot ? -individual.lag : -individual.central_lag,
                      .amount = repeated.amount,
                      .interval = repeated.interval,
                      .steady_state = true,
                      .rate = repeated.rate,
                      .into = repeated.into,
                      .infusion = repeated.infusion};
    const std::span<const Dose> steady(&record, 1);
    const std::span<const double> own(times.data() + begin, end - begin);
    std::vector<double> of_segment(own.size() * by_.size());
    concentration_and_gradient_by(individual, steady, own, std::span(value_).subspan(begin, end - begin), of_segment,
                                  by_);
    for (std::size_t p = 0; constant && p < by_.size(); ++p) {
      // Its rate is given: the amount of the doses in its place was made for it.
      if (by_[p] != PkParameter::bioavailability) continue;
      for (std::size_t i = p; i < of_segment.size(); i += by_.size()) of_segment[i] = 0.0;
    }
    for (std::size_t i = 0; i < own.size(); ++i) {
      const auto row = std::span(gradient_).subspan((begin + i) * columns_, columns_);
      std::fill(row.begin(), row.end(), 0.0);
      std::copy_n(of_segment.begin() + static_cast<std::ptrdiff_t>(i * by_.size()), by_.size(),
                  row.begin() + static_cast<std::ptrdiff_t>(stretch.segment * by_.size()));
    }
  }

  std::span<const PkParameter> by_;
  std::size_t columns_;  ///< [segment][parameter]
  std::vector<std::size_t> first_;
  std::vector<double> value_;
  std::vector<double> gradient_;
};

/// What biomarker_and_gradient knows of the exposure: C at the times where R depends on it, and over the timeline.
class ExposureTable {
 public:
  ExposureTable(const Biomarker& biomarker, const VaryingIndividual& individual, std::span<const Dose> doses,
                std::span<const double> times, RecordsBefore records_before, std::span<const PkParameter> by)
      : columns_(by.size() * individual.segments()) {
    for (std::size_t s = 0; s < individual.segments(); ++s) {
      for (const PkParameter which : by) places_.push_back(s * pk_parameter_count + static_cast<std::size_t>(which));
    }
    const bool direct = family(biomarker.structure) == BiomarkerFamily::direct;
    if (direct || family(biomarker.structure) == BiomarkerFamily::tolerance) {
      observed_.resize(times.size());
      by_pk_.resize(times.size() * columns_);
      concentration_by_segments(individual, doses, times, observed_, by_pk_, by, records_before);
    }
    if (direct) return;
    line_ = timeline(individual, doses, times, records_before);
    table_.emplace(biomarker, individual, doses, line_, by);
  }

  std::size_t columns() const { return columns_; }
  /// Of a column among the derivatives by PK parameters: [segment][pk_parameter_count].
  std::size_t place(std::size_t column) const { return places_[column]; }
  const Timeline& line() const { return line_; }
  const NodeTable& nodes() const { return *table_; }

  /// C at a time with its derivatives by `count` columns from `first` on; 0 where R does not depend on it.
  ObservedConcentration observed(std::size_t i, std::size_t first, std::size_t count) const {
    if (observed_.empty()) return {};
    return {.value = observed_[i], .by_pk = std::span<const double>(by_pk_).subspan(i * columns_ + first, count)};
  }

 private:
  std::size_t columns_;
  std::vector<std::size_t> places_;
  std::vector<double> observed_;
  std::vector<double> by_pk_;
  Timeline line_;
  std::optional<NodeTable> table_;
};

/// biomarker_and_gradient by `count` columns of the table from `first` on, `Count` at most.
template <std::size_t Count>
void respond(const Biomarker& biomarker, const ExposureTable& exposure, std::size_t first, std::size_t count,
             std::span<const double> times, std::span<double> value, std::span<double> gradient) {
  constexpr std::size_t slopes = 1 + drug_slopes + Count;
  TITRANT_EXPECTS(count <= Count);
  const std::size_t width = times.empty() ? 0 : gradient.size() / times.size();
  std::array<double, biomarker_parameter_count + Count> row{};
  const auto spread = [&](std::size_t i) {
    follow_baseline(biomarker, times[i], value[i], row);
    const auto all = gradient.subspan(i * width, width);
    std::copy_n(row.begin(), biomarker_parameter_count, all.begin());
    for (std::size_t t = 0; t < count; ++t) {
      all[biomarker_parameter_count + exposure.place(first + t)] = row[biomarker_parameter_count + t];
    }
  };
  const auto finish = [&](std::size_t i, const Walked<slopes>& now) {
    value[i] = response_and_gradient<slopes>(biomarker, now, exposure.observed(i, first, count), row);
    spread(i);
  };
  if (family(biomarker.structure) == BiomarkerFamily::direct) {
    for (std::size_t i = 0; i < times.size(); ++i) {
      const ObservedConcentration c = exposure.observed(i, first, count);
      Walked<slopes> now;
      now.y = c.value;
      std::copy(c.by_pk.begin(), c.by_pk.end(), now.slope.begin() + 1 + drug_slopes);
      finish(i, now);
    }
    return;
  }
  const NodeTable& table = exposure.nodes();
  const auto nodes = [&](std::size_t panel, std::size_t part, std::size_t /*parts*/, NodeValues& factor,
                         std::array<std::array<double, slopes - 1>, panel_nodes>& slope) {
    for (std::size_t j = 0; j < panel_nodes; ++j) {
      double by_concentration = 0.0;
      factor[j] = node_factor(biomarker, table.value(panel, part, j), slope[j], by_concentration);
      const double* of_node = table.gradient(panel, part, j) + first;
      for (std::size_t t = 0; t < Count; ++t) {
        slope[j][drug_slopes + t] = t < count ? by_concentration * of_node[t] : 0.0;
      }
    }
  };
  if (family(biomarker.structure) == BiomarkerFamily::precursor) {
    constexpr std::size_t both = precursor_rates + drug_slopes + Count;
    walk_precursor<both>(biomarker, exposure.line(), nodes, [&](std::size_t i, const PrecursorState<both>& now) {
      value[i] = precursor_response<both>(biomarker, now, row);
      spread(i);
    });
    return;
  }
  walk<slopes>(biomarker, exposure.line(), nodes, finish);
}

}  // namespace

void biomarker_and_gradient(const Biomarker& biomarker, const VaryingIndividual& individual,
                            std::span<const Dose> doses, std::span<const double> times, std::span<double> value,
                            std::span<double> gradient, RecordsBefore records_before, std::span<const PkParameter> by) {
  require_usable(biomarker);
  require_ascending(times, records_before);
  TITRANT_EXPECTS(value.size() == times.size());
  TITRANT_EXPECTS(gradient.size() ==
                  times.size() * (biomarker_parameter_count + individual.segments() * pk_parameter_count));
  std::fill(gradient.begin(), gradient.end(), 0.0);
  const ExposureTable exposure(biomarker, individual, doses, times, records_before, by);
  std::size_t first = 0;
  do {  // once without any column, too
    const std::size_t count = std::min(exposure.columns() - first, pk_parameter_count);
    const auto respond_by = [&]<std::size_t Count>() {
      respond<Count>(biomarker, exposure, first, count, times, value, gradient);
    };
    if (count <= 4) {
      respond_by.template operator()<4>();
    } else if (count <= 6) {
      respond_by.template operator()<6>();
    } else if (count <= 8) {
      respond_by.template operator()<8>();
    } else {
      respond_by.template operator()<pk_parameter_count>();
    }
    first += count;
  } while (first < exposure.columns());
}

void biomarker_and_gradient(const Biomarker& biomarker, const Individual& individual, std::span<const Dose> doses,
                            std::span<const double> times, std::span<double> value, std::span<double> gradient,
                            RecordsBefore records_before, std::span<const PkParameter> by) {
  biomarker_and_gradient(biomarker, VaryingIndividual{individual, {}}, doses, times, value, gradient, records_before,
                         by);
}

}  // namespace titrant::pkpd
