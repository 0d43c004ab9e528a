#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "git/repository.hpp"
#include "support/clock.hpp"

namespace changeling::project {

/// One key of git's configuration that this program reads.
struct Setting {
  std::string_view key;         ///< As it is written: "changeling.maxAttempts".
  std::string_view value_name;  ///< For help: "DURATION", or "hold|allow|ignore".
  std::string_view fallback;    ///< The value when nobody sets it; empty: none, or see `otherwise`.
  std::string_view otherwise;   ///< In words what happens then, where no single value says it; or empty.
  std::string_view sentence;    ///< What it decides, without a full stop.
  /// Throws Error(Invalid) that says what is allowed, without naming the key.
  void (*check)(const git::Repository& repository, const std::string& value);
  bool several = false;  ///< May be given several times; all of them count.
};

/// The only list of them, sorted by key. The fields of definitions below changeling.task. are those of
/// changeling::definition_fields().
std::span<const Setting> settings();

/// By its name in any case, with or without "changeling."; null for an unknown one.
const Setting* find_setting(std::string_view key);
/// Throws Error(NotFound) with the nearest right one.
const Setting& known_setting(std::string_view key);

/// Throws Error(Invalid) "KEY: …" for a value that reading would refuse.
void check_setting(const Setting& setting, const git::Repository& repository, const std::string& value);

/// Keys of the section that nobody reads, as they are written in the configuration (lower case), each once.
std::vector<std::string> unknown_settings(const git::Repository& repository);
/// "the configuration has changeling.leese, which means nothing; did you mean changeling.lease?"
std::string complaint_about(const std::string& unknown);

// Reading. `key` is one of settings(); what stands there is checked, and the fallback is what nobody has set.

std::optional<std::string> text_setting(const git::Repository& repository, std::string_view key);
bool switch_setting(const git::Repository& repository, std::string_view key);
std::int64_t number_setting(const git::Repository& repository, std::string_view key);
Duration duration_setting(const git::Repository& repository, std::string_view key);
/// US dollars; nothing is no limit.
std::optional<double> money_setting(const git::Repository& repository, std::string_view key);

}  // namespace changeling::project
