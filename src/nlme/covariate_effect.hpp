#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "titrant/nlme/covariate_setting.hpp"
#include "titrant/nlme/population.hpp"
#include "titrant/nlme/subject_model.hpp"

namespace titrant::nlme {

/// A covariate over the subjects as they begin, in ascending order. Throws DataError naming one who does not have it.
std::vector<double> sorted_values(const SubjectModel& model, const std::string& covariate);

/// The same with the values that subjects reach later: whether a covariate differs at all is a question to these, for
/// it may do so within every subject and not between them, as the periods of a crossover.
std::vector<double> values_at_any_time(const SubjectModel& model, const std::string& covariate);

/// An effect as asked for; an estimated one starts without effect. A category is relative to the lowest one, all else
/// to the reference of `meaning`, else weight to 70 kg and others to the median of the subjects. Throws DataError where
/// the data have nothing to estimate it from.
/// \param of  what it acts on, for the message: "clearance"
Effect covariate_effect(const SubjectModel& model, std::string_view of, const std::string& covariate,
                        const CovariateSetting& setting, const CovariateMeaning& meaning);

}  // namespace titrant::nlme
