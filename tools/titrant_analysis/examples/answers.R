# The answers of a run as a table, by Bioconductor's rhdf5: Rscript answers.R RUN.h5
# The same as: python3 -m titrant_analysis table RUN.h5 --csv
library(rhdf5)

run <- commandArgs(trailingOnly = TRUE)[1]
columns <- c("population", "regimen", "endpoint", "target", "method", "rule", "direction", "dose", "lower", "upper",
             "window_end")
read <- function(name) as.vector(h5read(run, paste0("/decision/", name)))
answers <- as.data.frame(sapply(columns, read, simplify = FALSE))
write.csv(answers, row.names = FALSE)
