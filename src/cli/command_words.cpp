#include "cli/command_words.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "cli/help_text.hpp"
#include "support/error.hpp"
#include "support/process.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

constexpr std::string_view hidden_prefix = "__";

bool is_option(std::string_view word) {
  // "- a point of a list" and "-- he said" are words that somebody has quoted.
  const auto dashes = word.find_first_not_of('-');
  return word.starts_with('-') && dashes != std::string_view::npos && word[dashes] != ' ';
}

std::string see_help(const CLI::App& app) {
  return fmt::format("see: {} --help", invocation(app));
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* level = &app; level != nullptr; level = level->get_parent()) {
    for (const CLI::Option* option : level->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
      for (const std::string& name : option->get_snames()) names.push_back("-" + name);
    }
  }
  return names;
}

std::vector<const CLI::App*> commands_in(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : commands_in(app)) {
    if (!command->get_name().starts_with(hidden_prefix)) names.push_back(command->get_name());
  }
  return names;
}

std::string positional_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) names.push_back(argument_name(*option));
  }
  return names.empty() ? "no words" : "only " + join(names, " and ");
}

[[noreturn]] void refuse_option(const CLI::App& app, const std::string& name) {
  const auto near = nearest(name, option_names(app));
  throw Error(ErrorKind::Usage, fmt::format("'{}' does not know the option '{}'", invocation(app), name),
              near ? fmt::format("did you mean '{}'?", *near)
                   : fmt::format("{}; a word that begins with '-' stands behind '--'", see_help(app)));
}

/// Words that other tools have for what a command of this one does, too far apart for the nearest-word rule.
struct OtherWord {
  std::string_view group, word, command;
};
constexpr std::array other_words = std::to_array<OtherWord>({
    {"", "accept", "review accept"},
    {"", "approve", "trust"},
    {"", "archive", "compact"},
    {"", "cancel", "stop"},
    {"", "claim", "task claim"},
    {"", "clean", "compact"},
    {"", "cleanup", "compact"},
    {"", "create", "add"},
    {"", "cron", "schedule"},
    {"", "daemon", "schedule install"},
    {"", "delete", "remove"},
    {"", "diff", "review show"},
    {"", "doctor", "status"},
    {"", "done", "task done"},
    {"", "fetch", "sync"},
    {"", "gc", "compact"},
    {"", "halt", "disable --all"},
    {"", "history", "log"},
    {"", "info", "show"},
    {"", "kill", "stop"},
    {"", "ls", "list"},
    {"", "merge", "review accept"},
    {"", "new", "add"},
    {"", "pause", "disable --all"},
    {"", "pr", "review list"},
    {"", "prs", "review list"},
    {"", "prune", "compact"},
    {"", "ps", "status"},
    {"", "pull", "sync"},
    {"", "push", "sync"},
    {"", "queue", "task list"},
    {"", "reject", "review reject"},
    {"", "resume", "enable --all"},
    {"", "revert", "undo"},
    {"", "rm", "remove"},
    {"", "start", "run"},
    {"", "tail", "logs"},
    {"", "tasks", "task list"},
    {"", "todo", "task list"},
    {"", "worker", "work"},
    {"task", "close", "task done"},
    {"task", "create", "task add"},
    {"task", "delete", "task remove"},
    {"task", "finish", "task complete"},
    {"task", "ls", "task list"},
    {"task", "new", "task add"},
    {"task", "next", "task claim"},
    {"task", "rm", "task remove"},
    {"task", "start", "task claim"},
    {"task", "take", "task claim"},
    {"task", "update", "task edit"},
    {"review", "approve", "review accept"},
    {"review", "close", "review reject"},
    {"review", "diff", "review show"},
    {"review", "merge", "review accept"},
});

std::optional<std::string> word_here(const CLI::App& app, const std::string& word) {
  const std::string group = app.get_parent() == nullptr ? "" : app.get_name();
  for (const OtherWord& other : other_words)
    if (other.group == group && other.word == word) return "git changeling " + std::string(other.command);
  return nearest(word, command_names(app));
}

