#pragma once

#include "titrant/run/configuration.hpp"

namespace titrant::run {

/// The keys of the sections `pk`, `pd` and `diagnostics`.
void describe_estimation(core::Settings& s, EstimationSettings& estimation);
void describe_pk(core::Settings& s, nlme::PkOptions& pk, std::string& occasion_column);
void describe_pd(core::Settings& s, BiomarkerOptions& pd);
void describe_pk_pd(core::Settings& s, BiomarkerOptions& pd);
void describe_diagnostics(core::Settings& s, DiagnosticsOptions& diagnostics);

}  // namespace titrant::run
