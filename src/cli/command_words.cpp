#include "cli/command_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "cli/command_tree.hpp"
#include "cli/other_words.hpp"
#include "support/error.hpp"
#include "support/process.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

bool is_option(std::string_view word) {
  // "- a point of a list" and "-- he said" are words that somebody has quoted.
  const auto dashes = word.find_first_not_of('-');
  return word.starts_with('-') && dashes != std::string_view::npos && word[dashes] != ' ';
}

bool is_long(std::string_view option) {
  return option.starts_with("--");
}

std::string see_help(const CommandLevel& level) {
  return fmt::format("see: {} --help", level.invocation());
}

std::vector<std::string> option_names(const CommandLevel& command) {
  std::vector<std::string> names;
  for (const CommandLevel* level = &command; level != nullptr; level = level->above) {
    for (const Option& option : level->syntax.options()) {
      const std::vector<std::string> known = option.names();
      names.insert(names.end(), known.begin(), known.end());
    }
  }
  // Of two that are as near, the longer one is meant.
  std::stable_partition(names.begin(), names.end(), is_long);
  return names;
}

std::vector<std::string> command_names(const CommandTree& tree, const CommandLevel& level) {
  std::vector<std::string> names;
  for (const CommandName& below : tree.names_below(level)) {
    if (!below.is_hidden()) names.emplace_back(below.name);
  }
  return names;
}

std::string positional_names(const CommandLevel& command) {
  std::vector<std::string> names;
  for (const Option& option : command.syntax.options()) {
    if (option.is_argument()) names.push_back(option.value_name());
  }
  return names.empty() ? "no words" : "only " + join(names, " and ");
}

/// "-1", "-0.5" or "-.5": no option begins so.
bool is_negative_number(std::string_view word) {
  const auto first = word.find_first_not_of("-.");
  return (first == 1 || (first == 2 && word[1] == '.')) && word[first] >= '0' && word[first] <= '9';
}

std::string hint_for_option(const CommandLevel& level, const std::string& name) {
  if (is_negative_number(name))
    return fmt::format("put '--' before what begins with '-': {} … -- {}", level.invocation(),
                       shell_quote(name));
  const auto near = nearest(name, option_names(level));
  return near ? fmt::format("did you mean '{}'?", *near)
              : fmt::format("{}; a word that begins with '-' stands behind '--'", see_help(level));
}

[[noreturn]] void refuse_option(const CommandLevel& level, const std::string& name) {
  throw Error(ErrorKind::Usage, fmt::format("'{}' does not know the option '{}'", level.invocation(), name),
              hint_for_option(level, name));
}

std::optional<std::string> word_here(const CommandTree& tree, const CommandLevel& level,
                                     const std::string& word) {
  if (const auto other = word_of_other_tools(join(level.path, " "), word))
    return "git changeling " + std::string(*other);
  return nearest(word, command_names(tree, level));
}

[[noreturn]] void refuse_command(const CommandTree& tree, const CommandLevel& level,
                                 const std::string& word) {
  const auto near = word_here(tree, level, word);
  throw Error(ErrorKind::Usage, fmt::format("'{}' does not know the command '{}'", level.invocation(), word),
              near ? fmt::format("did you mean '{}'?", *near) : see_help(level));
}

bool has_room(const Option& option) {
  return !option.given() || option.takes_many();
}

/// Whether a value is several words as often as one. An id, a name or a number never is.
bool is_free_text(const Option& option) {
  constexpr std::array<std::string_view, 5> names{"TITLE", "TEXT", "CMD", "CRON", "PATTERN"};
  return std::find(names.begin(), names.end(), option.value_name()) != names.end();
}

class WordReader {
 public:
  WordReader(CommandTree& tree, const std::vector<std::string>& words)
      : tree_(tree), level_(&tree.root()), words_(words) {}

  ReadWords read() {
    while (next_ < words_.size() && !wants_help_) {
      const std::string& word = words_[next_++];
      if (!only_words_ && word == "--" && is_command()) {
        only_words_ = true;
        forget_neighbours();
        before_ += " --";
      } else if (!only_words_ && is_option(word)) {
        read_option(word);
      } else if (is_command()) {
        read_argument(word);
      } else {
        enter(word);
      }
    }
    if (!wants_help_) finish();
    return {level_, wants_help_};
  }

 private:
  /// No group of commands.
  bool is_command() const { return level_->action != nullptr; }

  void enter(const std::string& word) {
    CommandLevel* below = tree_.enter(*level_, word);
    if (below == nullptr) refuse_command(tree_, *level_, word);
    level_ = below;
    forget_neighbours();
  }

  /// An option of the command, of its group, or one that every command takes.
  std::optional<Option> find_option(const std::string& name) {
    for (CommandLevel* level = level_; level != nullptr; level = level->above) {
      for (const Option& option : level->syntax.options()) {
        if (!option.has_name(name)) continue;
        wants_help_ = wants_help_ || option.has_name("--help");
        return option;
      }
    }
    return std::nullopt;
  }

  void read_option(const std::string& word) {
    forget_neighbours();
    if (is_long(word)) {
      read_long_option(word);
    } else {
      read_short_options(word);
    }
  }

