#include "route.hpp"

#include "text.hpp"

namespace titrant::trial {

namespace {

using pkpd::DoseInto;

/// No compartment, or the default one (NONMEM's CMT 0).
bool is_default(std::string_view compartment) { return compartment.empty() || same_code(compartment, "0"); }

/// The number of a compartment, or the name that a model gives it.
bool is_called(std::string_view compartment, std::string_view number, std::string_view name, bool default_number) {
  return same_code(compartment, number) || (default_number && same_but_for_case(compartment, name));
}

}  // namespace

std::optional<std::string> RouteReader::told(const Record& record, int event_compartment) {
  const std::string compartment(reader_.text(record, Item::compartment));
  if (event_compartment == 0) return is_default(compartment) ? std::nullopt : std::optional(compartment);
  const std::string other = std::to_string(event_compartment);
  if (!is_default(compartment) && !same_code(compartment, other)) {
    faults_.add(reader_.place(record, Item::compartment), "{}: a dose into compartment '{}' where {} says {}",
                columns_.name(Item::compartment), excerpt(compartment), columns_.name(Item::event), other);
  }
  return other;
}

/// Numbers of administration (Monolix's ADM) mean nothing without a model: two of them are two routes.
void RouteReader::check_administration(const Record& record) {
  const std::string_view administration = reader_.text(record, Item::administration);
  if (administration.empty()) return;
  if (!administration_) administration_ = administration;
  if (same_code(*administration_, administration)) return;
  faults_.add(reader_.place(record, Item::administration),
              "{}: doses by two routes, {} and {}, and nothing that tells which these are; expected a column of "
              "compartments (data.columns.compartment), or data.ignore for one of them",
              columns_.name(Item::administration), excerpt(*administration_), excerpt(administration));
}

void RouteReader::add_dose(const Record& record, int event_compartment, pkpd::Dose& dose, std::size_t place) {
  const NonmemFormat defaults;
  const std::optional<std::string> compartment = told(record, event_compartment);
  if (!compartment) {
    if (format_.route == Route::automatic) check_administration(record);
    any_untold_ = true;
    any_untold_infusion_ = any_untold_infusion_ || dose.infused();
    untold_.back().push_back(place);
    return;
  }
  if (is_called(*compartment, format_.depot, "depot", format_.depot == defaults.depot)) {
    any_in_depot_ = true;
    any_infusion_in_depot_ = any_infusion_in_depot_ || dose.infused();
    return;
  }
  const Place place_of_item = reader_.place(record, event_compartment > 0 ? Item::event : Item::compartment);
  const std::string& name = columns_.name(event_compartment > 0 ? Item::event : Item::compartment);
  if (!is_called(*compartment, format_.central, "central", format_.central == defaults.central)) {
    faults_.add(place_of_item,
                "{}: a dose into compartment '{}'; expected the depot ('{}') or the central compartment ('{}'), whose "
                "numbers data.compartments gives, or data.ignore",
                name, excerpt(*compartment), excerpt(format_.depot), excerpt(format_.central));
    return;
  }
  if (format_.route == Route::oral) {
    faults_.add(place_of_item,
                "{}: a dose into compartment '{}', the central one, where data.route says oral; expected data.route: "
                "auto, or data.ignore",
                name, excerpt(*compartment));
    return;
  }
  any_in_central_ = true;
  dose.into = DoseInto::central;
}

void RouteReader::add_concentration(const Record& record) {
  any_concentration_ = true;
  const std::string_view compartment = reader_.text(record, Item::compartment);
  if (is_default(compartment)) concentrations_told_ = false;
  if (!same_code(compartment, format_.depot) || compartment.empty()) return;
  concentrations_told_ = false;
  if (!in_depot_) in_depot_ = reader_.place(record, Item::compartment);
}

void RouteReader::finish(std::vector<Subject>& subjects, Remarks& remarks) {
  if (format_.route == Route::oral || !(any_untold_ || any_in_depot_)) return;
  const auto all_central = [&] {
    for (Subject& subject : subjects) {
      for (pkpd::Dose& dose : subject.doses) dose.into = DoseInto::central;
    }
  };
  if (format_.route == Route::intravenous) {
    all_central();
    return;
  }
  if (in_depot_) {
    if (any_in_central_) {
      faults_.add(*in_depot_,
                  "{}: a concentration in compartment {}, which doses enter, where other doses enter compartment {}; "
                  "expected the numbers of depot and central compartment in data.compartments",
                  columns_.name(Item::compartment), excerpt(format_.depot), excerpt(format_.central));
      return;
    }
    all_central();
    remarks.say("Doses are intravenous: concentrations are observed in the compartment that they enter (data.route).");
    return;
  }
  if (any_infusion_in_depot_ && !any_in_central_ && !concentrations_told_) {
    all_central();
    remarks.say(
        "Doses are taken as intravenous: there are infusions among them, and concentrations have no compartment "
        "(data.route).");
    return;
  }
  if (any_infusion_in_depot_) remarks.say("Infusions into the depot are zero-order input, which is then absorbed.");
  if (any_untold_infusion_) {
    for (std::size_t s = 0; s < subjects.size(); ++s) {
      for (const std::size_t place : untold_[s]) subjects[s].doses[place].into = DoseInto::central;
    }
    remarks.say("Doses without a compartment are taken as intravenous: there are infusions among them (data.route).");
    return;
  }
  if (any_untold_ || !concentrations_told_ || !any_concentration_) {
    remarks.say("Oral doses are assumed: the file does not tell the route (data.route).");
  }
}

}  // namespace titrant::trial
