#pragma once

#include "command.hpp"

/// \file
/// The actions of `titrant circuit`, one file each (circuit_*.cpp). All print on the first rank.

namespace titrant::cli {

/// Runs an OpenQASM file: exact probabilities, or counts of shots.
void run_circuit(const Invocation& invocation);

/// Draws the configured network and counts its gates.
void print_network(const Invocation& invocation);

/// Writes the configured or a trained network with the features of one subject as OpenQASM.
void export_network(const Invocation& invocation);

/// Translates an OpenQASM file, or the network of one subject, to the gates and couplings of a device.
void route_circuit(const Invocation& invocation);

/// Reads a calibration: what of it can be used; writes it as a device file of configs/devices.
void convert_device(const Invocation& invocation);

/// What the configured campaign would ask of a device, and of this machine.
void print_resources(const Invocation& invocation);

}  // namespace titrant::cli
