#pragma once

#include "titrant/protocol/endpoint.hpp"
#include "titrant/trial/synthetic.hpp"

namespace titrant::tests {

/// The endpoint of the embedded trial, which its name calls control: measured biomarker values from 480 to 504 h below
/// 3.3 ng/mL.
inline protocol::Endpoint control() { return trial::default_protocol().endpoints.front(); }

/// One of the same hours with other limits.
inline protocol::Endpoint measured(protocol::Quantity of, const protocol::Limits& limits) {
  protocol::Endpoint endpoint = control();
  endpoint.name = "measured";
  endpoint.of = of;
  endpoint.limits = limits;
  return endpoint;
}

}  // namespace titrant::tests
