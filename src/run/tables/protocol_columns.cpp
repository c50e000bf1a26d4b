#include "protocol_columns.hpp"

#include <string>
#include <vector>

#include "titrant/protocol/settings.hpp"
#include "titrant/store/columns.hpp"

namespace titrant::run {

namespace {

template <class Named>
std::vector<std::string> names_of(const std::vector<Named>& all) {
  std::vector<std::string> names;
  for (const Named& one : all) names.push_back(one.name);
  return names;
}

}  // namespace

void write_protocol(const protocol::Protocol& protocol, const trial::Units& units, store::Writer& out) {
  if (!protocol.regimens.empty()) {
    using protocol::Regimen;
    const std::string group = "/protocol/regimen";
    out.scale(group + "/name", names_of(protocol.regimens));
    store::Columns(out, group, protocol.regimens)
        .numbers("interval", [](const Regimen& r) { return r.interval; })
        .words("dose_unit", [&](const Regimen& r) { return r.dose_unit(units.amount); })
        .numbers("loading_factor", [](const Regimen& r) { return r.loading.factor; })
        .integers("loading_doses", [](const Regimen& r) { return r.loading.doses; })
        .words("definition", [](const Regimen& r) { return protocol::definition(r); });
  }
  if (!protocol.endpoints.empty()) {
    using protocol::Endpoint;
    const std::string group = "/protocol/endpoint";
    out.scale(group + "/name", names_of(protocol.endpoints));
    store::Columns(out, group, protocol.endpoints)
        .words("description",
               [&](const Endpoint& e) { return protocol::describe(e, units.biomarker, units.concentration); })
        .words("definition", [](const Endpoint& e) { return protocol::definition(e); });
  }
  using protocol::Population;
  const std::string group = "/protocol/population";
  out.scale(group + "/name", names_of(protocol.populations));
  store::Columns(out, group, protocol.populations).words("definition", [](const Population& p) {
    return protocol::definition(p);
  });
  if (protocol.questions().empty()) return;
  const protocol::Question headline = protocol.headline();
  out.scalar("/protocol/headline/population", headline.population);
  out.scalar("/protocol/headline/regimen", headline.regimen);
  out.scalar("/protocol/headline/endpoint", headline.endpoint);
  out.scalar("/protocol/headline/target", headline.target);
}

}  // namespace titrant::run
