// The outer form of a data file: separators, quotes, line ends, comments, and files that are no tables.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "nonmem_text.hpp"

using testing::HasSubstr;
using titrant::tests::faults_of;
using titrant::tests::plain_format;
using titrant::trial::CommentLines;
using titrant::trial::NonmemFormat;
using titrant::trial::parse_nonmem;
using titrant::trial::Trial;

namespace {

/// The same two records behind every outer form.
void expect_two_records(const std::string& text) {
  SCOPED_TRACE(text);
  const Trial trial = parse_nonmem(text, "f", plain_format());
  ASSERT_EQ(trial.subjects.size(), 1U);
  EXPECT_EQ(trial.subjects[0].id, "7");
  ASSERT_EQ(trial.subjects[0].concentrations.size(), 2U);
  EXPECT_EQ(trial.subjects[0].concentrations[0].time, 1.0);
  EXPECT_EQ(trial.subjects[0].concentrations[0].value, 0.25);
  EXPECT_EQ(trial.subjects[0].concentrations[1].time, 2.5);
  EXPECT_EQ(trial.subjects[0].concentrations[1].value, -3.0);
}

}  // namespace

TEST(Table, ReadsEverySeparator) {
  expect_two_records("ID,TIME,DV\n7,1,0.25\n7,2.5,-3\n");
  expect_two_records("ID;TIME;DV\n7;1;0.25\n7;2.5;-3\n");
  expect_two_records("ID\tTIME\tDV\n7\t1\t0.25\n7\t2.5\t-3\n");
  expect_two_records("ID TIME DV\n7 1 0.25\n7 2.5 -3\n");
  expect_two_records("  ID   TIME  DV \n   7    1.0  2.5e-1\n   7  \t2.5\t-3.0  \n");
}

TEST(Table, ReadsBlanksAroundFieldsAndSignedNumbers) { expect_two_records("ID , TIME,DV\n 7,+1 , .25\n7,25E-1,-3\n"); }

TEST(Table, ReadsLineEndsOfEverySystem) {
  expect_two_records("ID,TIME,DV\r\n7,1,0.25\r\n7,2.5,-3\r\n");
  expect_two_records("ID,TIME,DV\n7,1,0.25\n7,2.5,-3");
  expect_two_records("\n\nID,TIME,DV\n\n7,1,0.25\n  \r\n7,2.5,-3\n\n");
}

TEST(Table, ReadsByteOrderMarkHashHeaderAndComments) {
  expect_two_records("\xEF\xBB\xBFID,TIME,DV\n7,1,0.25\n7,2.5,-3\n");
  expect_two_records("#ID,TIME,DV\n7,1,0.25\n7,2.5,-3\n");
  expect_two_records("# ID TIME DV\n7 1 0.25\n# a remark, with a comma\n7 2.5 -3\n");
}

TEST(Table, ReadsQuotedFields) {
  expect_two_records("\"ID\",\"TIME\",\"DV\"\n\"7\",\"1\",\"0.25\"\n7,\"2.5\" , \" -3 \"\n");
  expect_two_records("\"ID\" \"TIME\" \"DV\" \"A remark\"\n7 1 .25 \"x y\"\n7 2.5 -3 z\n");
  const Trial trial = parse_nonmem("ID,TIME,DV\n\"Doe, \"\"J\"\"\",1,2\n", "f", plain_format());
  EXPECT_EQ(trial.subjects.at(0).id, "Doe, \"J\"");
}

TEST(Table, SeparatorsInQuotedNamesDoNotDecide) {
  expect_two_records("ID;TIME;DV;\"a,b,c,d\"\n7;1;0.25;\n7;2.5;-3;.\n");
}

TEST(Table, RefusesQuotesThatDoNotClose) {
  EXPECT_EQ(faults_of("ID,TIME,DV\n7,1,\"0.25\n7,2,1\n"), "f:2:5: expected a closing quote before the next separator");
  EXPECT_EQ(faults_of("ID,TIME,DV\n7,\"1\"x,2\n7,2,1\n"), "f:2:3: expected a closing quote before the next separator");
  EXPECT_EQ(faults_of("#ID,\"TIME\n7,1\n"), "f:1:5: expected a closing quote before the next separator");
}

