#pragma once

#include "kernels.hpp"

/// \file
/// The kernels for any kind of lanes. Included once for each instruction set, between the pragmas that choose it: so
/// everything here is a template of the lanes, which have internal linkage, and calls nothing else.
///
/// Lanes provide: width, groups (how many groups of amplitudes are worked on at once, to use a loaded matrix element
/// more than once), Vector, load, store, all (a number in every lane), column(from, k) (from[lane][k]), columns(from,
/// k, to) (those of k, ..., k + width - 1), zero, add, multiply, fused(a, b, c) = a b + c and fused_minus(a, b, c) = c
/// - a b, both rounded once.

namespace titrant::quantum {

template <class Lanes>
struct Amplitude {
  typename Lanes::Vector re;
  typename Lanes::Vector im;

  static Amplitude load(const double* state, std::size_t address) {
    const double* place = state + 2 * Lanes::width * address;
    return {Lanes::load(place), Lanes::load(place + Lanes::width)};
  }
  void store(double* state, std::size_t address) const {
    double* place = state + 2 * Lanes::width * address;
    Lanes::store(place, re);
    Lanes::store(place + Lanes::width, im);
  }
};

enum class Mode { complex, real, staying_real, by_lane, add, add_by_lane };

/// One element of a matrix in all lanes.
template <class Lanes, bool by_lane>
typename Lanes::Vector element(const double* matrix, std::size_t place) {
  if constexpr (by_lane) return Lanes::load(matrix + place * Lanes::width);
  return Lanes::all(matrix[place]);
}

template <class Lanes, std::size_t dimension, Mode mode, std::size_t count>
void apply_groups(const std::uint32_t* groups, const std::uint32_t* offset, const double* matrix, const double* in,
                  double* out) {
  constexpr bool by_lane = mode == Mode::by_lane || mode == Mode::add_by_lane;
  constexpr bool adds = mode == Mode::add || mode == Mode::add_by_lane;
  constexpr bool real_in = mode == Mode::real || mode == Mode::staying_real;
  constexpr bool real_out = mode == Mode::staying_real;
  Amplitude<Lanes> x[count][dimension];
  for (std::size_t g = 0; g < count; ++g) {
    for (std::size_t c = 0; c < dimension; ++c) {
      const std::size_t address = groups[g] ^ offset[c];
      if constexpr (real_in) {
        x[g][c].re = Lanes::load(in + 2 * Lanes::width * address);
      } else {
        x[g][c] = Amplitude<Lanes>::load(in, address);
      }
    }
  }
  for (std::size_t r = 0; r < dimension; ++r) {
    Amplitude<Lanes> sum[count];
    for (std::size_t c = 0; c < dimension; ++c) {
      const auto re = element<Lanes, by_lane>(matrix, 2 * (r * dimension + c));
      const auto im = element<Lanes, by_lane>(matrix, 2 * (r * dimension + c) + 1);
      for (std::size_t g = 0; g < count; ++g) {
        if (c == 0) {
          sum[g].re = Lanes::multiply(re, x[g][c].re);
          if constexpr (!real_out) sum[g].im = Lanes::multiply(im, x[g][c].re);
        } else {
          sum[g].re = Lanes::fused(re, x[g][c].re, sum[g].re);
          if constexpr (!real_out) sum[g].im = Lanes::fused(im, x[g][c].re, sum[g].im);
        }
        if constexpr (!real_in) {
          sum[g].re = Lanes::fused_minus(im, x[g][c].im, sum[g].re);
          sum[g].im = Lanes::fused(re, x[g][c].im, sum[g].im);
        }
      }
    }
    for (std::size_t g = 0; g < count; ++g) {
      const std::size_t address = groups[g] ^ offset[r];
      if constexpr (adds) {
        const auto before = Amplitude<Lanes>::load(out, address);
        sum[g].re = Lanes::add(before.re, sum[g].re);
        sum[g].im = Lanes::add(before.im, sum[g].im);
      }
      if constexpr (real_out) {
        Lanes::store(out + 2 * Lanes::width * address, sum[g].re);
      } else {
        sum[g].store(out, address);
      }
    }
  }
}

template <class Lanes, std::size_t dimension, Mode mode>
void apply(const Addresses& addresses, const double* matrix, const double* in, double* out) {
  const std::uint32_t* groups = addresses.groups.data();
  const std::size_t count = addresses.groups.size();
  std::size_t g = 0;
  for (; g + Lanes::groups <= count; g += Lanes::groups)
    apply_groups<Lanes, dimension, mode, Lanes::groups>(groups + g, addresses.offset.data(), matrix, in, out);
  for (; g < count; ++g) apply_groups<Lanes, dimension, mode, 1>(groups + g, addresses.offset.data(), matrix, in, out);
}

template <class Lanes, std::size_t dimension>
void correlate(const Addresses& addresses, const double* psi, const double* lambda, double* response) {
  constexpr std::size_t count = dimension * dimension;
  typename Lanes::Vector sum[count];
  for (std::size_t k = 0; k < count; ++k) sum[k] = Lanes::load(response + k * Lanes::width);
  for (const std::uint32_t group : addresses.groups) {
    Amplitude<Lanes> x[dimension];
    Amplitude<Lanes> l[dimension];
    for (std::size_t i = 0; i < dimension; ++i) {
      x[i] = Amplitude<Lanes>::load(psi, group ^ addresses.offset[i]);
      l[i] = Amplitude<Lanes>::load(lambda, group ^ addresses.offset[i]);
    }
    std::size_t k = 0;
    for (std::size_t i = 0; i < dimension; ++i, ++k) {
      sum[k] = Lanes::fused(l[i].re, x[i].im, sum[k]);
      sum[k] = Lanes::fused_minus(l[i].im, x[i].re, sum[k]);
    }
    for (std::size_t i = 0; i < dimension; ++i) {
      for (std::size_t j = i + 1; j < dimension; ++j, k += 2) {
        sum[k] = Lanes::fused(l[i].re, x[j].im, sum[k]);
        sum[k] = Lanes::fused_minus(l[i].im, x[j].re, sum[k]);
        sum[k] = Lanes::fused(l[j].re, x[i].im, sum[k]);
        sum[k] = Lanes::fused_minus(l[j].im, x[i].re, sum[k]);
        sum[k + 1] = Lanes::fused(l[i].re, x[j].re, sum[k + 1]);
        sum[k + 1] = Lanes::fused(l[i].im, x[j].im, sum[k + 1]);
        sum[k + 1] = Lanes::fused_minus(l[j].re, x[i].re, sum[k + 1]);
        sum[k + 1] = Lanes::fused_minus(l[j].im, x[i].im, sum[k + 1]);
      }
    }
  }
  for (std::size_t k = 0; k < count; ++k) Lanes::store(response + k * Lanes::width, sum[k]);
}

/// Some of the moments of rows i and dimension - 1 - i, which together have dimension - 1 pairs: `count` pairs from
/// `first` on, and with the first of all the rows' |psi|^2. So few sums are registers, and enough to keep the
/// multipliers busy. Loops are unrolled for that.
template <class Lanes, std::size_t dimension, std::size_t i, std::size_t first, std::size_t count>
struct MomentTile {
  using Vector = typename Lanes::Vector;
  static constexpr std::size_t opposite = dimension - 1 - i;

