#include "run/git_words.hpp"

#include <algorithm>

namespace changeling::run {
namespace {

class WordReader {
 public:
  WordReader(const std::vector<std::string>& arguments, const Valued& valued)
      : arguments_(arguments), valued_(valued) {}

  Words read() {
    for (; at_ < arguments_.size(); ++at_) {
      const std::string& word = arguments_[at_];
      if (words_.has_dashes || word.size() < 2 || word[0] != '-') {
        words_.positional.push_back(word);
      } else if (word == "--") {
        words_.has_dashes = true;
      } else if (word[1] == '-') {
        read_name(word);
      } else {
        read_letters(word);
      }
    }
    return words_;
  }

 private:
  std::string next() { return at_ + 1 < arguments_.size() ? arguments_[++at_] : ""; }

  void read_name(const std::string& word) {
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    if (equals != std::string::npos) {
      words_.options[name] = word.substr(equals + 1);
    } else {
      words_.options[name] = valued_.names.count(name) > 0 ? next() : "";
    }
  }

  void read_letters(const std::string& word) {
    for (std::size_t index = 1; index < word.size(); ++index) {
      const std::string option{'-', word[index]};
      if (valued_.letters.find(word[index]) == std::string_view::npos) {
        words_.options[option] = "";
        continue;
      }
      words_.options[option] = index + 1 < word.size() ? word.substr(index + 1) : next();
      return;
    }
  }

  const std::vector<std::string>& arguments_;
  const Valued& valued_;
  Words words_;
  std::size_t at_ = 0;
};

}  // namespace

Words Words::of(const std::vector<std::string>& arguments, const Valued& valued) {
  return WordReader(arguments, valued).read();
}

bool Words::has(std::initializer_list<const char*> names) const {
  return std::any_of(names.begin(), names.end(), [&](const char* name) { return options.count(name) > 0; });
}

std::string Words::value(std::initializer_list<const char*> names) const {
  for (const char* name : names) {
    if (const auto found = options.find(name); found != options.end()) return found->second;
  }
  return "";
}

}  // namespace changeling::run