TEST(Table, RefusesRowsOfAnotherWidth) {
  EXPECT_EQ(faults_of("ID,TIME,DV\n7,1\n7,2,3\n7,3,4,5\n"),
            "f:2:4: 2 fields where the header has 3\nf:4:7: 4 fields where the header has 3");
}

TEST(Table, ColumnsCountCharactersAndNotBytes) {
  EXPECT_EQ(faults_of("ID,TIME,DV\nM\xC3\xBCller,1,x\n"),
            "f:2:10: DV: expected a number, -1e15 to 1e15, found 'x', which is not a number");
}

TEST(Table, RefusesWhatIsNoTable) {
  EXPECT_EQ(faults_of(""), "f:1:1: the file is empty; expected a header line with the names of the columns");
  EXPECT_EQ(faults_of("\xEF\xBB\xBF"),
            "f:1:1: the file is empty; expected a header line with the names of the columns");
  EXPECT_EQ(faults_of(" \r\n\n"), "f:1:1: the file is empty; expected a header line with the names of the columns");
  EXPECT_EQ(faults_of("ID,TIME,DV\n"), "f:1:1: no records after the header");
  EXPECT_EQ(faults_of("ID,TIME,DV\n# nothing\n\n"), "f:1:1: no records after the header");
  EXPECT_THAT(faults_of(std::string("\xFF\xFEI\0D\0", 6)), HasSubstr("f:1:1: the file is UTF-16"));
}

TEST(Table, RefusesEndlessLines) {
  const std::string endless(100000, '1');
  EXPECT_EQ(faults_of("ID,TIME,DV\n7,1," + endless + "\n"), "f:2:1: the line has more than 65536 bytes");
  EXPECT_EQ(faults_of(endless), "f:1:1: the line has more than 65536 bytes; expected a header line");
}

TEST(Table, CommentsAreCounted) {
  const Trial trial = parse_nonmem("ID,TIME,DV\n# one\n7,1,0.25\n#7,2,1\n7,2.5,-3\n", "f", plain_format());
  EXPECT_EQ(trial.subjects.at(0).concentrations.size(), 2U);
  EXPECT_EQ(trial.remarks.at(0), "Left out: 2 lines that begin like a comment.");
}

// NONMEM users put a C before records that are not to be used, and say IGNORE=C or IGNORE=@.
TEST(Table, RecordsThatBeginWithCMayBeComments) {
  const std::string text = "ID,TIME,DV\n7,1,0.25\nC7,1.5,9\n7,2.5,-3\n";
  EXPECT_EQ(faults_of(text),
            "f:3:1: the record begins with 'C7' where others begin with a number, as comments do (IGNORE=C); expected "
            "data.comments: C, which leaves such records out, or data.comments: none");
  NonmemFormat format = plain_format();
  for (const CommentLines lines : {CommentLines::c, CommentLines::letter}) {
    format.comment_lines = lines;
    const Trial trial = parse_nonmem(text, "f", format);
    EXPECT_EQ(trial.subjects.at(0).concentrations.size(), 2U);
    EXPECT_EQ(trial.remarks.at(0), "Left out: 1 line that begins like a comment.");
  }
  format.comment_lines = CommentLines::hash;
  EXPECT_EQ(faults_of(text, format),
            "f:4:1: the records of subject '7' are not in one block: others stand before this one");
  EXPECT_EQ(faults_of("ID,TIME,DV\nC7,1,0.25\nC8,1.5,9\n"), "") << "subjects are texts";
  format.comment_lines = CommentLines::letter;
  EXPECT_EQ(faults_of("ID,TIME,DV\nTABLE 1\n@ what follows\n7,1,1\n", format), "");
}

TEST(Table, AColumnMayMarkComments) {
  const Trial trial =
      parse_nonmem("C,ID,TIME,DV\n.,7,1,0.25\nC,7,1.5,9\n0,7,2,8\nc,x,y,z\n,7,2.5,-3\n", "f", plain_format());
  EXPECT_EQ(trial.subjects.at(0).concentrations.size(), 3U);
  EXPECT_EQ(trial.remarks.at(0), "Left out: 2 records with C in the column of comments, first in line 3.");
  EXPECT_EQ(faults_of("C,ID,TIME,DV\nno,7,1,0.25\n"),
            "f:2:1: C: expected C (a comment), a number or nothing, found 'no'; see data.columns.comment");
}
