#include "plain_text.hpp"

#include <initializer_list>
#include <map>
#include <string>
#include <utility>

namespace titrant::cli {

namespace {

void make_plain(std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    const bool beyond_ascii = byte == 0xC2 && next >= 0x80 && next < 0xA0;  // control characters in UTF-8
    if (byte < 0x20 || byte == 0x7F || beyond_ascii) text[i] = '?';
    if (beyond_ascii) text[++i] = '?';
  }
}

void make_plain(std::initializer_list<std::string*> texts) {
  for (std::string* text : texts) make_plain(*text);
}

void make_plain(std::vector<std::string>& texts) {
  for (std::string& text : texts) make_plain(text);
}

void make_plain(protocol::Question& question) {
  make_plain({&question.population, &question.regimen, &question.endpoint});
}

void make_plain(run::Answer& answer) {
  for (const run::AnswerColumn& column : run::answer_columns()) {
    if (column.text != nullptr) make_plain({&column.text(answer)});
  }
}

}  // namespace

void make_plain(Inspection& found) {
  make_plain({&found.filetype, &found.version, &found.data_file, &found.data_digest, &found.configuration_digest,
              &found.rule});
  make_plain(found.members);
  for (auto& [name, text] : found.provenance) make_plain({&name, &text});
  for (auto& [name, value] : found.counts) make_plain(name);
  for (auto& [name, seconds] : found.stages) make_plain(name);
  for (FoundFit& fit : found.fits) {
    make_plain({&fit.structure, &fit.verdict});
    make_plain(fit.parameters);
    make_plain(fit.units);
  }
  for (FoundMetrics& one : found.metrics) make_plain(one.classifier);
  make_plain(found.headline);
  for (auto* texts : {&found.dose_units, &found.endpoint_text}) {
    std::map<std::string, std::string> plain;
    for (const auto& [known, told] : *texts) {
      std::string name = known;
      std::string text = told;
      make_plain({&name, &text});
      plain[name] = text;
    }
    *texts = std::move(plain);
  }
  for (run::Answer& answer : found.answers) make_plain(answer);
  for (FoundCurve& curve : found.curves) {
    make_plain({&curve.population, &curve.regimen, &curve.method, &curve.endpoint});
  }
  for (campaign::CampaignCell& c : found.gathered.cells) {
    make_plain(c.row);
    make_plain({&c.variant, &c.dose_unit});
  }
  for (store::Entry& entry : found.contents) make_plain({&entry.path, &entry.units, &entry.long_name});
}

void make_plain(run::CheckpointFacts& facts) {
  make_plain({&facts.version, &facts.commit, &facts.command, &facts.command_line, &facts.data_digest,
              &facts.device_digest, &facts.started, &facts.written, &facts.stage});
}

}  // namespace titrant::cli