  static constexpr std::size_t row(std::size_t pair) { return pair < opposite ? i : opposite; }
  static constexpr std::size_t column(std::size_t pair) {
    return pair < opposite ? i + 1 + pair : opposite + 1 + (pair - opposite);
  }
  /// Where the moments of a pair stand: behind the squares and the pairs before.
  static constexpr std::size_t place(std::size_t pair) {
    const std::size_t r = row(pair);
    const std::size_t before = r * (2 * dimension - r - 1) / 2;
    return dimension + 2 * (before + column(pair) - r - 1);
  }

  template <bool squares>
  static void run(const Addresses& addresses, const double* psi, std::size_t stride, double* moments) {
    Vector c[count];
    Vector d[count];
    Vector square[2] = {Lanes::zero(), Lanes::zero()};
#pragma GCC unroll 8
    for (std::size_t k = 0; k < count; ++k) c[k] = d[k] = Lanes::zero();
    for (const std::uint32_t group : addresses.groups) {
#pragma GCC unroll 8
      for (std::size_t k = 0; k < count; ++k) {
        const auto x = Amplitude<Lanes>::load(psi, group ^ addresses.offset[row(first + k)]);
        const auto y = Amplitude<Lanes>::load(psi, group ^ addresses.offset[column(first + k)]);
        c[k] = Lanes::fused(x.re, y.re, c[k]);
        d[k] = Lanes::fused(x.re, y.im, d[k]);
        c[k] = Lanes::fused(x.im, y.im, c[k]);
        d[k] = Lanes::fused_minus(x.im, y.re, d[k]);
      }
      if constexpr (first == 0) {
#pragma GCC unroll 2
        for (std::size_t k = 0; k < 2; ++k) {
          const auto x = Amplitude<Lanes>::load(psi, group ^ addresses.offset[k == 0 ? i : opposite]);
          square[k] = Lanes::fused(x.im, x.im, Lanes::fused(x.re, x.re, square[k]));
        }
      }
    }
#pragma GCC unroll 8
    for (std::size_t k = 0; k < count; ++k) {
      if constexpr (squares) {
        c[k] = Lanes::add(c[k], c[k]);
        d[k] = Lanes::add(d[k], d[k]);
      }
      Lanes::store(moments + place(first + k) * stride, c[k]);
      Lanes::store(moments + (place(first + k) + 1) * stride, d[k]);
    }
    if constexpr (first == 0) {
      Lanes::store(moments + i * stride, square[0]);
      Lanes::store(moments + opposite * stride, square[1]);
    }
  }
};

template <class Lanes, std::size_t dimension, bool squares, std::size_t i, std::size_t first>
void moments_of_rows(const Addresses& addresses, const double* psi, std::size_t stride, double* moments) {
  constexpr std::size_t at_once = 8;
  constexpr std::size_t left = dimension - 1 - first;
  constexpr std::size_t count = left < at_once ? left : at_once;
  MomentTile<Lanes, dimension, i, first, count>::template run<squares>(addresses, psi, stride, moments);
  if constexpr (left > count) {
    moments_of_rows<Lanes, dimension, squares, i, first + count>(addresses, psi, stride, moments);
  } else if constexpr (2 * (i + 1) < dimension) {
    moments_of_rows<Lanes, dimension, squares, i + 1, 0>(addresses, psi, stride, moments);
  }
}

template <class Lanes, std::size_t dimension>
void moments(const Addresses& addresses, const double* psi, double* out) {
  moments_of_rows<Lanes, dimension, false, 0, 0>(addresses, psi, Lanes::width, out);
}

template <class Lanes, std::size_t dimension>
void squares(const Addresses& addresses, const double* columns, std::size_t stride, double* coefficients) {
  moments_of_rows<Lanes, dimension, true, 0, 0>(addresses, columns, stride, coefficients);
}

template <class Lanes, std::size_t dimension>
void observe(const Addresses& addresses, const double* observable, const double* weight, const double* psi,
             double* lambda) {
  const auto w = Lanes::load(weight);
  for (const std::uint32_t group : addresses.groups) {
    Amplitude<Lanes> x[dimension];
    for (std::size_t c = 0; c < dimension; ++c) x[c] = Amplitude<Lanes>::load(psi, group ^ addresses.offset[c]);
    for (std::size_t r = 0; r < dimension; ++r) {
      Amplitude<Lanes> sum{Lanes::zero(), Lanes::zero()};
      for (std::size_t c = 0; c < dimension; ++c) {
        const auto re = Lanes::all(observable[2 * (r * dimension + c)]);
        const auto im = Lanes::all(observable[2 * (r * dimension + c) + 1]);
        sum.re = Lanes::fused(re, x[c].re, sum.re);
        sum.im = Lanes::fused(re, x[c].im, sum.im);
        sum.re = Lanes::fused_minus(im, x[c].im, sum.re);
        sum.im = Lanes::fused(im, x[c].re, sum.im);
      }
      const std::size_t address = group ^ addresses.offset[r];
      const auto before = Amplitude<Lanes>::load(lambda, address);
      sum.re = Lanes::fused(w, sum.re, before.re);
      sum.im = Lanes::fused(w, sum.im, before.im);
      sum.store(lambda, address);
    }
  }
}

/// out [k][lane] <- from[lane][k], `stride` doubles from k to k + 1.
template <class Lanes>
void interleave(std::size_t count, const double* const* from, std::size_t stride, double* out) {
  std::size_t k = 0;
  for (; k + Lanes::width <= count; k += Lanes::width) {
    typename Lanes::Vector column[Lanes::width];
    Lanes::columns(from, k, column);
    for (std::size_t j = 0; j < Lanes::width; ++j) Lanes::store(out + (k + j) * stride, column[j]);
  }
  for (; k < count; ++k) Lanes::store(out + k * stride, Lanes::column(from, k));
}

/// The nearest integer, of ties the even one, where |x| < 2^51: adding 1.5 * 2^52 leaves no room for a fraction.
template <class Lanes>
typename Lanes::Vector nearest(typename Lanes::Vector x) {
  constexpr double room = 0x1.8p52;
  return Lanes::add(Lanes::add(x, Lanes::all(room)), Lanes::all(-room));
}

/// sum_k coefficient[k] x^k by Horner's rule.
template <class Lanes, std::size_t count>
typename Lanes::Vector polynomial(const double (&coefficient)[count], typename Lanes::Vector x) {
  auto sum = Lanes::all(coefficient[count - 1]);
  for (std::size_t k = count - 1; k-- > 0;) sum = Lanes::fused(sum, x, Lanes::all(coefficient[k]));
  return sum;
}

/// x = quarters pi/2 + r with |r| <= pi/4 (pi/2 in three doubles: Cody & Waite 1980, chapter 8), where Taylor series as
/// long as these err by less than 1e-18. An odd number of quarters changes sine and cosine for one another.
template <class Lanes>
void turn(std::size_t count, const double* angle, double* sine, double* cosine) {
  constexpr double per_quarter = 0x1.45f306dc9c883p-1;                                                   // 2 / pi
  constexpr double quarter[3] = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110};  // pi / 2
  constexpr double odd_series[8] = {-1.0 / 6,
                                    1.0 / 120,
                                    -1.0 / 5040,
                                    1.0 / 362880,
                                    -1.0 / 39916800,
                                    1.0 / 6227020800.0,
                                    -1.0 / 1307674368000.0,
                                    1.0 / 355687428096000.0};
  constexpr double even_series[8] = {1.0 / 24,
                                     -1.0 / 720,
                                     1.0 / 40320,
                                     -1.0 / 3628800,
                                     1.0 / 479001600.0,
                                     -1.0 / 87178291200.0,
                                     1.0 / 20922789888000.0,
                                     -1.0 / 6402373705728000.0};
  for (std::size_t k = 0; k < count; ++k) {
    const auto x = Lanes::load(angle + k * Lanes::width);
    const auto quarters = nearest<Lanes>(Lanes::multiply(x, Lanes::all(per_quarter)));
    auto r = x;
    for (const double part : quarter) r = Lanes::fused_minus(quarters, Lanes::all(part), r);
    const auto square = Lanes::multiply(r, r);
    const auto s = Lanes::fused(Lanes::multiply(r, square), polynomial<Lanes>(odd_series, square), r);
    // 1 - r^2 / 2 and what its rounding lost, before the small terms.
    const auto half = Lanes::multiply(square, Lanes::all(0.5));
    const auto most = Lanes::fused_minus(half, Lanes::all(1.0), Lanes::all(1.0));
    const auto lost =
        Lanes::fused_minus(half, Lanes::all(1.0), Lanes::fused_minus(most, Lanes::all(1.0), Lanes::all(1.0)));
    const auto small = Lanes::fused(Lanes::multiply(square, square), polynomial<Lanes>(even_series, square), lost);
    const auto c = Lanes::add(most, small);

    // quarters = 4 a + 2 b + odd with b, odd in {0, 1}: exact in small integers.
    const auto halves = nearest<Lanes>(Lanes::fused(quarters, Lanes::all(0.5), Lanes::all(-0.25)));
    const auto odd = Lanes::fused_minus(halves, Lanes::all(2.0), quarters);
    const auto wholes = nearest<Lanes>(Lanes::fused(halves, Lanes::all(0.5), Lanes::all(-0.25)));
    const auto b = Lanes::fused_minus(wholes, Lanes::all(2.0), halves);
    const auto sign = Lanes::fused_minus(b, Lanes::all(2.0), Lanes::all(1.0));
    const auto even = Lanes::fused_minus(odd, Lanes::all(1.0), Lanes::all(1.0));
    const auto turned_sine = Lanes::fused(odd, c, Lanes::multiply(even, s));
    const auto turned_cosine = Lanes::fused_minus(odd, s, Lanes::multiply(even, c));
    Lanes::store(sine + k * Lanes::width, Lanes::multiply(sign, turned_sine));
    Lanes::store(cosine + k * Lanes::width, Lanes::multiply(sign, turned_cosine));
  }
}

