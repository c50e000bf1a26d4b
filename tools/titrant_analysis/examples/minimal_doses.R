# The lowest doses of a run as a table, by Bioconductor's rhdf5: Rscript minimal_doses.R RUN.h5
# The same as: python3 -m titrant_analysis table RUN.h5 --csv
library(rhdf5)

run <- commandArgs(trailingOnly = TRUE)[1]
columns <- c("scenario", "regimen", "target", "classifier", "rule", "label", "window", "minimal_dose", "lower", "upper")
read <- function(name) as.vector(h5read(run, paste0("/decision/", name)))
answers <- as.data.frame(sapply(columns, read, simplify = FALSE))
write.csv(answers, row.names = FALSE)
