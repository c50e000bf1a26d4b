#include "device.hpp"

#include "planning.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

void plan_options(po::options_description& description) {
  add_planning(description);
  description.add_options()("simulate", po::value<std::size_t>()->default_value(0)->value_name("COUNT"),
                            "runs of the device to simulate, with its noise: in how many the promise holds")(
      "json", "JSON in place of a table");
}

void export_options(po::options_description& description) {
  add_planning(description);
  description.add_options()("output,o", po::value<std::string>()->value_name("FOLDER"), "folder to write")(
      "force,f", "write into a folder that holds other files, too");
}

void import_options(po::options_description& description) {
  description.add_options()(
      "counts", po::value<std::vector<std::string>>()->composing()->value_name("COUNTS.json"),
      "counts by circuit, of Qiskit (get_counts, Result, Sampler) or Braket; none: the answer of what is imported")(
      "manifest", po::value<std::string>()->value_name("FOLDER"), "the folder that titrant device export wrote")(
      "device", po::value<std::string>()->value_name("FILE.yaml|FILE.json"),
      "the device file of the export, where it is no longer where it was")(
      "results", po::value<std::string>()->value_name("FILE.json"),
      "where imported counts are kept (default: results.json in the folder)")(
      "bit-order", po::value<std::string>()->default_value("highest")->value_name("highest|lowest"),
      "which classical bit outcomes begin with")(
      "first", po::value<std::string>()->value_name("NAME"),
      "circuit of the first counts of a file that names none (default: the first of the manifest, and all of it)")(
      "partial", "take what is there although circuits are missing")(
      "max-calibration-age", po::value<double>()->default_value(7.0, "7")->value_name("DAYS"),
      "a calibration that is older is warned of")("seed",
                                                  po::value<std::uint64_t>()->default_value(1)->value_name("SEED"),
                                                  "of the interval")("json", "JSON in place of a table");
}

}  // namespace

Command device_command() {
  return {"device",
          "a question answered by a quantum computer: plan its circuits, export them, import the counts",
          "titrant device plan --store run.h5 --device configs/devices/example_heavy_hex.yaml",
          nullptr,
          nullptr,
          {},
          false,
          {{"plan", "say which circuits answer a question, how many shots, and how long that takes",
            "titrant device plan --store run.h5 --device configs/devices/example_heavy_hex.yaml --simulate 200",
            plan_options, plan_device},
           {"export", "write these circuits as OpenQASM 3 into a folder, with a manifest",
            "titrant device export --store run.h5 --device configs/devices/example_heavy_hex.yaml --output circuits",
            export_options, export_device},
           {"import",
            "read counts of these circuits, and answer",
            "titrant device import counts.json --manifest circuits",
            import_options,
            import_device,
            {"counts"}}}};
}

}  // namespace titrant::cli