template <class Lanes>
void contract(std::size_t count, const double* coefficient, const double* value, const double* weight, double* out) {
  typename Lanes::Vector sum[4] = {Lanes::zero(), Lanes::zero(), Lanes::zero(), Lanes::zero()};
  for (std::size_t k = 0; k < count; k += 4) {  // count is D * D, a multiple of 4
    for (std::size_t j = 0; j < 4; ++j)
      sum[j] = Lanes::fused(Lanes::all(coefficient[k + j]), Lanes::load(value + (k + j) * Lanes::width), sum[j]);
  }
  const auto total = Lanes::add(Lanes::add(sum[0], sum[1]), Lanes::add(sum[2], sum[3]));
  const auto before = Lanes::load(out);
  Lanes::store(out, weight == nullptr ? Lanes::add(before, total) : Lanes::fused(Lanes::load(weight), total, before));
}

template <class Lanes>
void contract_outputs(std::size_t count, std::size_t outputs, const double* coefficient, const double* value,
                      const double* weight, double* out) {
  const auto w = Lanes::load(weight);
  for (std::size_t first = 0; first < outputs; first += output_block) {
    typename Lanes::Vector sum[output_block];
#pragma GCC unroll 8
    for (auto& s : sum) s = Lanes::zero();
    for (std::size_t k = 0; k < count; ++k) {
      const auto v = Lanes::load(value + k * Lanes::width);
#pragma GCC unroll 8
      for (std::size_t o = 0; o < output_block; ++o)
        sum[o] = Lanes::fused(Lanes::all(coefficient[k * output_block + o]), v, sum[o]);
    }
    coefficient += count * output_block;
    for (std::size_t o = 0; o < output_block; ++o) {
      double* place = out + (first + o) * Lanes::width;
      Lanes::store(place, Lanes::fused(w, sum[o], Lanes::load(place)));
    }
  }
}

