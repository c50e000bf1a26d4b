#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <cstddef>
#include <map>
#include <optional>
#include <sstream>
#include <vector>

#include "titrant/core/yaml.hpp"

/// \file
/// YAML texts as a whole: one document, no key twice.

namespace titrant::core {

namespace {

std::string place(const std::string& name, const YAML::Mark& mark) {
  if (mark.is_null()) return name.empty() ? "value" : name;
  if (name.empty()) return fmt::format("character {}", mark.pos + 1);
  return fmt::format("{}:{}:{}", name, mark.line + 1, mark.column + 1);
}

/// Listens to the parser: it sees every key where it stands, while a node that aliases share would be met many times.
class Checker : public YAML::EventHandler {
 public:
  Checker(const std::string& name, Problems& problems) : name_(name), problems_(problems) {}

  /// Where the second document begins; the rest of the text is not looked at.
  struct SecondDocument {
    YAML::Mark mark;
  };

  bool met_a_document() const { return documents_ > 0; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) throw SecondDocument{mark};
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override { item(mark, std::nullopt); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchored_.find(anchor);
    item(mark, found == anchored_.end() ? std::nullopt : std::optional<std::string>(found->second));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (anchor != YAML::NullAnchor) anchored_[anchor] = value;
    item(mark, value);
    check_tag(mark, tag);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value /*style*/) override {
    item(mark, std::nullopt);
    check_tag(mark, tag);
    open_.push_back({false, false, 0, "", {}});
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {
    item(mark, std::nullopt);
    check_tag(mark, tag);
    open_.push_back({true, true, 0, "", {}});
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  /// A list or map that is being read.
  struct Collection {
    bool is_map = false;
    bool at_key = false;    ///< of a map: the next item is a key
    std::size_t items = 0;  ///< of a list: read so far
    std::string key;        ///< of a map: the last one
    std::map<std::string, YAML::Mark> keys;
  };

  /// An item begins, of which `text` is known where it is a scalar.
  void item(const YAML::Mark& mark, const std::optional<std::string>& text) {
    if (open_.empty()) return;
    Collection& inner = open_.back();
    if (!inner.is_map) {
      ++inner.items;
      return;
    }
    const bool key = inner.at_key;
    inner.at_key = !key;
    if (!key) return;
    inner.key = text.value_or("?");
    if (inner.key == "<<") fault(mark, "merge keys are not read; write the keys out");
    if (!text) return;
    if (const auto [first, fresh] = inner.keys.emplace(*text, mark); !fresh)
      fault(mark, fmt::format("is given twice; the first time in line {}, column {}", first->second.line + 1,
                              first->second.column + 1));
  }

  /// Plain scalars have the tag "?", others "!" or none; those of YAML itself (!!int) say nothing that matters here.
  void check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.size() > 1 && !tag.starts_with("tag:yaml.org,2002:"))
      fault(mark, fmt::format("the tag {} is not known here; write the value itself", tag));
  }

  void fault(const YAML::Mark& mark, const std::string& what) {
    std::string path;
    for (const Collection& one : open_) {
      if (!one.is_map) path += fmt::format("[{}]", one.items);
      if (one.is_map) path += (path.empty() ? "" : ".") + one.key;
    }
    problems_.add(place(name_, mark) + (path.empty() ? "" : ": " + path), what);
  }

  const std::string& name_;
  Problems& problems_;
  std::vector<Collection> open_;
  std::map<YAML::anchor_t, std::string> anchored_;  ///< scalars under anchors
  std::size_t documents_ = 0;
};

}  // namespace

YAML::Node parse_yaml(const std::string& text, const std::string& name, Problems& problems) {
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    Checker checker(name, problems);
    while (parser.HandleNextDocument(checker)) {
    }
    if (!checker.met_a_document() && text.starts_with('%')) {
      problems.add(
          name.empty() ? "character 1" : name + ":1:1",
          "a line that begins with % is a directive of YAML, and nothing follows it; write a text with % in quotes");
    }
    return YAML::Load(text);
  } catch (const Checker::SecondDocument& second) {
    problems.add(place(name, second.mark),
                 "a second document, or text behind the end of the first, which would be lost; keep one document to a "
                 "file");
  } catch (const YAML::Exception& error) {
    const bool tabs = text.starts_with('\t') || text.find("\n\t") != std::string::npos;
    problems.add(place(name, error.mark),
                 "not valid YAML: " + error.msg + (tabs ? "; lines begin with tabs, where YAML wants blanks" : ""));
  }
  return {};
}

}  // namespace titrant::core
