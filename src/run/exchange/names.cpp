#include "names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>
#include <string_view>

namespace titrant::run::exchange {

namespace {

/// Data items, variables of the written models and words of the languages.
constexpr std::array reserved = {
    "COM",    "COMRES", "ID",    "L1",      "L2",     "DV",       "MDV",   "TIME",  "DATE", "EVID", "AMT", "RATE",
    "SS",     "II",     "ADDL",  "CMT",     "PCMT",   "CALL",     "CONT",  "DVID",  "ADM",  "CENS", "OCC", "YTYPE",
    "LIMIT",  "DUR",    "A",     "T",       "F",      "Y",        "W",     "S1",    "S2",   "S3",   "F1",  "F2",
    "R1",     "R2",     "D1",    "D2",      "ALAG1",  "ALAG2",    "CL",    "V",     "V1",   "V2",   "V3",  "V4",
    "Q",      "Q2",     "Q3",    "Q4",      "K",      "KA",       "TLAG",  "FABS",  "RIN",  "DIN",  "TK0", "MTT",
    "KTR",    "BASE",   "KOUT",  "IMAX",    "EMAX",   "IC50",     "EC50",  "HILL",  "KE0",  "CONC", "CP",  "U",
    "CE",     "UR",     "URD",   "CONCD",   "EFFECT", "RESPONSE", "IPRED", "THETA", "ETA",  "EPS",  "ERR", "DADT",
    "VP",     "VP2",    "IF",    "ELSE",    "END",    "EXP",      "LOG",   "SQRT",  "PHI",  "PI",   "E",   "TAD",
    "NEWIND", "ICALL",  "DEPOT", "CENTRAL", "TIN",    "R0",       "MAX",   "MIN",   "C",    "R",    "CC"};

bool is_reserved(std::string_view name) {
  constexpr std::array beginnings = {"TV", "LG", "KAPPA", "FACTOR", "DADT", "MU_"};
  if (std::any_of(beginnings.begin(), beginnings.end(), [&](const char* one) { return name.starts_with(one); }))
    return true;
  return std::find(reserved.begin(), reserved.end(), name) != reserved.end();
}

}  // namespace

std::string column_name(const std::string& covariate, const std::vector<std::string>& taken) {
  constexpr std::size_t longest = 20;
  std::string name;
  for (const char c : covariate) {
    const auto letter = static_cast<unsigned char>(c);
    name += std::isalnum(letter) != 0 && letter < 128 ? static_cast<char>(std::toupper(letter)) : '_';
  }
  if (name.empty() || std::isalpha(static_cast<unsigned char>(name.front())) == 0 || is_reserved(name)) {
    name = "X_" + name;
  }
  name = name.substr(0, longest);
  for (int number = 2; std::find(taken.begin(), taken.end(), name) != taken.end(); ++number) {
    const std::string ending = fmt::format("_{}", number);
    name = name.substr(0, longest - ending.size()) + ending;
  }
  return name;
}

std::string real(double value) {
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string wrapped(const std::string& text, const std::string& prefix, std::size_t width) {
  std::istringstream words(text);
  std::string result;
  std::string line;
  for (std::string word; words >> word;) {
    if (!line.empty() && prefix.size() + line.size() + 1 + word.size() > width) {
      result += fmt::format("{}{}\n", prefix, line);
      line.clear();
    }
    line += fmt::format("{}{}", line.empty() ? "" : " ", word);
  }
  if (!line.empty()) result += fmt::format("{}{}\n", prefix, line);
  return result;
}

}  // namespace titrant::run::exchange
