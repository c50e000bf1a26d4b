#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "titrant/core/problems.hpp"

namespace YAML {  // NOLINT(readability-identifier-naming): the library's name
class Node;
}

namespace titrant::core {

/// The numbers a setting may take.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;
  bool high_open = false;

  static Range any() { return {}; }
  static Range positive() { return {0.0, std::numeric_limits<double>::infinity(), true, false}; }
  static Range at_least(double low) { return {low, std::numeric_limits<double>::infinity(), false, false}; }
  static Range between(double low, double high) { return {low, high, false, false}; }
  static Range inside(double low, double high) { return {low, high, true, true}; }

  bool contains(double value) const;
  std::string text() const;  ///< "> 0", "0 .. 1", ...; empty for any
};

/// A section of a configuration: keys bound to the fields of a plain struct, with what each means. One description
/// serves reading, `--set`, `--dump-config` and the documentation.
///
///     Settings settings;
///     settings.number("threshold", options.threshold, "ng/mL", Range::positive(), "biomarker level to stay below");
///     Problems problems;
///     read_yaml(settings, text, "run.yaml", problems);
///
/// The bound fields must outlive the Settings. Their values when a key is bound are the defaults.
class Settings {
 public:
  void number(const std::string& key, double& value, const std::string& unit, Range range, const std::string& meaning);
  void integer(const std::string& key, int& value, Range range, const std::string& meaning);
  void integer(const std::string& key, std::uint32_t& value, Range range, const std::string& meaning);
  void integer(const std::string& key, std::uint64_t& value, Range range, const std::string& meaning);
  void flag(const std::string& key, bool& value, const std::string& meaning);
  void text(const std::string& key, std::string& value, const std::string& meaning);

  /// One of some words, each standing for a value.
  /// \param elsewhere  words that are taken for one of them but belong to another key: what whoever writes one is told
  template <class Value>
  void choice(const std::string& key, Value& value, const std::vector<std::pair<std::string, Value>>& words,
              const std::string& meaning, const std::map<std::string, std::string>& elsewhere = {});

  /// A list of words, each one of `allowed` (any word where that is empty). A single word is a list of one.
  /// \param earlier  words of earlier versions, with those to write now: whoever writes one is told
  void words(const std::string& key, std::vector<std::string>& value, const std::vector<std::string>& allowed,
             const std::string& meaning, const std::vector<std::pair<std::string, std::string>>& earlier = {});
  void numbers(const std::string& key, std::vector<double>& value, const std::string& unit, Range range,
               const std::string& meaning);
  /// [low, high] with low <= high.
  void interval(const std::string& key, double& low, double& high, const std::string& unit, Range range,
                const std::string& meaning);

  /// A map from free names to words or numbers. A file's map replaces the default one; so it is with maps of maps.
  void word_map(const std::string& key, std::map<std::string, std::string>& value, const std::string& meaning);
  void number_map(const std::string& key, std::map<std::string, double>& value, const std::string& meaning);

  /// A map of maps whose values are numbers or one of some words: {clearance: {body_weight: 0.75, comed: categorical}}.
  template <class Word>
  void maps(const std::string& key, std::map<std::string, std::map<std::string, std::variant<double, Word>>>& value,
            const std::vector<std::pair<std::string, Word>>& words, const std::string& meaning);

  /// A section of fixed keys inside this one; the reference stays valid. Where `word` is given, a single word may stand
  /// in its place (`noise: none`): it is told the word, and sets the fields that the keys are bound to.
  Settings& section(const std::string& key, const std::string& meaning,
                    const std::function<void(const std::string&)>& word = nullptr);

  /// A map from free names to sections of one kind. A file's map replaces the default one.
  template <class Value>
  void sections(const std::string& key, std::map<std::string, Value>& value,
                std::function<void(Settings&, Value&)> describe, const std::string& meaning);

  struct Description;

  /// A value of a form of its own. `read` is told the node, its path and whom to tell faults; a value set by --set
  /// below this key (regimens.twice.interval=12) is put into what `write` returns first. \param write  the value as
  /// YAML on one line \param keys   patterns of the keys below, for documentation
  using TreeFault = std::function<void(const YAML::Node& node, const std::string& path, const std::string& what)>;
  void tree(const std::string& key, const std::string& allowed, const std::string& meaning,
            const std::function<void(const YAML::Node&, const std::string& path, const TreeFault&)>& read,
            const std::function<std::string()>& write, const std::vector<Description>& keys = {});

  /// A key of earlier versions: whoever writes it is told what to write now.
  void replaced(const std::string& key, const std::string& write_now);

  /// A key that had another name in earlier versions, and words of its values that were others; both are still read.
  void renamed(const std::string& earlier, const std::string& key,
               const std::map<std::string, std::string>& words = {});

  /// One key, as documentation shows it.
  struct Description {
    std::string path;   ///< "dose.daily.step"
    std::string value;  ///< as YAML on one line
    std::string unit;   ///< empty: none
    std::string allowed;
    std::string meaning;
    bool is_section = false;
    std::vector<std::string> words;  ///< that may be its value, or in the list that is; empty: any text or number
    bool is_pattern = false;         ///< "scenarios.<name>.comed", with the value that a new section has
  };
  /// All keys that have a value, and the sections around them.
  std::vector<Description> descriptions() const;
  /// The same, each map of sections followed by the patterns of their keys.
  std::vector<Description> documentation() const;

 private:
  friend class SettingsReader;
  friend std::string write_yaml(const Settings& settings, const Settings* defaults);

