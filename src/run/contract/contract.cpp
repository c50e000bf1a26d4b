#include "titrant/run/contract.hpp"

#include <memory>

#include "sections.hpp"
#include "titrant/run/run.hpp"

namespace titrant::run {

namespace {

using contract::Groups;

Groups root_and_configuration() {
  using namespace contract;
  return {{{"/"},
           "The root",
           "",
           {},
           {{"", "filetype", "`titrant run`"},
            {"", "format_version", "[2, 0]; a reader accepts the same major version", integer},
            {"", "titrant_version", "version of the program"},
            {"", "complete", "0 until the store is whole, then 1", integer}}},
          {{"/config"},
           "What the run was told",
           "",
           {{"resolved", "", "1", "the resolved configuration, YAML", text},
            {"data_sha256", "", "1", "SHA-256 of the data file", text, "where there is one (`data.file`)"},
            {"device", "", "1", "content of the device file of quantum.noise", text, "where there is one"}},
           {{"resolved", "sha256", "SHA-256 of the configuration"}}}};
}

}  // namespace

namespace contract {

Datasets joined(Datasets first, const Datasets& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

Groups together(const std::vector<Groups>& sections) {
  Groups all;
  for (const Groups& section : sections) all.insert(all.end(), section.begin(), section.end());
  return all;
}

Groups trial() {
  return {
      {{"/trial"},
       "The subjects of the trial",
       "",
       {{"subject", "scale", "1", "place of the subject in the data file", integer},
        {"id", "subject", "1", "subject identifier of the data file", text},
        {"weight", "subject", "kg", "covariate weight", number, "where the configuration names it"},
        {"<covariate>", "subject", "see data file",
         "covariate of this name; of a categorical one the place of its level", number,
         "for every other covariate that the configuration names"},
        {"dose", "subject", "{amount}", "dose of one administration, the commonest of the subject; 0: placebo"},
        {"interval", "subject", "h", "time between its doses, the median; NaN: fewer than two doses"}},
       {{"<covariate>", "levels", "names of its levels in their order; empty: its values are numbers"}}},
      {{"/trial/outcome"},
       "Outcomes of the trial's subjects",
       "where an endpoint has measured values in hours of the trial",
       {{"<endpoint>", "subject", "1", "1: the subject met this endpoint, 0: it did not; NaN: nothing was measured"}}},
      {{"/protocol/regimen"},
       "The regimens of the run",
       "where there are any",
       {{"name", "scale", "1", "name of the regimen", text},
        {"interval", "name", "h", "time between doses"},
        {"dose_unit", "name", "1", "unit of the doses", text},
        {"loading_factor", "name", "1", "factor of the loading doses"},
        {"loading_doses", "name", "1", "number of loading doses; 0: none", integer},
        {"definition", "name", "1", "as the configuration has it (YAML)", text}}},
      {{"/protocol/endpoint"},
       "The endpoints of the run",
       "where there are any",
       {{"name", "scale", "1", "name of the endpoint", text},
        {"description", "name", "1", "what a success is, in words", text},
        {"definition", "name", "1", "as the configuration has it (YAML)", text}}},
      {{"/protocol/population"},
       "The populations of the run",
       "",
       {{"name", "scale", "1", "name of the population", text},
        {"definition", "name", "1", "as the configuration has it (YAML)", text}}},
      {{"/protocol/headline"},
       "The question that is answered first",
       "where anything is asked",
       {{"population", "", "1", "population", text},
        {"regimen", "", "1", "regimen", text},
        {"endpoint", "", "1", "endpoint", text},
        {"target", "", "1", "share of the population that must succeed"}}}};
}

Groups provenance() {
  return {{{"/provenance"},
           "How the store came to be: all that may differ between two runs of the same work",
           "",
           {{"command", "", "1", "command line", text},
            {"started", "", "1", "start of the run, UTC", text},
            {"finished", "", "1", "end of the computation, UTC", text},
            {"hosts", "", "1", "host names", text},
            {"commit", "", "1", "source revision of the program", text},
            {"compiler", "", "1", "compiler of the program", text},
            {"build_type", "", "1", "build type of the program", text},
            {"instruction_set", "", "1",
             "instruction set of the quantum kernels on the first rank; results have the same bits on each", text},
            {"libraries", "", "1", "versions of the libraries", text},
            {"resumed", "", "1", "how often the run went on from a checkpoint; times are of the last part", integer},
            {"ranks", "", "1", "number of MPI ranks", integer},
            {"peak_memory", "", "byte", "most memory that any rank has held, before the store is complete", integer},
            {"stage", "scale", "1", "stages of the run", text},
            {"seconds", "stage", "s", "wall-clock time of each stage"}}},
          {{"/provenance/calls"},
           "What ranks shared in each stage",
           "",
           {{"row", "scale", "1", "work of one shape in one stage", integer},
            {"stage", "row", "1", "stage of the run", text},
            {"units", "row", "1", "units that ranks shared, in one call", integer},
            {"slot", "row", "1", "values of a unit, which every rank gets", integer},
            {"shares", "row", "1", "ranks that may share one unit", integer},
            {"calls", "row", "1", "calls of this shape", integer},
            {"seconds", "row", "s", "time in them on the first rank"}}}};
}

}  // namespace contract

const store::Contract& run_contract() {
  using namespace contract;
  static const store::Contract whole = [] {
    Groups groups =
        together({root_and_configuration(), trial(), fits(), diagnostics(), classifiers(), doses(), investigations()});
    for (const std::unique_ptr<Stage>& stage : all_stages()) groups = together({groups, stage->contract()});
    return store::Contract(store::Kind::run, together({groups, provenance()}));
  }();
  return whole;
}

store::UnitSymbols unit_symbols(const Results& results) {
  const trial::Units& units = results.trial.units;
  std::string response = units.biomarker;
  const bool both = results.pd && results.pd->best.how != nlme::PdMethod::individual;
  if (both && units.concentration != units.biomarker) response = "see response";
  return {{"amount", units.amount},
          {"concentration", units.concentration},
          {"biomarker", units.biomarker},
          {"response", response}};
}

}  // namespace titrant::run
