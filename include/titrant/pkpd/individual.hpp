#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace titrant::pkpd {

/// The structural PK models: absorption into a central compartment, elimination from it, and exchange with no, one or
/// two peripheral compartments (mammillary models: these exchange with the central one alone).
enum class Structure { one_compartment, two_compartment, three_compartment };

/// What a structure is called in configurations and stores.
std::string_view name(Structure structure);

/// How an absorbed dose (one into the depot) reaches the central compartment.
enum class AbsorptionKind {
  first_order,  ///< at the absorption rate times what is left in the depot
  zero_order,   ///< at a constant rate over absorption_duration (Tk0), without a depot
  /// through a chain of compartments before the depot: the one that the dose enters, then `transit_compartments` more,
  /// each passing on at the rate (transit_compartments + 1) / mean_transit_time (Savic et al., J Pharmacokinet
  /// Pharmacodyn 34:711, 2007; their number is real there, and estimated)
  transit
};

struct Absorption {
  AbsorptionKind kind = AbsorptionKind::first_order;
  int transit_compartments = 0;  ///< >= 1 of the kind `transit`

  bool operator==(const Absorption&) const = default;
};

/// How the central compartment is emptied. With C the concentration in it, amounts leave at
///
///     CL C (linear),   Vmax C / (Km + C) (michaelis_menten),   or the sum of the two (both),
///
/// of which only the first is proportional to C (Michaelis and Menten, Biochem Z 49:333, 1913; Gibaldi and Perrier,
/// Pharmacokinetics, 2nd edition 1982, chapter 7). The other two have no closed form and are integrated.
enum class Elimination { linear, michaelis_menten, both };

/// What a kind of elimination is called in configurations and stores.
std::string_view name(Elimination elimination);

/// Unless a model says otherwise amounts are in mg and concentrations in ng/mL: 1 mg/L = 1,000 ng/mL.
inline constexpr double ng_per_ml_per_mg_per_l = 1000.0;

/// The PK parameters of one subject, on their natural scale. All > 0 where the structure uses them; lag >= 0.
struct Individual {
  double absorption_rate = 1.0;                      ///< 1/h (ka)
  double clearance = 1.0;                            ///< L/h (CL/F)
  double volume = 1.0;                               ///< L (V/F; of the central compartment where there are more)
  double intercompartmental_clearance = 0.0;         ///< L/h (Q/F; Q2/F), two and three compartments
  double peripheral_volume = 0.0;                    ///< L (Vp/F; V2/F), two and three compartments
  double second_intercompartmental_clearance = 0.0;  ///< L/h (Q3/F), three compartments only
  double second_peripheral_volume = 0.0;             ///< L (V3/F), three compartments only
  double lag = 0.0;                                  ///< h, lag time of doses into the depot
  double bioavailability = 1.0;                      ///< share of the amount of absorbed doses that enters (F)
  double input_rate = 0.0;                           ///< mg/h, of doses that leave it to the model (RATE -1)
  double input_duration = 0.0;                       ///< h, likewise (RATE -2)
  double absorption_duration = 0.0;                  ///< h, zero-order absorption only (Tk0)
  double mean_transit_time = 0.0;                    ///< h, transit compartments only: from dose to depot
  double central_lag = 0.0;                          ///< h, of doses into the central compartment; not estimated
  double central_bioavailability = 1.0;              ///< likewise
  /// Concentration of one unit of amount in one litre: 1,000 for mg and ng/mL.
  double concentration_scale = ng_per_ml_per_mg_per_l;
  Structure structure = Structure::one_compartment;
  Absorption absorption = {};
  Elimination elimination = Elimination::linear;  ///< `clearance` is not used where it is michaelis_menten
  double maximum_elimination_rate = 0.0;          ///< mg/h, saturable elimination only (Vmax)
  double michaelis_constant = 0.0;                ///< ng/mL, saturable elimination only (Km)

  /// Whether elimination is saturable, so that C is not proportional to doses.
  bool saturable() const { return elimination != Elimination::linear; }
};

/// The subject whose C on one unit of dose is that of `individual` on `dose`, per unit of it: the same where
/// elimination is linear; else with maximum elimination rate and Km over the dose, for C is then that of amounts over
/// the dose. Of dose 0 the limit, in which elimination is linear with the clearance Vmax / Km.
Individual on_dose(const Individual& individual, double dose);

/// The numeric parameters of Individual, in this order, as derivatives and population models list them.
enum class PkParameter : std::size_t {
  absorption_rate,
  clearance,
  volume,
  intercompartmental_clearance,
  peripheral_volume,
  second_intercompartmental_clearance,
  second_peripheral_volume,
  lag,
  bioavailability,
  input_rate,
  input_duration,
  absorption_duration,
  mean_transit_time,
  maximum_elimination_rate,
  michaelis_constant
};
inline constexpr std::size_t pk_parameter_count = 15;
inline constexpr std::array<std::string_view, pk_parameter_count> pk_parameter_names = {
    "absorption_rate",
    "clearance",
    "volume",
    "intercompartmental_clearance",
    "peripheral_volume",
    "second_intercompartmental_clearance",
    "second_peripheral_volume",
    "lag",
    "bioavailability",
    "input_rate",
    "input_duration",
    "absorption_duration",
    "mean_transit_time",
    "maximum_elimination_rate",
    "michaelis_constant"};

/// The parameters of first-order absorption and of linear disposition that a structure uses, in the order of
/// PkParameter.
std::span<const PkParameter> parameters_of(Structure structure);

/// All of them, in order.
std::span<const PkParameter> all_pk_parameters();

/// The parameters of how much of a dose enters, and over which time.
inline constexpr std::array<PkParameter, 4> dose_parameters = {PkParameter::bioavailability, PkParameter::input_rate,
                                                               PkParameter::input_duration,
                                                               PkParameter::absorption_duration};

/// One parameter by its place in PkParameter.
double& parameter(Individual& individual, PkParameter which);
double parameter(const Individual& individual, PkParameter which);

}  // namespace titrant::pkpd
