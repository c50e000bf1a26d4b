#pragma once

/// Every stage of a run in order, by the name of the function that makes it: `fit` for `fit_stage()`.
// clang-format off
#define TITRANT_STAGES(stage) \
  stage(data)        /* reads or simulates the trial: /trial */ \
  stage(fit)         /* population PK: /pk */ \
  stage(pd)          /* biomarker model: /pd */ \
  stage(diagnostics) /* residuals, predictive checks, profiles: /pk/diagnostics, ... */ \
  stage(evaluate)    /* cross-validation on the trial: /classifier/<name>/evaluation */ \
  stage(train)       /* training for every endpoint: /classifier/<name> */ \
  stage(search)      /* target attainment and decisions: /population, /decision */ \
  stage(interval)    /* intervals of the decisions, and bands beside target attainment */ \
  stage(learning)    /* learning curves: /learning_curve */ \
  stage(ablation)    /* variants of the run side by side: /ablation */ \
  stage(coverage)    /* how often intervals hold the truth: /coverage */
// clang-format on
