#include "route.hpp"

#include "text.hpp"

namespace titrant::trial {

namespace {

/// No compartment, or the default one (NONMEM's CMT 0).
bool is_default(std::string_view compartment) { return compartment.empty() || same_code(compartment, "0"); }

/// The number of a compartment, or the name that a model gives it.
bool is_called(std::string_view compartment, std::string_view number, std::string_view name, bool default_number) {
  return same_code(compartment, number) || (default_number && same_but_for_case(compartment, name));
}

}  // namespace

void RouteCheck::add_dose(const Record& record, int event_compartment) {
  any_dose_ = true;
  const NonmemFormat defaults;
  std::string compartment(reader_.text(record, Item::compartment));
  const Item item = event_compartment > 0 ? Item::event : Item::compartment;
  if (event_compartment > 0) {
    const std::string other = std::to_string(event_compartment);
    if (!is_default(compartment) && !same_code(compartment, other)) {
      faults_.add(reader_.place(record, Item::compartment), "{}: a dose into compartment '{}' where {} says {}",
                  columns_.name(Item::compartment), excerpt(compartment), columns_.name(Item::event), other);
    }
    compartment = other;
  }
  const std::string_view administration = reader_.text(record, Item::administration);
  if (!administration.empty()) {
    if (!administration_) administration_ = administration;
    if (!same_code(*administration_, administration)) {
      faults_.add(reader_.place(record, Item::administration),
                  "{}: doses by two routes, {} and {}; only oral doses are supported yet: leave the others out with "
                  "data.ignore",
                  columns_.name(Item::administration), excerpt(*administration_), excerpt(administration));
    }
  }
  if (is_default(compartment)) {
    doses_told_ = false;
    return;
  }
  if (is_called(compartment, format_.depot, "depot", format_.depot == defaults.depot)) return;
  const bool central = is_called(compartment, format_.central, "central", format_.central == defaults.central);
  faults_.add(
      reader_.place(record, item),
      "{}: a dose into compartment '{}'{}: only oral doses, into the depot (compartment '{}'), are supported yet; "
      "expected data.compartments, where the depot has another number, or data.ignore",
      columns_.name(item), excerpt(compartment), central ? ", the central one: an intravenous dose" : "",
      excerpt(format_.depot));
}

void RouteCheck::add_concentration(const Record& record) {
  any_concentration_ = true;
  const std::string_view compartment = reader_.text(record, Item::compartment);
  if (is_default(compartment)) concentrations_told_ = false;
  if (!same_code(compartment, format_.depot) || compartment.empty()) return;
  concentrations_told_ = false;
  if (!in_depot_) in_depot_ = reader_.place(record, Item::compartment);
}

void RouteCheck::finish(Remarks& remarks) {
  if (!any_dose_ || format_.route == Route::oral) return;
  if (in_depot_) {
    faults_.add(
        *in_depot_,
        "{}: a concentration in compartment {}, which doses enter: an intravenous bolus where the model has one "
        "compartment, and these are not supported yet; expected data.route: oral if the doses are oral",
        columns_.name(Item::compartment), excerpt(format_.depot));
    return;
  }
  if (!doses_told_ || !concentrations_told_ || !any_concentration_) {
    remarks.say("Oral doses are assumed: the file does not tell the route (data.route).");
  }
}

}  // namespace titrant::trial
