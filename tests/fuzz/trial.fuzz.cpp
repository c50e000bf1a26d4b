#include <sstream>

#include "fuzz.hpp"
#include "titrant/trial/covariate_rows.hpp"
#include "titrant/trial/nonmem.hpp"
#include "titrant/trial/summary.hpp"
#include "titrant/trial/synthetic.hpp"

/// \file
/// Data files of trials, as `titrant check` reads and summarises them; what was read is written and read again.

namespace titrant::fuzz {

namespace {

std::string written(const trial::Trial& trial, const trial::NonmemFormat& format) {
  std::ostringstream out;
  trial::write_nonmem(out, trial, format);
  return out.str();
}

/// What is written of what was written; what cannot be read again is a fault of the writer.
std::string written_again(const std::string& once, const trial::NonmemFormat& format) {
  try {
    return written(trial::parse_nonmem(once, "written.csv", format), format);
  } catch (const Error& refusal) {
    throw std::logic_error(std::string("what was written is refused: ") + refusal.what());
  }
}

}  // namespace

}  // namespace titrant::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace titrant;
  const auto read = [&](const trial::NonmemFormat& format) {
    fuzz::read_or_refuse([&] {
      const trial::Trial trial = trial::parse_nonmem(fuzz::text_of(data, size), "trial.csv", format);
      trial::describe(trial::summarise(trial, trial::default_protocol().endpoints));
      trial::covariate_rows(trial, "");
      const std::string once = fuzz::written(trial, format);
      fuzz::require(once == fuzz::written_again(once, format), "a trial that is written and read again is the same");
    });
  };
  read({});
  trial::NonmemFormat other;
  other.time_varying = trial::TimeVarying::backward;
  other.covariate_missing = trial::CovariateMissing::median;
  other.comment_lines = trial::CommentLines::letter;
  other.route = trial::Route::oral;
  other.weight_unit = trial::WeightUnit::gram;
  other.covariates = {{"weight", "BW", {}, {}},
                      {"comed", "COMED", {{"0", "no"}, {"1", "yes, \"always\""}, {"x", "#other"}}, {}}};
  other.ignore = {"TIME > 1e6 or ID == C"};
  read(other);
  return 0;
}
