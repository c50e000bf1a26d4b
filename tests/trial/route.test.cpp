// The route of every dose, and what is assumed where the file does not tell.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "nonmem_text.hpp"

using testing::Contains;
using testing::ElementsAre;
using testing::Not;
namespace pkpd = titrant::pkpd;
using titrant::pkpd::DoseInto;
using titrant::tests::faults_of;
using titrant::tests::plain_format;
using titrant::trial::NonmemFormat;
using titrant::trial::parse_nonmem;
using titrant::trial::Route;

namespace {

const std::string assumed = "Oral doses are assumed: the file does not tell the route (data.route).";

std::vector<DoseInto> routes_of(const std::string& text, const NonmemFormat& format = plain_format()) {
  std::vector<DoseInto> routes;
  for (const auto& subject : parse_nonmem(text, "f", format).subjects) {
    for (const auto& dose : subject.doses) routes.push_back(dose.into);
  }
  return routes;
}

std::vector<std::string> remarks_of(const std::string& text, const NonmemFormat& format = plain_format()) {
  return parse_nonmem(text, "f", format).remarks;
}

}  // namespace

TEST(Route, DosesEnterTheCompartmentOfTheirRecord) {
  const std::string both = "ID,TIME,DV,AMT,CMT\na,0,.,5,1\na,1,2,.,2\nb,0,.,5,2\nb,1,2,.,2\n";
  EXPECT_THAT(routes_of(both), ElementsAre(DoseInto::depot, DoseInto::central));
  EXPECT_TRUE(remarks_of(both).empty());
  EXPECT_THAT(routes_of("ID,TIME,DV,AMT,EVID\na,0,.,5,201\na,1,2,.,0\n"), ElementsAre(DoseInto::central));
  EXPECT_THAT(routes_of("ID,TIME,DV,AMT,CMT\na,0,.,5,central\na,1,2,.,central\n"), ElementsAre(DoseInto::central));
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,EVID,CMT\na,0,.,5,101,3\na,1,2,.,0,2\n"),
            "f:2:13: CMT: a dose into compartment '3' where EVID says 1");
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,CMT\na,0,.,5,3\na,1,2,.,2\n"),
            "f:2:9: CMT: a dose into compartment '3'; expected the depot ('1') or the central compartment ('2'), whose "
            "numbers data.compartments gives, or data.ignore");
  NonmemFormat oral = plain_format();
  oral.route = Route::oral;
  EXPECT_EQ(
      faults_of(both, oral),
      "f:4:9: CMT: a dose into compartment '2', the central one, where data.route says oral; expected data.route: "
      "auto, or data.ignore");
}

// One compartment, doses and concentrations in it: NONMEM's ADVAN1, an intravenous bolus.
TEST(Route, DosesWhereConcentrationsAreObservedAreIntravenous) {
  const std::string text = "ID,TIME,DV,AMT,CMT\na,0,.,5,1\na,1,2,.,1\nb,0,.,5,.\nb,1,2,.,1\n";
  EXPECT_THAT(routes_of(text), ElementsAre(DoseInto::central, DoseInto::central));
  EXPECT_THAT(remarks_of(text),
              ElementsAre("Doses are intravenous: concentrations are observed in the compartment that "
                          "they enter (data.route)."));
  NonmemFormat format = plain_format();
  format.route = Route::oral;
  EXPECT_THAT(routes_of(text, format), ElementsAre(DoseInto::depot, DoseInto::depot));
  EXPECT_TRUE(remarks_of(text, format).empty());
  EXPECT_EQ(faults_of("ID,TIME,DV,CMT\na,1,2,1\n"), "") << "no doses";
  EXPECT_EQ(faults_of(text + "c,0,.,5,2\nc,1,2,.,1\n"),
            "f:3:9: CMT: a concentration in compartment 1, which doses enter, where other doses enter compartment 2; "
            "expected the numbers of depot and central compartment in data.compartments");
}

TEST(Route, TheUserMaySayThatAllDosesAreIntravenous) {
  NonmemFormat format = plain_format();
  format.route = Route::intravenous;
  const std::string text = "ID,TIME,DV,AMT\na,0,.,5\na,1,2,.\n";
  EXPECT_THAT(routes_of(text, format), ElementsAre(DoseInto::central));
  EXPECT_TRUE(remarks_of(text, format).empty());
}

