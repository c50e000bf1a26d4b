#pragma once

#include <string>
#include <vector>

namespace titrant::run::exchange {

/// A name that all programs take for a column of the data set: capital letters, digits and underscores, at most 20,
/// neither a data item or a variable of the written models nor one that is taken.
std::string column_name(const std::string& covariate, const std::vector<std::string>& taken);

/// A number with all its digits that Fortran, R and Mlxtran read as a real one: "70.0", "1e-05".
std::string real(double value);

/// The text in lines of at most `width` characters, each after `prefix` and cut between words.
std::string wrapped(const std::string& text, const std::string& prefix, std::size_t width = 100);

}  // namespace titrant::run::exchange