[[noreturn]] void refuse_command(const CLI::App& app, const std::string& word) {
  const auto near = word_here(app, word);
  throw Error(ErrorKind::Usage, fmt::format("'{}' does not know the command '{}'", invocation(app), word),
              near ? fmt::format("did you mean '{}'?", *near) : see_help(app));
}

bool takes_value(const CLI::Option& option) {
  return option.get_items_expected_max() > 0;
}

bool has_room(const CLI::Option& option) {
  return option.count() == 0 || option.get_items_expected_max() > 1;
}

/// Whether a value is several words as often as one. An id, a name or a number never is.
bool is_free_text(const CLI::Option& option) {
  constexpr std::array<std::string_view, 5> names{"TITLE", "TEXT", "CMD", "CRON", "PATTERN"};
  return std::find(names.begin(), names.end(), argument_name(option)) != names.end();
}

class WordReader {
 public:
  WordReader(CLI::App& root, const std::vector<std::string>& words) : command_(&root), words_(words) {}

  ReadWords read() {
    while (next_ < words_.size() && !wants_help_) {
      const std::string& word = words_[next_++];
      if (!only_words_ && word == "--" && commands_in(*command_).empty()) {
        only_words_ = true;
        forget_neighbours();
        before_ += " --";
      } else if (!only_words_ && is_option(word)) {
        read_option(word);
      } else if (commands_in(*command_).empty()) {
        read_argument(word);
      } else {
        enter(word);
      }
    }
    if (!wants_help_) finish();
    return {command_, wants_help_};
  }

 private:
  void enter(const std::string& word) {
    for (CLI::App* command : command_->get_subcommands([](CLI::App*) { return true; })) {
      if (command->get_name() != word) continue;
      command_ = command;
      forget_neighbours();
      return;
    }
    refuse_command(*command_, word);
  }

  /// An option of the command, of its group, or one that every command takes; null for none.
  template <typename Matches>
  CLI::Option* find_option(const Matches& matches) {
    for (CLI::App* level = command_; level != nullptr; level = level->get_parent()) {
      for (CLI::Option* option : level->get_options()) {
        if (!matches(*option)) continue;
        wants_help_ = wants_help_ || option == level->get_help_ptr();
        return option;
      }
    }
    return nullptr;
  }

  void read_option(const std::string& word) {
    forget_neighbours();
    if (word.starts_with("--")) {
      read_long_option(word);
    } else {
      read_short_options(word);
    }
  }

  void read_long_option(const std::string& word) {
    const auto equals = word.find('=');
    const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
    CLI::Option* option = find_option([&](const CLI::Option& one) { return one.check_lname(name); });
    if (option == nullptr) refuse_option(*command_, "--" + name);
    if (takes_value(*option)) {
      give_value(*option, "--" + name, equals == std::string::npos ? nullptr : &word[equals + 1]);
    } else if (equals != std::string::npos) {
      throw Error(ErrorKind::Usage, fmt::format("option --{} takes no value", name), see_help(*command_));
    } else {
      option->add_result(option->get_flag_value(name, ""));
    }
  }

  /// "-n5", "-n 5", and "-qn5" for "-q -n 5".
  void read_short_options(const std::string& word) {
    for (std::size_t place = 1; place < word.size() && !wants_help_; ++place) {
      const std::string name = word.substr(place, 1);
      CLI::Option* option = find_option([&](const CLI::Option& one) { return one.check_sname(name); });
      if (option == nullptr) refuse_option(*command_, place == 1 ? word : "-" + name);
      if (takes_value(*option)) {
        give_value(*option, "-" + name, place + 1 < word.size() ? &word[place + 1] : nullptr);
        return;
      }
      option->add_result(option->get_flag_value(name, ""));
    }
  }