TEST(Route, WhatTheFileTellsIsNotAssumed) {
  EXPECT_THAT(remarks_of("ID,TIME,DV,AMT,CMT\na,0,.,5,1\na,1,2,.,2\n"), Not(Contains(assumed)));
  EXPECT_THAT(remarks_of("ID,TIME,DV,AMT,CMT\na,0,.,5,depot\na,1,2,.,central\n"), Not(Contains(assumed)));
  EXPECT_THAT(remarks_of("ID,TIME,DV,AMT,EVID,CMT\na,0,.,5,101,1\na,1,2,.,0,2\n"), Not(Contains(assumed)));
  EXPECT_THAT(remarks_of("ID,TIME,DV,AMT\na,0,.,5\na,1,2,.\n"), Contains(assumed));
  EXPECT_THAT(remarks_of("ID,TIME,DV,AMT,CMT\na,0,.,5,0\na,1,2,.,2\n"), Contains(assumed));
  EXPECT_THAT(remarks_of("ID,TIME,DV,AMT,CMT\na,0,.,5,1\na,1,2,.,.\n"), Contains(assumed));
  EXPECT_THAT(remarks_of("ID,TIME,DV,AMT,EVID\na,0,.,0,1\na,1,2,.,0\n"), Not(Contains(assumed))) << "placebo";
}

TEST(Route, CompartmentsHaveTheNumbersOfTheUser) {
  NonmemFormat format = plain_format();
  format.depot = std::string("3");
  const std::string text = "ID,TIME,DV,AMT,CMT\na,0,.,5,3\na,1,2,.,1\n";
  EXPECT_EQ(faults_of(text, format), "");
  EXPECT_NE(faults_of("ID,TIME,DV,AMT,CMT\na,0,.,5,depot\na,1,2,.,1\n", format), "");
}

TEST(Route, TwoRoutesOfAdministrationNeedCompartments) {
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,ADM\na,0,.,5,2\na,1,2,.,.\na,2,.,5,2\n"), "");
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,ADM\na,0,.,5,1\na,1,2,.,.\na,2,.,5,2\n"),
            "f:4:9: ADM: doses by two routes, 1 and 2, and nothing that tells which these are; expected a column of "
            "compartments (data.columns.compartment), or data.ignore for one of them");
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,ADM,CMT\na,0,.,5,1,1\na,1,2,.,.,2\na,2,.,5,2,2\n"), "");
}

TEST(Route, InfusionsHaveARateOrADuration) {
  const auto first = [](const std::string& text, const NonmemFormat& format = plain_format()) {
    return parse_nonmem(text, "f", format).subjects.at(0).doses.at(0);
  };
  const std::string remark =
      "Doses without a compartment are taken as intravenous: there are infusions among them (data.route).";
  for (const std::string text : {"ID,TIME,DV,AMT,DUR\na,0,.,6,4\na,1,2,.,0\na,9,.,3,0\n",
                                 "ID,TIME,DV,AMT,RATE\na,0,.,6,1.5\na,1,2,.,0\na,9,.,3,0\n",
                                 "ID,TIME,DV,AMT,RATE,DUR\na,0,.,6,1.5,4:00\na,1,2,.,0,0\na,9,.,3,0,0\n"}) {
    EXPECT_EQ(first(text).rate, 1.5) << text;
    EXPECT_THAT(routes_of(text), ElementsAre(DoseInto::central, DoseInto::central)) << text;
    EXPECT_THAT(remarks_of(text), ElementsAre(remark));
  }
  const std::string told = "ID,TIME,DV,AMT,RATE,CMT\na,0,.,6,1.5,1\na,1,2,.,0,2\n";
  EXPECT_THAT(routes_of(told), ElementsAre(DoseInto::depot)) << "zero order into the depot";
  NonmemFormat days = plain_format();
  days.time_unit = titrant::trial::TimeUnit::day;
  EXPECT_EQ(first("ID,TIME,DV,AMT,RATE\na,0,.,6,48\na,1,2,.,0\n", days).rate, 2.0) << "48 a day";
  EXPECT_EQ(first("ID,TIME,DV,AMT,DUR\na,0,.,6,0.5\na,1,2,.,0\n", days).rate, 0.5) << "half a day";
  const pkpd::Dose constant = first("ID,TIME,DV,AMT,RATE,SS,II\na,0,.,0,3,1,0\na,1,2,.,0,0,0\n");
  EXPECT_TRUE(constant.constant_infusion());
  EXPECT_EQ(constant.into, DoseInto::central);
}

