#include "titrant/run/subject_circuit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "titrant/core/error.hpp"
#include "titrant/quantum/simulation/distribution.hpp"
#include "titrant/quantum/synthesis/basis.hpp"
#include "titrant/run/resources.hpp"

namespace titrant::run {
namespace {

/// Ten subjects on 1 and 10 mg daily, and the model of one compartment that their exposure is taken from.
Results small_results() {
  Results results;
  results.trial.source = "ten subjects";
  for (int i = 0; i < 10; ++i) {
    trial::Subject subject;
    subject.id = fmt::format("P{}", i + 1);
    subject.covariates = {{"weight", 60.0 + i}, {"comed", i % 2}};
    subject.dose = i < 5 ? 1.0 : 10.0;
    subject.doses = pkpd::course({subject.dose, 24.0}, 21);
    subject.biomarkers = {{490.0, i < 5 ? 5.0 : 2.0, false, 0.0}};
    results.trial.subjects.push_back(subject);
  }
  results.trial.covariates = {{"weight", "BW", {}, {}}, {"comed", "COMED", {}, {}}};
  results.inputs = {{.name = "comed"}};
  nlme::PopulationFit& fit = results.pk.best;
  fit.model.structure = pkpd::Structure::one_compartment;
  fit.model.parameters = {{"absorption_rate", 1.0, 0.0, {}}, {"clearance", 1.0, 0.3, {}}, {"volume", 20.0, 0.0, {}}};
  fit.subjects = {1};
  fit.etas = {{std::log(2.0)}};
  return results;
}

double p_answer(const SubjectCircuit& circuit) {
  double p = 0.0;
  for (const quantum::Outcome& outcome : quantum::distribution(circuit.circuit, {}, {}))
    if (((outcome.bits >> circuit.result_bit) & 1U) != 0U) p += outcome.probability;
  return p;
}

TEST(SubjectCircuit, AnswersAsTheClassifierDoes) {
  const Configuration configuration = load_configuration({"", {}});
  const Results results = small_results();
  const classifier::Qcnn qcnn = network_of(configuration, results.trial, "qcnn", "");
  for (const SubjectChoice& choice : {SubjectChoice{}, SubjectChoice{"P2", {}, 24.0}, SubjectChoice{"P7", 3.5, 24.0},
                                      SubjectChoice{"P2", 40.0, 168.0}}) {
    const SubjectExample one = subject_example(results, choice);
    const double expected = qcnn.exact_p_one({&one.example, 1})[0];
    const SubjectCircuit general = subject_circuit(qcnn, one.example, Preparation::general);
    EXPECT_NEAR(p_answer(general), expected, 1e-12) << one.id;
    EXPECT_TRUE(general.circuit.amplitude_qubits().empty());
    EXPECT_EQ(general.circuit.parameters(), 0U);
    EXPECT_EQ(general.circuit.features(), 0U);
  }
}

// One compartment at steady state: two exponentials, bond dimension 2, n - 1 gates on two qubits.
TEST(SubjectCircuit, PreparesCompartmentCurvesAsMatrixProductStates) {
  const Configuration configuration = load_configuration({"", {}});
  const Results results = small_results();
  const classifier::Qcnn qcnn = network_of(configuration, results.trial, "qcnn", "");
  const SubjectExample one = subject_example(results, {"P2", {}, 24.0});
  const SubjectCircuit product = subject_circuit(qcnn, one.example, Preparation::matrix_product_state);
  const SubjectCircuit automatic = subject_circuit(qcnn, one.example, Preparation::automatic);
  EXPECT_EQ(product.bond_dimension, 2U);
  EXPECT_NEAR(product.fidelity, 1.0, 1e-12);
  EXPECT_NEAR(p_answer(product), qcnn.exact_p_one({&one.example, 1})[0], 1e-12);
  EXPECT_EQ(automatic.circuit.operations().size(), product.circuit.operations().size());
}

/// Gates on two qubits of the circuit as blocks; all have to lie on the tree of preset device.
std::size_t pairs_on_the_tree(const quantum::Circuit& circuit) {
  const std::set<std::pair<std::size_t, std::size_t>> tree = {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5},
                                                              {2, 6}, {4, 7}, {0, 8}, {5, 9}};
  std::size_t pairs = 0;
  const quantum::Circuit blocks = quantum::merge_two_qubit_blocks(circuit);
  for (const quantum::Operation& operation : blocks.operations()) {
    if (operation.kind != quantum::Operation::Kind::gate || operation.qubits.size() != 2) continue;
    const auto [low, high] = std::minmax(operation.qubits[0], operation.qubits[1]);
    EXPECT_TRUE(tree.contains({low, high})) << low << " " << high;
    ++pairs;
  }
  return pairs;
}

struct DeviceCase {
  std::vector<std::string> covariates;
  const char* measurements;
  std::size_t pairs;
};

// Preparation and network together. Two gates of the preparation go into the convolution beside them, unless a link
// stands between.
TEST(SubjectCircuit, OfPresetDeviceActsAlongATree) {
  for (const auto& [covariates, measurements, pairs] :
       {DeviceCase{{}, "middle", 26}, DeviceCase{{}, "end", 30}, DeviceCase{{"comed", "weight"}, "end", 37},
        DeviceCase{{"comed"}, "middle", 30}, DeviceCase{{"comed", "weight"}, "middle", 33},
        DeviceCase{{"comed"}, "end", 34}}) {
    const Configuration configuration =
        load_configuration({"",
                            {"classifier.preset=device", fmt::format("classifier.measurements={}", measurements),
                             fmt::format("classifier.covariates=[{}]", fmt::join(covariates, ","))}});
    const Results results = small_results();
    const classifier::Qcnn qcnn = network_of(configuration, results.trial, "qcnn", "");
    for (const double interval : {24.0, 168.0}) {
      const SubjectExample one = subject_example(results, {"P2", 3.0, interval});
      const SubjectCircuit circuit = subject_circuit(qcnn, one.example, Preparation::automatic);
      EXPECT_EQ(circuit.circuit.qubits(), 7 + covariates.size());
      EXPECT_EQ(pairs_on_the_tree(circuit.circuit), pairs) << fmt::format("{}", fmt::join(covariates, " "));
      EXPECT_NEAR(p_answer(circuit), qcnn.exact_p_one({&one.example, 1})[0], 1e-12);
      EXPECT_NEAR(circuit.fidelity, 1.0, 1e-12);
      EXPECT_EQ(circuit.qubits[0].size, 6U);
      EXPECT_EQ(circuit.bits.size(), circuit.result_bit == 0 ? 1U : 2U);
    }
  }
}

TEST(SubjectCircuit, TakesTheSubjectsOwnParametersAndDose) {
  const Results results = small_results();
  const SubjectExample own = subject_example(results, {"P2", {}, 24.0});
  const SubjectExample typical = subject_example(results, {"P1", {}, 24.0});
  EXPECT_EQ(own.example.dose, 1.0);
  EXPECT_NEAR(own.profile->per_mg.average, 0.5 * typical.profile->per_mg.average, 1e-9);  // clears twice as fast
  EXPECT_EQ(subject_example(results, {}).id, "P1");
}

TEST(SubjectCircuit, SaysWhatThereIsNot) {
  const Results results = small_results();
  EXPECT_THROW(subject_example(results, {"nobody", {}, 24.0}), DataError);
  EXPECT_THROW(network_of({}, results.trial, "oracle", ""), ConfigError);
  EXPECT_THROW(network_of({}, results.trial, "mechanistic", ""), ConfigError);
  EXPECT_THROW(network_of({}, results.trial, "qcnn", "absent.h5"), Error);
}

// 45 angles in 150 rotations: 300 shifted circuits a subject and step. Each subject is learnt from in all folds but
// one.
TEST(Resources, CountTheCircuitsOfATraining) {
  Configuration configuration = load_configuration({"", {}});
  configuration.training.folds = 5;
  configuration.training.steps = 150;
  configuration.training.replicates = 2;
  configuration.quantum.gradient = classifier::Gradient::parameter_shift;
  const Resources by_use = resources(configuration, small_results());
  EXPECT_EQ(by_use.subjects, 10U);
  EXPECT_EQ(by_use.trained_on, 8U);
  EXPECT_EQ(by_use.parameters, 45U);
  EXPECT_EQ(by_use.occurrences, 150U);
  EXPECT_EQ(by_use.qubits, 8U);
  EXPECT_EQ(by_use.two_qubit_gates, 36U);  // three in each of ten blocks, and six links
  EXPECT_EQ(by_use.measurements, 5U);      // three pooled, one more, the answer
  EXPECT_EQ(by_use.training_circuits, 2.0 * 5 * 8 * 150 * 300);
  configuration.quantum.gradient = classifier::Gradient::shared_shift;
  EXPECT_EQ(resources(configuration, small_results()).training_circuits, 2.0 * 5 * 8 * 150 * 90);
  configuration.quantum.gradient = classifier::Gradient::spsa;
  configuration.quantum.spsa.repeats = 3;
  EXPECT_EQ(resources(configuration, small_results()).training_circuits, 2.0 * 5 * 8 * 150 * 6);
}

}  // namespace
}  // namespace titrant::run
