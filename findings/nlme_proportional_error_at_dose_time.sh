#!/usr/bin/env bash
# R's nlme refuses a proportional residual error where a model predicts exactly 0, and names neither the data nor the error model.
#
# Versions: R 4.2.2, nlme 3.1-162 (Debian 12: r-base-core 4.2.2.20221110-2, r-cran-nlme 3.1.162-1).
#
# Guessed: theophylline (R's `Theoph`: 12 subjects, one oral dose) can be fitted with a residual error proportional to the prediction, as
# NONMEM users fit it, for the likelihood of a sample at the time of the dose would be passed over or reported. In fact each subject has
# such a sample, for three of them above 0 (0.15, 0.24 and 0.74 mg/L), the model of first-order absorption (`SSfol`) predicts 0
# there, and the variance of the error is 0: the fit ends in a message about a foreign function call. With an additive part (varConstPower),
# or without those samples, the same fit works.
#
# Seen:
#   subjects with a value above 0 at the time of the dose: 3 of 12
#   proportional error (varPower), all samples: NA/NaN/Inf in foreign function call (arg 1)
#   proportional error, without the samples at time 0: fitted, 120 samples
#   additive and proportional error (varConstPower), all samples: fitted, 132 samples
#
# Usage: nlme_proportional_error_at_dose_time.sh     exit 0: as seen; 1: it has changed; needs apt-get and Debian 12's archive
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/archives/partial" "$folder/root"

# With an empty list of installed packages apt-get fetches R with all that it depends on; nothing is installed.
apt-get install --yes --download-only --no-install-recommends -o Debug::NoLocking=1 -o Dir::State::status=/dev/null \
  -o Dir::Cache::archives="$folder/archives" r-base-core=4.2.2.20221110-2 r-cran-nlme=3.1.162-1 >"$folder/log" 2>&1 ||
  { cat "$folder/log" >&2 && exit 1; }
for package in "$folder"/archives/*.deb; do dpkg-deb --extract "$package" "$folder/root"; done

libraries=$folder/root/usr/lib/R/lib:$folder/root/usr/lib/x86_64-linux-gnu:$folder/root/lib/x86_64-linux-gnu
libraries+=:$folder/root/usr/lib/x86_64-linux-gnu/blas:$folder/root/usr/lib/x86_64-linux-gnu/lapack
cat >"$folder/script.R" <<'SCRIPT'
library(nlme)
theophylline <- groupedData(conc ~ Time | Subject, data = as.data.frame(datasets::Theoph))
at_dose <- theophylline[theophylline$Time == 0, ]
cat(sprintf("subjects with a value above 0 at the time of the dose: %d of %d\n",
            sum(at_dose$conc > 0), nlevels(theophylline$Subject)))
attempt <- function(name, data, weights) {
  fit <- try(suppressWarnings(nlme(conc ~ SSfol(Dose, Time, lKe, lKa, lCl), data = data, fixed = lKe + lKa + lCl ~ 1,
                                   random = pdDiag(lKa + lCl ~ 1), start = c(lKe = -2.4, lKa = 0.45, lCl = -3.2),
                                   weights = weights)), silent = TRUE)
  end <- if (inherits(fit, "try-error")) conditionMessage(attr(fit, "condition")) else sprintf("fitted, %d samples", fit$dims$N)
  cat(name, ": ", end, "\n", sep = "")
}
attempt("proportional error (varPower), all samples", theophylline, varPower(fixed = 1))
attempt("proportional error, without the samples at time 0", subset(theophylline, Time > 0), varPower(fixed = 1))
attempt("additive and proportional error (varConstPower), all samples", theophylline, varConstPower(fixed = list(power = 1)))
SCRIPT
R_HOME=$folder/root/usr/lib/R R_SHARE_DIR=$folder/root/usr/share/R/share R_LIBS_SITE=$folder/root/usr/lib/R/site-library \
  LD_LIBRARY_PATH=$libraries "$folder/root/usr/lib/R/bin/exec/R" --no-echo --no-restore --no-save --file="$folder/script.R" \
  >"$folder/told" 2>"$folder/errors" || { cat "$folder/errors" >&2 && exit 1; }

cat >"$folder/seen" <<'SEEN'
subjects with a value above 0 at the time of the dose: 3 of 12
proportional error (varPower), all samples: NA/NaN/Inf in foreign function call (arg 1)
proportional error, without the samples at time 0: fitted, 120 samples
additive and proportional error (varConstPower), all samples: fitted, 132 samples
SEEN
cat "$folder/told"
diff "$folder/seen" "$folder/told" >&2 || { echo "This has changed." >&2 && exit 1; }
