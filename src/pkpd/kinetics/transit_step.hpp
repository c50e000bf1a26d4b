#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "dual.hpp"

/// \file
/// Amounts in a chain of equal stages, the depot that follows them, and a mode of the disposition, after a time.

namespace titrant::pkpd {

/// What becomes, within a time, of a unit amount in a compartment of
///
///     stage --k--> stage --k--> ... --k--> depot --ka--> mode --rate-->
///
/// by the number r of passages from it to the depot (0: in the depot itself). These are divided differences of the
/// exponential function at k (r times), ka and the rate, times the rates of the passages. T is double, or a Dual.
///
/// Over a short time they are sums of positive terms (Taylor's series after a shift by the largest rate), over twice
/// that time sums of products of them: nothing cancels, whichever rates coincide, and what has a closed form is set
/// anew at every doubling (McCurdy, Ng and Parlett, Math Comp 43:501, 1984, for tables of divided differences; Xue and
/// Ye, Numer Math 124:281, 2013, for scaling and squaring without cancellation).
template <class T>
class TransitStep {
 public:
  /// \param stages       >= 1
  /// \param k, ka, rate  1/h, > 0
  /// \param length       h, >= 0
  TransitStep(std::size_t stages, const T& k, const T& ka, const T& rate, double length)
      : passed(stages, T{}),
        in_depot(stages + 1, T{}),
        in_mode(stages + 1, T{}),
        mode_area(stages + 1, T{}),
        k_(k),
        ka_(ka),
        rate_(rate) {
    const double fastest = std::max({value_of(k), value_of(ka), value_of(rate)});
    int doublings = 0;
    double part = length;
    while (fastest * part > 1.0) {
      part *= 0.5;
      ++doublings;
    }
    by_series(fastest, part);
    set_closed_forms(part);
    for (int i = 0; i < doublings; ++i) {
      double_length();
      part *= 2.0;
      set_closed_forms(part);
    }
  }

  std::vector<T> passed;     ///< [j]: in the stage j passages on
  std::vector<T> in_depot;   ///< [r]
  std::vector<T> in_mode;    ///< [r]
  std::vector<T> mode_area;  ///< [r]: area under the amount in the mode, h

 private:
  void set_closed_forms(double length) {
    passed[0] = kept(k_, length);
    for (std::size_t j = 1; j < passed.size(); ++j) {
      passed[j] = (length / static_cast<double>(j)) * (passed[j - 1] * k_);
    }
    in_depot[0] = kept(ka_, length);
    mode_kept_ = kept(rate_, length);
    mode_kept_area_ = filled(rate_, length);
    in_mode[0] = ka_ * convolution(ka_, rate_, length);
    mode_area[0] = ka_ * convolution_area(ka_, rate_, length);
  }

  /// exp(-shift length) times the series of the matrix plus the shift.
  void by_series(double shift, double length) {
    const std::size_t terms = in_depot.size() + 22;  // the argument is 1 at most; the first ones of a long way are 0
    const std::size_t last = in_depot.size() - 1;
    std::vector<T> depot(last + 1, T{});
    std::vector<T> mode(last + 1, T{});
    std::vector<T> area(last + 1, T{});
    depot[0] = T(std::exp(-shift * length));
    T from_mode = depot[0];
    T area_of_mode{};
    T behind = depot[0];  // the area stays where it is
    const T stage_stays = length * (T(shift) - k_);
    const T depot_stays = length * (T(shift) - ka_);
    const T mode_stays = length * (T(shift) - rate_);
    const T passes = length * k_;
    const T absorbed = length * ka_;
    for (std::size_t n = 1; n <= terms; ++n) {
      const double factor = 1.0 / static_cast<double>(n);
      // From the first compartment on: each finds the last term of the one behind it.
      for (std::size_t r = last; r >= 1; --r) {
        for (std::vector<T>* one : {&depot, &mode, &area}) {
          (*one)[r] = factor * (stage_stays * (*one)[r] + passes * (*one)[r - 1]);
        }
      }
      area[0] = factor * (depot_stays * area[0] + absorbed * area_of_mode);
      mode[0] = factor * (depot_stays * mode[0] + absorbed * from_mode);
      depot[0] = factor * (depot_stays * depot[0]);
      area_of_mode = factor * (mode_stays * area_of_mode + length * behind);
      from_mode = factor * (mode_stays * from_mode);
      behind = (factor * shift * length) * behind;
      for (std::size_t r = 1; r <= last; ++r) {
        in_depot[r] = in_depot[r] + depot[r];
        in_mode[r] = in_mode[r] + mode[r];
        mode_area[r] = mode_area[r] + area[r];
      }
    }
  }

  void double_length() {
    const std::vector<T> depot = in_depot;
    const std::vector<T> mode = in_mode;
    const std::vector<T> area = mode_area;
    for (std::size_t r = 1; r < depot.size(); ++r) {
      in_depot[r] = depot[r] * depot[0];
      in_mode[r] = depot[r] * mode[0] + mode[r] * mode_kept_;
      mode_area[r] = area[r] + depot[r] * area[0] + mode[r] * mode_kept_area_;
      for (std::size_t j = 0; j < r; ++j) {
        in_depot[r] = in_depot[r] + passed[j] * depot[r - j];
        in_mode[r] = in_mode[r] + passed[j] * mode[r - j];
        mode_area[r] = mode_area[r] + passed[j] * area[r - j];
      }
    }
  }

  T k_;
  T ka_;
  T rate_;
  T mode_kept_{};
  T mode_kept_area_{};
};

}  // namespace titrant::pkpd