  /// Where a value comes from, for messages.
  struct Source {
    std::string file;
    Problems* problems;
    void fault(const YAML::Node& node, const std::string& path, const std::string& what) const;
  };

  struct Entry {
    std::string key;
    std::string unit;
    std::string allowed;
    std::string meaning;
    /// Reads the value of a node; `merge` adds to a map in place of replacing it.
    std::function<void(const YAML::Node&, const std::string& path, const Source&, bool merge)> read;
    std::function<std::string()> write;                               ///< the value as YAML on one line
    std::shared_ptr<Settings> fixed_section;                          ///< for section(): its keys
    std::vector<std::string> words = {};                              ///< of a choice, or of a list of words
    std::function<std::vector<Description>()> keys_of_new = nullptr;  ///< for sections(): those of a new one
  };

  void add(Entry entry);
  void add_choice(const std::string& key, const std::vector<std::string>& words, const std::string& meaning,
                  const std::function<void(std::size_t)>& set, const std::function<std::size_t()>& get,
                  const std::map<std::string, std::string>& elsewhere);
  using TextMaps = std::map<std::string, std::map<std::string, std::string>>;
  void add_maps(const std::string& key, const std::vector<std::string>& words, const std::string& meaning,
                const std::function<void(const TextMaps&)>& set, const std::function<TextMaps()>& get);
  void add_sections(const std::string& key, const std::string& meaning, const std::function<void()>& clear,
                    const std::function<std::vector<std::string>()>& names,
                    const std::function<Settings(const std::string& name)>& describe,
                    const std::function<std::vector<Description>()>& keys_of_new);
  void read(const YAML::Node& node, const std::string& path, const Source& source);
  static double number_of(const std::string& text);  ///< of a text that is known to be a number
  static std::string text_of(double number);

  std::vector<Entry> entries_;
  /// Another name of a key, and of its words.
  struct Renamed {
    std::string key;
    std::map<std::string, std::string> words;
  };

  std::map<std::string, std::string> replaced_;  ///< key of earlier versions -> what to write now
  std::map<std::string, Renamed> renamed_;       ///< by its earlier name
};

/// Reads YAML text into the bound fields. Every fault is added to `problems` with `name`:line:column: unknown keys
/// (with the nearest known one), wrong types, values out of range (with the allowed one). Faulty keys keep their
/// defaults.
void read_yaml(Settings& settings, const std::string& text, const std::string& name, Problems& problems);

/// Sets one value from "key.path=value" (YAML on the right).
void set_value(Settings& settings, const std::string& assignment, Problems& problems);

/// The settings as YAML. With `defaults`, the same settings bound to default values, each key is explained: meaning,
/// unit, allowed values and default.
std::string write_yaml(const Settings& settings, const Settings* defaults = nullptr);

template <class Value>
void Settings::choice(const std::string& key, Value& value, const std::vector<std::pair<std::string, Value>>& words,
                      const std::string& meaning, const std::map<std::string, std::string>& elsewhere) {
  std::vector<std::string> names;
  std::vector<Value> values;
  for (const auto& [name, meant] : words) {
    names.push_back(name);
    values.push_back(meant);
  }
  add_choice(
      key, names, meaning, [&value, values](std::size_t which) { value = values.at(which); },
      [&value, values] {
        std::size_t which = 0;
        while (which + 1 < values.size() && !(values[which] == value)) ++which;
        return which;
      },
      elsewhere);
}

template <class Word>
void Settings::maps(const std::string& key,
                    std::map<std::string, std::map<std::string, std::variant<double, Word>>>& value,
                    const std::vector<std::pair<std::string, Word>>& words, const std::string& meaning) {
  std::vector<std::string> names;
  names.reserve(words.size());
  for (const auto& [name, meant] : words) names.push_back(name);
  add_maps(
      key, names, meaning,
      [&value, words](const TextMaps& texts) {
        value.clear();
        for (const auto& [outer, inner] : texts) {
          for (const auto& [name, text] : inner) {
            std::variant<double, Word>& target = value[outer][name];
            target = 0.0;
            bool is_word = false;
            for (const auto& [word, meant] : words) {
              if (word != text) continue;
              target = meant;
              is_word = true;
            }
            if (!is_word) target = number_of(text);
          }
        }
      },
      [&value, words] {
        TextMaps texts;
        for (const auto& [outer, inner] : value) {
          texts[outer];
          for (const auto& [name, setting] : inner) {
            std::string& text = texts[outer][name];
            if (const double* number = std::get_if<double>(&setting)) text = text_of(*number);
            for (const auto& [word, meant] : words) {
              if (const Word* chosen = std::get_if<Word>(&setting); chosen != nullptr && *chosen == meant) text = word;
            }
          }
        }
        return texts;
      });
}

template <class Value>
void Settings::sections(const std::string& key, std::map<std::string, Value>& value,
                        std::function<void(Settings&, Value&)> describe, const std::string& meaning) {
  add_sections(
      key, meaning, [&value] { value.clear(); },
      [&value] {
        std::vector<std::string> names;
        names.reserve(value.size());
        for (const auto& [name, ignored] : value) names.push_back(name);
        return names;
      },
      [&value, describe](const std::string& name) {
        Settings inner;
        describe(inner, value[name]);
        return inner;
      },
      [describe] {
        Value fresh{};
        Settings inner;
        describe(inner, fresh);
        return inner.descriptions();
      });
}

}  // namespace titrant::core