  void read_long_option(const std::string& word) {
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    auto option = find_option(name);
    if (!option) refuse_option(*level_, name);
    if (option->takes_value()) {
      give_value(*option, name, equals == std::string::npos ? nullptr : &word[equals + 1]);
    } else if (equals != std::string::npos) {
      throw Error(ErrorKind::Usage, fmt::format("option {} takes no value", name), see_help(*level_));
    } else {
      option->give_flag(name);
    }
  }

  /// "-n5", "-n 5", and "-qn5" for "-q -n 5".
  void read_short_options(const std::string& word) {
    for (std::size_t place = 1; place < word.size() && !wants_help_; ++place) {
      const std::string name = "-" + word.substr(place, 1);
      auto option = find_option(name);
      if (!option) refuse_option(*level_, place == 1 ? word : name);
      if (option->takes_value()) {
        give_value(*option, name, place + 1 < word.size() ? &word[place + 1] : nullptr);
        return;
      }
      option->give_flag(name);
    }
  }

  /// `attached` is what stands in the same word; without it the next word is taken, whatever that is.
  void give_value(Option option, const std::string& name, const char* attached) {
    if (attached == nullptr && next_ == words_.size()) {
      throw Error(ErrorKind::Usage, fmt::format("option {} needs a value: {}", name, option.value_name()),
                  see_help(*level_));
    }
    if (option.is_taken_once() && option.given()) {
      throw Error(ErrorKind::Usage, fmt::format("option {} is given twice, and takes one value", name),
                  see_help(*level_));
    }
    const std::string value = attached == nullptr ? words_[next_++] : attached;
    option.give(value);
    before_ = name;
    behind_option_ = true;
    filled_ = option;
    together_ = {value};
  }

  void read_argument(const std::string& word) {
    for (Option& option : level_->syntax.options()) {
      if (!option.is_argument() || !has_room(option)) continue;
      option.give(word);
      if (!behind_option_) {
        if (!together_.empty()) before_ += " " + join(together_, " ");
        together_.clear();
      }
      if (!behind_option_) filled_ = option;
      together_.push_back(word);
      return;
    }
    refuse_word(word);
  }

  [[noreturn]] void refuse_word(const std::string& word) {
    throw Error(ErrorKind::Usage,
                fmt::format("'{}' takes {} besides its options; '{}' is too much", level_->invocation(),
                            positional_names(*level_), word),
                hint_for_surplus(word));
  }

  /// What was meant by a word too many depends on what the words before it are.
  std::string hint_for_surplus(const std::string& word) {
    if (together_.empty()) return see_help(*level_);
    together_.push_back(word);
    while (next_ < words_.size() && (only_words_ || !is_option(words_[next_])))
      together_.push_back(words_[next_++]);
    if (is_free_text(*filled_))
      return fmt::format("quote words that belong together: {} {}", before_,
                         shell_quote(join(together_, " ")));
    if (!behind_option_) {
      return has_one_argument() ? fmt::format("one at a time: {} {}", before_, shell_quote(together_.front()))
                                : see_help(*level_);
    }
    if (!filled_->may_be_repeated()) return see_help(*level_);
    std::string repeated;
    for (const std::string& value : together_) repeated += fmt::format(" {} {}", before_, shell_quote(value));
    return "repeat the option:" + repeated;
  }

  bool has_one_argument() const {
    const auto options = level_->syntax.options();
    return std::count_if(options.begin(), options.end(),
                         [](const Option& option) { return option.is_argument(); }) == 1;
  }

  /// What follows does not belong to the words before.
  void forget_neighbours() {
    before_ = level_->invocation();
    behind_option_ = false;
    filled_ = std::nullopt;
    together_.clear();
  }

  void finish() {
    for (const Option& option : level_->syntax.options()) {
      if (!option.is_required() || option.given()) continue;
      const std::string name = option.value_name();
      throw Error(ErrorKind::Usage,
                  fmt::format("'{}' needs {}", level_->invocation(),
                              option.is_argument() ? name : option.name() + " " + name),
                  see_help(*level_));
    }
    for (CommandLevel* level = level_; level != nullptr; level = level->above) {
      for (Option& option : level->syntax.options()) {
        if (option.given()) accept(option);
      }
    }
  }

  void accept(Option& option) {
    if (const auto rival = option.given_rival()) {
      throw Error(ErrorKind::Usage,
                  fmt::format("{} and {} exclude each other", option.name(), rival->name()));
    }
    const std::string problem = option.hand_on();
    if (!problem.empty()) throw Error(ErrorKind::Usage, problem, see_help(*level_));
    if (option.is_given_nothing()) {
      throw Error(ErrorKind::Usage,
                  fmt::format("{0} is empty; leave it out, or give {1}", option.name(), option.value_name()),
                  see_help(*level_));
    }
  }

  CommandTree& tree_;
  CommandLevel* level_;
  const std::vector<std::string>& words_;
  std::size_t next_ = 0;
  bool only_words_ = false;  ///< After "--".
  bool wants_help_ = false;
  // For words that should have been quoted: those that follow one another without an option between them.
  std::string before_;
  bool behind_option_ = false;    ///< The first of them is an option's value.
  std::optional<Option> filled_;  ///< What the first of them was given to, or the last argument.
  std::vector<std::string> together_;
};

}  // namespace

ReadWords read_words(CommandTree& tree, const std::vector<std::string>& words) {
  return WordReader(tree, words).read();
}

}  // namespace changeling::cli