TEST(Route, InfusionsMayLeaveTheirRateOrDurationToTheModel) {
  const std::string text = "ID,TIME,DV,AMT,RATE,CMT\na,0,.,6,-1,2\na,1,2,.,0,2\na,9,.,3,-2,1\n";
  const std::vector<pkpd::Dose> doses = parse_nonmem(text, "f", plain_format()).subjects.at(0).doses;
  ASSERT_EQ(doses.size(), 2U);
  EXPECT_EQ(doses[0].infusion, pkpd::InfusionBy::modelled_rate);
  EXPECT_EQ(doses[0].into, DoseInto::central);
  EXPECT_EQ(doses[1].infusion, pkpd::InfusionBy::modelled_duration);
  EXPECT_EQ(doses[1].into, DoseInto::depot);
  for (const pkpd::Dose& dose : doses) EXPECT_EQ(dose.rate, 0.0);
  EXPECT_EQ(doses[0].amount, 6.0);
  const std::string given = "ID,TIME,DV,AMT,RATE,DUR\na,0,.,6,0,2\na,1,2,.,0,0\na,9,.,6,3,0\na,12,.,6,3,2\n";
  const std::vector<pkpd::Dose> both = parse_nonmem(given, "f", plain_format()).subjects.at(0).doses;
  EXPECT_EQ(both.at(0).infusion, pkpd::InfusionBy::duration);
  EXPECT_EQ(both.at(1).infusion, pkpd::InfusionBy::rate);
  EXPECT_EQ(both.at(2).infusion, pkpd::InfusionBy::rate);
  for (const pkpd::Dose& dose : both) EXPECT_EQ(dose.rate, 3.0);
}

TEST(Route, InfusionsTellTheRouteWhereConcentrationsDoNot) {
  const std::string text = "ID,TIME,DV,AMT,RATE,CMT\na,0,.,6,1.5,1\na,1,2,.,0,.\na,9,.,3,0,1\n";
  EXPECT_THAT(routes_of(text), ElementsAre(DoseInto::central, DoseInto::central));
  EXPECT_THAT(remarks_of(text), ElementsAre("Doses are taken as intravenous: there are infusions among them, and "
                                            "concentrations have no compartment (data.route)."));
  const std::string told = "ID,TIME,DV,AMT,RATE,CMT\na,0,.,6,1.5,1\na,1,2,.,0,2\n";
  EXPECT_THAT(remarks_of(told), ElementsAre("Infusions into the depot are zero-order input, which is then absorbed."));
}

TEST(Route, ImpossibleInfusionsAreRefused) {
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,RATE\na,0,.,5,1e15\na,1,2,.,0\n"),
            "f:2:9: RATE: an infusion of 5e-15 h; expected 1e-06 to 1e+09 h, or 0 for a dose at once");
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,RATE,DUR\na,0,.,5,-2,3\na,1,2,.,0,0\n"),
            "f:2:9: RATE: -2 beside DUR 3; expected 0 or nothing where the duration is given");
  EXPECT_EQ(
      faults_of("ID,TIME,DV,AMT,EVID,RATE\na,0,.,0,1,2\na,1,2,.,0,0\n"),
      "f:2:11: RATE: 2 with an amount of 0; expected the amount, or SS 1 without interval for an infusion that has "
      "been constant for ever");
  EXPECT_EQ(
      faults_of("ID,TIME,DV,AMT,EVID,RATE\na,0,.,0,1,-1\na,1,2,.,0,0\n"),
      "f:2:11: RATE: -1 with an amount of 0; expected the amount, of which the model's rate makes an infusion, or "
      "RATE 0");
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,RATE\na,0,.,5,-3\na,1,2,.,0\n"),
            "f:2:9: RATE: expected a rate of 0 or more, -1 or -2, found -3");
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,RATE,DUR\na,0,.,6,3,4\na,1,2,.,0,0\n"),
            "f:2:11: DUR: 4 h at the rate of 3 per h are not the amount of 6");
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,RATE\na,0,.,5,1\na,1,2,.,7\n"),
            "f:3:9: RATE: 7 in a record that is no dose; expected 0 or nothing");
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,DUR\na,0,.,5,1\na,1,2,.,7\n"),
            "f:3:9: DUR: 7 in a record that is no dose; expected 0 or nothing");
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,RATE,SS,II\na,0,.,5,0.001,1,2\na,1,2,.,0,0,0\n"),
            "f:2:9: RATE: each infusion lasts 5000 h and the next begins after 2 h: more than 1000 at once");
}