/// `count` rows of a quadratic form at once, from row i on: independent sums keep the multiplier busy.
template <class Lanes, std::size_t count>
typename Lanes::Vector quadratic_rows(std::size_t i, const double* lower, const double* x,
                                      typename Lanes::Vector total) {
  typename Lanes::Vector sum[count];
  const double* row[count];
  for (std::size_t r = 0; r < count; ++r) {
    sum[r] = Lanes::zero();
    row[r] = lower + (i + r) * (i + r + 1) / 2;
  }
  for (std::size_t j = 0; j <= i; ++j) {
    const auto xj = Lanes::load(x + j * Lanes::width);
    for (std::size_t r = 0; r < count; ++r) sum[r] = Lanes::fused(Lanes::all(row[r][j]), xj, sum[r]);
  }
  for (std::size_t r = 1; r < count; ++r) {
    for (std::size_t j = i + 1; j <= i + r; ++j)
      sum[r] = Lanes::fused(Lanes::all(row[r][j]), Lanes::load(x + j * Lanes::width), sum[r]);
  }
  for (std::size_t r = 0; r < count; ++r) total = Lanes::fused(sum[r], Lanes::load(x + (i + r) * Lanes::width), total);
  return total;
}

template <class Lanes>
void quadratic(std::size_t size, const double* lower, const double* x, double* out) {
  constexpr std::size_t rows = 8;
  auto total = Lanes::zero();
  std::size_t i = 0;
  for (; i + rows <= size; i += rows) total = quadratic_rows<Lanes, rows>(i, lower, x, total);
  for (; i < size; ++i) total = quadratic_rows<Lanes, 1>(i, lower, x, total);
  Lanes::store(out, total);
}

