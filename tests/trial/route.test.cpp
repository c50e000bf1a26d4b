// Doses by other routes are refused by name; where nothing tells the route, that is said.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "nonmem_text.hpp"

using testing::Contains;
using testing::Not;
using titrant::tests::faults_of;
using titrant::tests::plain_format;
using titrant::trial::NonmemFormat;
using titrant::trial::parse_nonmem;
using titrant::trial::Route;

namespace {

const std::string assumed = "Oral doses are assumed: the file does not tell the route (data.route).";

std::vector<std::string> remarks_of(const std::string& text, const NonmemFormat& format = plain_format()) {
  return parse_nonmem(text, "f", format).remarks;
}

}  // namespace

TEST(Route, DosesIntoOtherCompartmentsThanTheDepotAreRefused) {
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,CMT\na,0,.,5,1\na,1,2,.,2\nb,0,.,5,2\nb,1,2,.,2\n"),
            "f:4:9: CMT: a dose into compartment '2', the central one: an intravenous dose: only oral doses, into the "
            "depot (compartment '1'), are supported yet; expected data.compartments, where the depot has another "
            "number, or data.ignore");
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,EVID\na,0,.,5,201\na,1,2,.,0\n").substr(0, 40),
            "f:2:9: EVID: a dose into compartment '2'");
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,EVID,CMT\na,0,.,5,101,3\na,1,2,.,0,2\n"),
            "f:2:13: CMT: a dose into compartment '3' where EVID says 1");
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,CMT\na,0,.,5,central\na,1,2,.,central\n").substr(0, 48),
            "f:2:9: CMT: a dose into compartment 'central', t");
}

// One compartment, doses and concentrations in it: NONMEM's ADVAN1, an intravenous bolus.
TEST(Route, ConcentrationsWhereDosesEnterAreRefused) {
  const std::string text = "ID,TIME,DV,AMT,CMT\na,0,.,5,1\na,1,2,.,1\n";
  EXPECT_EQ(faults_of(text),
            "f:3:9: CMT: a concentration in compartment 1, which doses enter: an intravenous bolus where the model has "
            "one compartment, and these are not supported yet; expected data.route: oral if the doses are oral");
  NonmemFormat format = plain_format();
  format.route = Route::oral;
  EXPECT_TRUE(remarks_of(text, format).empty());
  EXPECT_EQ(faults_of("ID,TIME,DV,CMT\na,1,2,1\n"), "") << "no doses";
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

TEST(Route, TwoRoutesOfAdministrationAreRefused) {
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,ADM\na,0,.,5,2\na,1,2,.,.\na,2,.,5,2\n"), "");
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,ADM\na,0,.,5,1\na,1,2,.,.\na,2,.,5,2\n"),
            "f:4:9: ADM: doses by two routes, 1 and 2; only oral doses are supported yet: leave the others out with "
            "data.ignore");
}

TEST(Route, InfusionsAreRefused) {
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,DUR\na,0,.,5,4\na,1,2,.,0\n"),
            "f:2:9: infusions are not supported by the oral models: DUR 4; expected 0 or no such column");
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,DUR\na,0,.,5,0\na,1,2,.,7\n"), "") << "of no dose";
}
