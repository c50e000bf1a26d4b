#include "titrant/run/answers.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "run/folder_test.hpp"
#include "titrant/core/error.hpp"
#include "titrant/run/contract.hpp"
#include "titrant/store/columns.hpp"

namespace titrant::run {
namespace {

/// A row whose every field has a value of its own.
Answer different_everywhere(const std::string& mark) {
  Answer answer;
  double number = static_cast<double>(mark.size());
  for (const AnswerColumn& column : answer_columns()) {
    if (column.text != nullptr) {
      column.text(answer) = column.description.name + mark;
    } else {
      column.number(answer) = number += 1.0 / 3.0;
    }
  }
  return answer;
}

TEST(AnswerColumns, EachIsAFieldOfItsOwn) {
  Answer answer = different_everywhere("");
  std::set<std::string> names;
  std::set<const void*> fields;
  double number = 0.0;
  for (const AnswerColumn& column : answer_columns()) {
    EXPECT_NE(column.text == nullptr, column.number == nullptr) << column.description.name;
    names.insert(column.description.name);
    if (column.text != nullptr) {
      fields.insert(&column.text(answer));
      EXPECT_EQ(column.text(answer), column.description.name);
      EXPECT_EQ(column.description.type, store::Type::text);
    } else {
      fields.insert(&column.number(answer));
      EXPECT_EQ(column.number(answer), number += 1.0 / 3.0);
      EXPECT_EQ(column.description.type, store::Type::number);
    }
  }
  EXPECT_EQ(names.size(), answer_columns().size());
  EXPECT_EQ(fields.size(), answer_columns().size());
}

TEST(Answers, OfARisingAnswerHaveNoWindow) {
  dose::Decision rising;
  rising.question = {"base", "regimen", "endpoint", 0.9};
  rising.lowest = 8.0;
  rising.highest = 40.0;
  dose::Decision window = rising;
  window.direction = protocol::Direction::window;
  window.rule = dose::Rule::indicator;
  const std::vector<Answer> rows = answers_of({rising, window});
  EXPECT_EQ(rows[0].dose, 8.0);
  EXPECT_EQ(rows[0].direction, "rising");
  EXPECT_EQ(rows[0].rule, "mean");
  EXPECT_TRUE(std::isnan(rows[0].window_end));
  EXPECT_EQ(rows[1].window_end, 40.0);
  EXPECT_EQ(rows[1].direction, "window");
  EXPECT_EQ(rows[1].rule, "indicator");
}

class AnswersTest : public FolderTest {
 protected:
  /// A store with two rows, with all columns or with those that tell rows apart and belong to members.
  std::filesystem::path store_of(bool all) const {
    const std::filesystem::path file = folder_ / (all ? "all.h5" : "some.h5");
    store::Writer out({}, file, run_contract(), {{"amount", "mg"}});
    out.scale("/decision/row", store::whole_numbers(2));
    const std::vector<Answer> rows = {different_everywhere("!"), different_everywhere("!!")};
    if (all) {
      write_answers(rows, out);
    } else {
      write_answers(rows, out, AnswerColumn::Role::key);
      write_answers(rows, out, AnswerColumn::Role::of_member);
    }
    out.commit();
    return file;
  }
};

TEST_F(AnswersTest, AreReadAsTheyWereWritten) {
  const store::Reader reader(store_of(true));
  std::vector<Answer> rows = read_answers(reader);
  std::vector<Answer> expected = {different_everywhere("!"), different_everywhere("!!")};
  ASSERT_EQ(rows.size(), 2U);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const AnswerColumn& column : answer_columns()) {
      if (column.text != nullptr) {
        EXPECT_EQ(column.text(rows[i]), column.text(expected[i]));
      } else {
        EXPECT_EQ(column.number(rows[i]), column.number(expected[i])) << column.description.name;
      }
    }
  }
}

TEST_F(AnswersTest, AColumnThatAnEarlierVersionLackedIsMissing) {
  const store::Reader reader(store_of(false));
  const std::vector<Answer> rows = read_answers(reader);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].method, "method!!");
  EXPECT_TRUE(std::isnan(rows[1].probability_of_target));
  EXPECT_EQ(rows[1].interval_source, "");
}

TEST_F(AnswersTest, AColumnWithoutRowsIsRefused) {
  const std::filesystem::path file = folder_ / "odd.h5";
  const store::Contract odd(store::Kind::run, {{{"/decision"}, "answers", "", {{"target", "", "1", "no column"}}}});
  {
    store::Writer out({}, file, odd, {});
    out.scalar("/decision/target", 0.9);
    out.commit();
  }
  const store::Reader reader(file);
  try {
    static_cast<void>(read_answers(reader));
    ADD_FAILURE() << "a scalar was read as a column";
  } catch (const StoreError& error) {
    EXPECT_EQ(std::string(error.what()), file.string() + ": /decision/target is no column: it has 0 axes");
  }
}

}  // namespace
}  // namespace titrant::run
