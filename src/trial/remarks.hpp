#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace titrant::trial {

/// What was left out or assumed while a file was read: counted by kind, and said in one sentence a kind.
class Remarks {
 public:
  /// Counts a record under a sentence, in which "{records}" becomes the number of records ("1 record", "12 records"),
  /// "{subjects}" that of subjects with their names and "{line}" the line of the first.
  void count(std::string_view sentence, std::size_t line, std::string_view subject = {});

  /// A sentence as it is.
  void say(std::string sentence);

  /// All sentences, in the order in which the first of each was met.
  std::vector<std::string> sentences() const;

 private:
  struct Tally {
    std::string sentence = {};
    std::size_t records = 0;
    std::size_t first_line = 0;
    std::size_t subjects = 0;
    std::vector<std::string> names = {};  ///< of the first subjects
    std::string last_subject = {};
  };

  std::vector<Tally> tallies_;
  std::map<std::string, std::size_t, std::less<>> places_;
};

}  // namespace titrant::trial
