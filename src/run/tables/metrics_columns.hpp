#pragma once

#include <string>
#include <vector>

#include "titrant/classifier/metrics.hpp"
#include "titrant/classifier/validation.hpp"
#include "titrant/store/store.hpp"

namespace titrant::run {

/// Writes metrics along their axis, which exists, one dataset per figure: log_loss, accuracy, auc, brier, ece, each
/// with `suffix`.
void write_metrics(const std::string& group, const std::vector<classifier::Metrics>& rows, store::Writer& out,
                   const std::string& suffix = "");

/// Writes a reliability diagram to a group of its own: bin, count, predicted, observed.
void write_reliability(const std::string& group, const classifier::Reliability& reliability, store::Writer& out);

/// Writes the subjects behind a validation, by their place in the trial, and their outcomes: subject, label.
void write_labels(const std::string& group, const classifier::LabelledExamples& examples, store::Writer& out);

/// Writes how a classifier did on subjects it never saw: figures with intervals, the reliability diagram, and the
/// predictions behind them beside the labels.
void write_external(const std::string& group, const classifier::ExternalValidation& validation,
                    const classifier::LabelledExamples& examples, store::Writer& out);

}  // namespace titrant::run
