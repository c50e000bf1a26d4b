#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "test_contract.hpp"
#include "titrant/store/store.hpp"

/// A folder of its own for each test program, removed afterwards, and a small store that has something of everything.
class StoreTest : public testing::Test {
 protected:
  StoreTest() { std::filesystem::create_directories(folder_); }
  ~StoreTest() override { std::filesystem::remove_all(folder_); }

  std::vector<std::string> names_in_folder() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) names.push_back(entry.path().filename());
    return names;
  }

  static void fill(titrant::store::Writer& out) {
    const std::vector<double> doses = {0.5, 1.0, 1.5};
    const std::vector<double> few_doses = {10.0, 20.0};
    const std::vector<double> few_rates = {0.75, 1.0};
    const std::vector<std::int64_t> subjects = {0, 1, 2, 3};
    const std::vector<std::string> parameters = {"clearance", "volume", "Θ₃"};
    const std::vector<double> rates = {0.0, 0.25, std::numeric_limits<double>::quiet_NaN()};
    const std::vector<std::string> ids = {"A", "", "long identifier", "Zürich"};
    const std::vector<std::int64_t> counts = {-1, 0, std::int64_t{1} << 40, 7};
    const std::vector<std::string> scenarios = {"base", "heavy", "", "no_comed"};
    std::vector<double> unrounded(doses.size() * subjects.size());
    for (std::size_t i = 0; i < unrounded.size(); ++i) unrounded[i] = 0.01 * static_cast<double>(i);
    std::vector<std::int64_t> ones(unrounded.size());
    for (std::size_t i = 0; i < ones.size(); ++i) ones[i] = static_cast<std::int64_t>(i * i);

    out.attribute("/", "titrant_version", std::string("9.8.7"));
    out.scalar("/config/resolved", std::string("seed: 1\nname: Zürich\n"));
    out.attribute("/config/resolved", "sha256", std::string("ab12"));
    out.scale("/scenario/base/daily/dose", doses);
    out.scale("/scenario/base/daily/subject", subjects);
    out.dataset("/scenario/base/daily/qcnn/pass_rate", rates);
    out.distributed("/scenario/base/daily/qcnn/unrounded", 1, 0, unrounded);
    out.distributed("/scenario/base/daily/qcnn/probability", 1, 0, unrounded);
    out.distributed("/scenario/base/daily/qcnn/counts", 1, 0, ones);
    out.attribute("/scenario/base/daily/qcnn", "shots", std::int64_t{1024});
    out.attribute("/scenario/base/daily/qcnn", "scale", 6.5);
    out.scale("/scenario/base/daily/own/dose", few_doses);
    out.dataset("/scenario/base/daily/own/pass_rate", few_rates);
    out.scale("/decision/cell", subjects);
    out.dataset("/decision/scenario", scenarios);
    out.scale("/trial/subject", subjects);
    out.dataset("/trial/id", ids);
    out.dataset("/trial/count", counts);
    out.scale("/pk/parameter", parameters);
    out.attribute("/pk", "method", std::string("Laplace, η at its mode"));
    out.dataset("/pk/covariance", std::array<double, 9>{1, 2, 3, 4, 5, 6, 7, 8, 9});
    std::vector<double> many(5000);
    for (std::size_t i = 0; i < many.size(); ++i) many[i] = 0.5 * static_cast<double>(i);
    out.scale("/trial/large", many);
    out.scalar("/pk/objective", -123.456);
    out.scalar("/pk/observations", std::int64_t{864});
  }

  std::filesystem::path write(const std::string& name) const {
    titrant::store::Writer out({}, folder_ / name, test_contract(), test_units);
    fill(out);
    out.commit();
    return folder_ / name;
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("titrant_store_test_" + std::to_string(::getpid()));
};

/// The message of the error that an action throws, empty where it throws none.
template <class ErrorType, class Action>
std::string message_of(const Action& action) {
  try {
    action();
  } catch (const ErrorType& error) {
    return error.what();
  }
  return "";
}
