# Fits one- or two-compartment models of oral doses with R's nlme: the peer of tools/published.
#
# Usage: Rscript published_nlme.R FILE single|repeated additive|proportional|combined
#
# single: one compartment, a single dose. repeated: two compartments, doses of a NONMEM file (ADDL, II). Prints the seconds
# of the fit, -2 log L without its constant, and the typical values.
suppressPackageStartupMessages(library(nlme))
arguments <- commandArgs(trailingOnly = TRUE)
data <- read.csv(arguments[1])
names(data) <- toupper(names(data))
design <- arguments[2]
error <- arguments[3]
if (!is.null(data$DVID)) data <- data[data$EVID != 0 | data$DVID == 1, ]
observed <- data[data$EVID == 0, ]
if (!is.null(data$MDV)) observed <- observed[observed$MDV == 0, ]
doses <- data[data$EVID != 0, ]
if (design == "repeated") observed <- observed[observed$ID %in% doses$ID[doses$AMT > 0], ]
if (error != "additive") observed <- observed[observed$DV > 0, ]

# [observation, dose]: hours since each dose and its amount, 0 where it is still to come.
written <- lapply(split(doses, doses$ID), function(one) {
  times <- numeric(0)
  amounts <- numeric(0)
  for (i in seq_len(nrow(one))) {
    more <- if (is.null(one$ADDL)) 0 else one$ADDL[i]
    times <- c(times, one$TIME[i] + (0:more) * (if (more > 0) one$II[i] else 0))
    amounts <- c(amounts, rep(one$AMT[i], more + 1))
  }
  list(times = times, amounts = amounts)
})
most <- max(vapply(written, function(one) length(one$times), 1))
since <- matrix(0, nrow(observed), most)
amount <- matrix(0, nrow(observed), most)
for (i in seq_len(nrow(observed))) {
  one <- written[[as.character(observed$ID[i])]]
  passed <- observed$TIME[i] - one$times
  taken <- passed >= 0
  since[i, which(taken)] <- passed[taken]
  amount[i, which(taken)] <- one$amounts[taken]
}
observed$ROW <- seq_len(nrow(observed))

mode <- function(ka, k, rows) rowSums(amount[rows, , drop = FALSE] * (exp(-k * since[rows, , drop = FALSE]) -
  exp(-ka * since[rows, , drop = FALSE]))) * ka / (ka - k)
one_compartment <- function(lka, lcl, lv, ROW) mode(exp(lka), exp(lcl - lv), ROW) / exp(lv) * scale
two_compartments <- function(lka, lcl, lv, lq, lvp, ROW) {
  k10 <- exp(lcl - lv)
  k12 <- exp(lq - lv)
  k21 <- exp(lq - lvp)
  half <- (k10 + k12 + k21) / 2
  root <- sqrt(half^2 - k10 * k21)
  alpha <- half + root
  beta <- k10 * k21 / alpha
  weight <- (alpha - k21) / (alpha - beta)
  (weight * mode(exp(lka), alpha, ROW) + (1 - weight) * mode(exp(lka), beta, ROW)) / exp(lv) * scale
}
scale <- if (design == "repeated") 1000 else 1 # mg/L, or ng/mL for doses in mg
observed <- groupedData(DV ~ TIME | ID, observed)
# Starts: least squares of the logarithms of all subjects together.
largest <- mean(vapply(split(observed$DV, observed$ID), max, 1))
volume <- mean(doses$AMT[doses$AMT > 0]) * scale / largest
start <- c(lka = log(1), lcl = log(volume / 10), lv = log(volume))
predict_all <- function(p) one_compartment(p[1], p[2], p[3], observed$ROW)
model <- DV ~ one_compartment(lka, lcl, lv, ROW)
fixed <- lka + lcl + lv ~ 1
if (design == "repeated") {
  start <- c(start, lq = log(volume / 10), lvp = log(volume))
  predict_all <- function(p) two_compartments(p[1], p[2], p[3], p[4], p[5], observed$ROW)
  model <- DV ~ two_compartments(lka, lcl, lv, lq, lvp, ROW)
  fixed <- lka + lcl + lv + lq + lvp ~ 1
}
used <- observed$DV > 0 & rowSums(amount) > 0
squares <- function(p) {
  f <- predict_all(p)[used]
  if (!all(is.finite(f) & f > 0)) return(1e10)
  sum((log(observed$DV[used]) - log(f))^2)
}
pooled <- system.time(start <- optim(start, squares, control = list(maxit = 2000))$par)
weights <- switch(error, additive = NULL, proportional = varPower(fixed = 1), combined = varConstPower(fixed = list(power = 1)))
start[1] <- log(1) # values of all subjects together hardly tell the absorption rate
call <- list(model, data = observed, fixed = fixed, random = pdDiag(lka + lcl + lv ~ 1), start = start, method = "ML",
  control = nlmeControl(maxIter = 200, msMaxIter = 200, pnlsTol = 0.01, minScale = 1e-6))
if (!is.null(weights)) call$weights <- weights
seconds <- system.time(fit <- do.call(nlme, call))
cat("seconds", seconds[["user.self"]] + pooled[["user.self"]], "\n")
cat("objective", -2 * as.numeric(logLik(fit)) - nrow(observed) * log(2 * pi), "\n")
cat("estimates", paste(names(fixef(fit)), signif(exp(fixef(fit)), 4)), "\n")
