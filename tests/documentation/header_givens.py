"""What the usage examples of public headers take as given: names that a reader understands without a declaration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Given:
    """In front of an example: its function's parameters, headers of these, and declarations besides."""

    parameters: str
    includes: tuple[str, ...] = ()
    declarations: str = ""


RANKS = "const parallel::Communicator& ranks"
CIRCUIT_INPUTS = "std::span<const double> parameters, std::span<const Input> inputs"
NUMBERS = "const std::vector<double>&"
MODEL = """
struct Data;
class MonoExponential : public SubjectModel {
 public:
  explicit MonoExponential(const Data& data);
  std::size_t subjects() const override;
  std::span<const double> observed(std::size_t subject) const override;
  const pkpd::Covariates& covariates(std::size_t subject) const override;
  void predict(std::size_t, std::span<const double>, std::span<double>, std::span<double>) const override;
  std::string describe(std::size_t subject, std::size_t observation) const override;
};
"""
"""All that a user's model must define."""

GIVEN = {
    "run/check.hpp": Given("const Configuration& configuration", ('"titrant/run/run.hpp"',)),
    "classifier/qcnn.hpp": Given(
        f"{RANKS}, const ClassifierOptions& classifier_options, const QuantumOptions& quantum_options, std::uint64_t seed, "
        "const LabelledExamples& examples, const TrainingOptions& training_options, std::span<const Example> others"
    ),
    "store/columns.hpp": Given(
        "Writer& out, const std::vector<Decision>& decisions",
        declarations="struct Decision { std::string method; double answer() const; };",
    ),
    "core/console.hpp": Given("bool quiet", ("<iostream>", "<unistd.h>")),
    "core/pulse.hpp": Given("", declarations="void draw(const Pulse& sign);"),
    "core/settings.hpp": Given(
        "Options& options, const std::string& text", declarations="struct Options { double threshold; };"
    ),
    "core/stream.hpp": Given("std::uint64_t seed, std::uint64_t subject, double omega"),
    "core/text_chart.hpp": Given(f"{NUMBERS} doses, {NUMBERS} rates"),
    "core/yaml_reader.hpp": Given(
        "const YAML::Node& node, const YamlFault& fault, Regimen& result",
        ("<yaml-cpp/yaml.h>",),
        "struct Regimen { double interval; };",
    ),
    "dose/cohort.hpp": Given(
        "const VirtualPopulation& population, const PopulationModels& models, std::uint64_t seed"
    ),
    "dose/outcomes.hpp": Given(
        "const protocol::Regimen& regimen, const protocol::Protocol& protocol, bool lowers, "
        "const VirtualSubject& subject",
        ('"titrant/protocol/protocol.hpp"',),
    ),
    "nlme/importance.hpp": Given(
        f"{RANKS}, const SubjectModel& model, const Estimation& fit, std::uint64_t seed", ('"titrant/nlme/estimate.hpp"',)
    ),
    "nlme/saem.hpp": Given(
        f"{RANKS}, const SubjectModel& model, const Population& initial, std::uint64_t seed", ('"titrant/nlme/importance.hpp"',)
    ),
    "nlme/objective.hpp": Given(f"{RANKS}, const SubjectModel& model, const Population& population"),
    "nlme/subject_model.hpp": Given(
        f"{RANKS}, const nlme::Population& population, const nlme::EstimationOptions& options, std::uint64_t seed, "
        "const Data& data",
        ('"titrant/nlme/estimate.hpp"',),
        MODEL,
    ),
    "parallel/communicator.hpp": Given("int argc, char** argv"),
    "parallel/journal.hpp": Given(
        f"{RANKS}",
        ("<memory>",),
        "std::string read();\nvoid write(std::string_view text);\nvoid compute(const Communicator& ranks);",
    ),
    "parallel/work.hpp": Given(
        f"{RANKS}, {NUMBERS} subjects", ('"titrant/core/sum.hpp"',), "double objective(double subject);"
    ),
    "parallel/reason.hpp": Given(
        "std::span<double> slot, std::size_t unit, std::size_t units, std::string& summary",
        ('"titrant/core/error.hpp"',),
        "void compute(std::size_t unit, std::span<double> slot);\n"
        "std::span<const double> slot_of(std::size_t unit);",
    ),
    "pkpd/biomarker_course.hpp": Given(
        "const Individual& individual, std::span<const Dose> doses, std::span<const double> times, "
        "const Biomarker& biomarker, std::span<double> values"
    ),
    "pkpd/biomarker_response.hpp": Given(
        "const Individual& individual, const Biomarker& biomarker, double dose, double threshold"
    ),
    "pkpd/concentration_course.hpp": Given("const Individual& individual, std::span<const Dose> doses"),
    "pkpd/concentration_response.hpp": Given("const Individual& individual, double dose, double lowest_effective"),
    "quantum/evaluator.hpp": Given(f"const Circuit& circuit, std::size_t result_bit, {CIRCUIT_INPUTS}"),
    "quantum/noise/noise_model.hpp": Given(
        "const Operation& operation, DensityMatrix& rho", ('"titrant/quantum/noise/density_matrix.hpp"',)
    ),
    "quantum/noise/density_matrix.hpp": Given(
        "", ('"titrant/quantum/gates.hpp"', '"titrant/quantum/noise/channel.hpp"')
    ),
    "quantum/noisy_evaluator/noisy_evaluator.hpp": Given(
        f"const Circuit& circuit, std::size_t result_bit, {CIRCUIT_INPUTS}"
    ),
    "quantum/quadratic_form.hpp": Given(
        "const Evaluator& evaluator, std::span<const double> parameters, std::span<const double> features, "
        "std::span<const double> amplitudes, std::span<double> p",
        ('"titrant/quantum/evaluator.hpp"',),
    ),
    "quantum/statevector.hpp": Given("", ('"titrant/quantum/gates.hpp"',)),
    "store/store.hpp": Given(f"{RANKS}, const Contract& contract, {NUMBERS} doses, {NUMBERS} rates"),
}
"""By header, below include/titrant. An example that needs nothing has no entry."""
