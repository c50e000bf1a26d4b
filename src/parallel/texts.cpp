#include "titrant/parallel/texts.hpp"

#include <sstream>

namespace titrant::parallel {

namespace {

std::string packed(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += text + '\0';
  return all;
}

std::vector<std::string> unpacked(const std::string& all) {
  std::vector<std::string> texts;
  std::istringstream in(all);
  for (std::string text; std::getline(in, text, '\0');) texts.push_back(text);
  return texts;
}

}  // namespace

std::vector<std::string> texts_of_root(const parallel::Communicator& ranks, const std::vector<std::string>& texts) {
  return unpacked(ranks.broadcast(packed(texts)));
}

std::vector<std::string> texts_of_all(const parallel::Communicator& ranks, const std::vector<std::string>& mine) {
  std::vector<std::string> all(mine.size());
  for (const std::string& of_rank : ranks.gather(packed(mine))) {
    const std::vector<std::string> texts = unpacked(of_rank);
    for (std::size_t i = 0; i < all.size(); ++i) all[i] += texts.at(i);
  }
  return all;
}

}  // namespace titrant::parallel