template <class Lanes>
Kernels make_kernels() {
  Kernels k;
  k.width = Lanes::width;
  k.apply = {apply<Lanes, 2, Mode::complex>, apply<Lanes, 4, Mode::complex>};
  k.apply_real = {apply<Lanes, 2, Mode::real>, apply<Lanes, 4, Mode::real>};
  k.apply_staying_real = {apply<Lanes, 2, Mode::staying_real>, apply<Lanes, 4, Mode::staying_real>};
  k.apply_by_lane = {apply<Lanes, 2, Mode::by_lane>, apply<Lanes, 4, Mode::by_lane>};
  k.add = {apply<Lanes, 2, Mode::add>, apply<Lanes, 4, Mode::add>};
  k.add_by_lane = {apply<Lanes, 2, Mode::add_by_lane>, apply<Lanes, 4, Mode::add_by_lane>};
  k.correlate = {correlate<Lanes, 2>, correlate<Lanes, 4>, correlate<Lanes, 8>};
  k.moments = {moments<Lanes, 2>, moments<Lanes, 4>, moments<Lanes, 8>, moments<Lanes, 16>};
  k.squares = {squares<Lanes, 2>, squares<Lanes, 4>, squares<Lanes, 8>, squares<Lanes, 16>};
  k.observe = {observe<Lanes, 2>, observe<Lanes, 4>, observe<Lanes, 8>};
  k.interleave = interleave<Lanes>;
  k.turn = turn<Lanes>;
  k.contract = contract<Lanes>;
  k.contract_outputs = contract_outputs<Lanes>;
  k.quadratic = quadratic<Lanes>;
  return k;
}

}  // namespace titrant::quantum