  /// `attached` is what stands in the same word; without it the next word is taken, whatever that is.
  void give_value(CLI::Option& option, const std::string& name, const char* attached) {
    if (attached == nullptr && next_ == words_.size()) {
      throw Error(ErrorKind::Usage, fmt::format("option {} needs a value: {}", name, argument_name(option)),
                  see_help(*command_));
    }
    if (option.get_multi_option_policy() == CLI::MultiOptionPolicy::Throw && option.count() > 0) {
      throw Error(ErrorKind::Usage, fmt::format("option {} is given twice, and takes one value", name),
                  see_help(*command_));
    }
    const std::string value = attached == nullptr ? words_[next_++] : attached;
    option.add_result(value);
    before_ = name;
    behind_option_ = true;
    filled_ = &option;
    together_ = {value};
  }

  void read_argument(const std::string& word) {
    for (CLI::Option* option : command_->get_options()) {
      if (!option->get_positional() || !has_room(*option)) continue;
      option->add_result(word);
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
                fmt::format("'{}' takes {} besides its options; '{}' is too much", invocation(*command_),
                            positional_names(*command_), word),
                hint_for_surplus(word));
  }

  /// What was meant by a word too many depends on what the words before it are.
  std::string hint_for_surplus(const std::string& word) {
    if (together_.empty()) return see_help(*command_);
    together_.push_back(word);
    while (next_ < words_.size() && (only_words_ || !is_option(words_[next_])))
      together_.push_back(words_[next_++]);
    if (is_free_text(*filled_))
      return fmt::format("quote words that belong together: {} {}", before_,
                         shell_quote(join(together_, " ")));
    if (!behind_option_) {
      return has_one_argument() ? fmt::format("one at a time: {} {}", before_, shell_quote(together_.front()))
                                : see_help(*command_);
    }
    if (filled_->get_multi_option_policy() != CLI::MultiOptionPolicy::TakeAll) return see_help(*command_);
    std::string repeated;
    for (const std::string& value : together_) repeated += fmt::format(" {} {}", before_, shell_quote(value));
    return "repeat the option:" + repeated;
  }

  bool has_one_argument() const {
    const auto options = command_->get_options();
    return std::count_if(options.begin(), options.end(),
                         [](const CLI::Option* option) { return option->get_positional(); }) == 1;
  }

  /// What follows does not belong to the words before.
  void forget_neighbours() {
    before_ = invocation(*command_);
    behind_option_ = false;
    filled_ = nullptr;
    together_.clear();
  }

  void finish() {
    for (const CLI::Option* option : command_->get_options()) {
      if (!option->get_required() || option->count() > 0) continue;
      const std::string name = argument_name(*option);
      throw Error(ErrorKind::Usage,
                  fmt::format("'{}' needs {}", invocation(*command_),
                              option->get_positional() ? name : option->get_name() + " " + name),
                  see_help(*command_));
    }
    for (CLI::App* level = command_; level != nullptr; level = level->get_parent()) {
      for (CLI::Option* option : level->get_options()) {
        if (option->count() > 0) accept(*option);
      }
    }
  }

  void accept(CLI::Option& option) {
    for (const CLI::Option* other : option.get_excludes()) {
      if (other->count() == 0) continue;
      throw Error(ErrorKind::Usage,
                  fmt::format("{} and {} exclude each other", option.get_name(), other->get_name()));
    }
    try {
      option.run_callback();
    } catch (const CLI::ConversionError&) {
      throw Error(ErrorKind::Usage,
                  fmt::format("{}: '{}' does not fit here; {} is expected", option.get_name(),
                              shortened(option.results().back()), argument_name(option)),
                  see_help(*command_));
    } catch (const CLI::ParseError& error) {
      throw Error(ErrorKind::Usage, error.what(), see_help(*command_));
    }
  }

  CLI::App* command_;
  const std::vector<std::string>& words_;
  std::size_t next_ = 0;
  bool only_words_ = false;  ///< After "--".
  bool wants_help_ = false;
  // For words that should have been quoted: those that follow one another without an option between them.
  std::string before_;
  bool behind_option_ = false;           ///< The first of them is an option's value.
  const CLI::Option* filled_ = nullptr;  ///< What the first of them was given to, or the last argument.
  std::vector<std::string> together_;
};

}  // namespace

ReadWords read_words(CLI::App& root, const std::vector<std::string>& words) {
  return WordReader(root, words).read();
}

}  // namespace changeling::cli
