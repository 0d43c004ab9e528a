#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace changeling::cli {

/// An option or argument that was declared: a handle, to be copied, valid as long as its syntax is.
class Option {
 public:
  /// Corrects a word in place; what it returns, if not empty, is the reason why the word cannot be taken.
  using Check = std::function<std::string(std::string& word)>;

  explicit Option(CLI::Option* option) : option_(option) {}

  // How it is declared.

  /// What the help calls its value, in capitals: "NAME".
  Option& value_name(const std::string& name);
  /// The command cannot do without it.
  Option& required();
  /// Giving both is an error.
  Option& excludes(const Option& other);
  Option& checked(const Check& check);
  Option& one_of(const std::vector<std::string>& words);

  // What was declared.
  bool is_argument() const;
  std::vector<std::string> names() const;  ///< "-n" and "--limit"; none for an argument.
  std::string name() const;                ///< What messages call it: "--limit", or the name of an argument.
  std::string value_name() const;          ///< "NUMBER".
  std::string help() const;
  bool has_name(const std::string& name) const;  ///< Of a name with its dashes.
  bool is_required() const;
  bool takes_value() const;
  bool takes_many() const;       ///< An argument that takes any number of words.
  bool may_be_repeated() const;  ///< With one value each time.
  bool is_taken_once() const;    ///< Giving it twice is an error.

  // What the command line says.
  void give(const std::string& word);
  void give_flag(const std::string& name);  ///< "--no-draft", as it was written.
  /// Whether the command line has it.
  bool given() const;
  /// It was given an empty word where that is no value: everywhere but for texts, and for lists and fields of
  /// a definition, which it empties.
  bool is_given_nothing() const;
  /// The last one was "--NAME", and not "--no-NAME"; for switches that were given.
  bool is_on() const;
  /// One that was given, too, and must not be.
  std::optional<Option> given_rival() const;
  /// Checks what was given and fills what was declared for it; returns the reason if it cannot be taken.
  std::string hand_on();

 private:
  CLI::Option* option_;
};

/// What a command takes besides its own words. Only syntax.cpp knows the library behind it, which costs a
/// second of compilation wherever it is included, and time at the start of the program.
///
/// A name "-n,--limit" makes an option, "name" an argument; the order of arguments is that of their
/// declaration. What they fill must live as long as the syntax; it stays as it is when nothing is given.
class Syntax {
 public:
  /// Takes -h and --help.
  Syntax();
  Syntax(Syntax&&) noexcept;
  Syntax& operator=(Syntax&&) noexcept;
  ~Syntax();

  /// Everything declared, in this order.
  std::vector<Option> options() const;

  Option flag(const std::string& names, bool& value, const std::string& help);
  /// "--NAME" and "--no-NAME"; the last one counts.
  Option on_or_off(const std::string& name, const std::string& help);
  /// One value; given twice it is an error.
  Option value(const std::string& names, std::string& value, const std::string& help);
  /// A whole number within these bounds, in decimal digits; anything else is told in one sentence.
  Option number(const std::string& names, std::int64_t& value, const std::string& help, std::int64_t least,
                std::int64_t most = std::numeric_limits<std::int64_t>::max());
  Option number(const std::string& names, std::optional<std::int64_t>& value, const std::string& help,
                std::int64_t least, std::int64_t most = std::numeric_limits<std::int64_t>::max());
  /// So many of something, from zero on.
  Option amount(const std::string& names, std::size_t& value, const std::string& help);
  /// A number with a notation of its own, which `check` turns into decimal digits.
  Option written_number(const std::string& names, std::int64_t& value, const std::string& help,
                        const Option::Check& check);
  /// May be given several times with one value each, as git does it.
  Option repeatable(const std::string& names, std::vector<std::string>& values, const std::string& help);
  /// The last one counts. `value` is empty where it was not given, which an empty word is not.
  Option single(const std::string& names, std::vector<std::string>& value, const std::string& help);
  /// Any number of arguments.
  Option words(const std::string& name, std::vector<std::string>& into, const std::string& help);

 private:
  std::unique_ptr<CLI::App> app_;
};

}  // namespace changeling::cli
