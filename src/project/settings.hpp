#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "git/repository.hpp"
#include "project/setting.hpp"
#include "support/clock.hpp"

namespace changeling::project {

/// The only list of them, sorted by key; without those below changeling.task., which are task_settings().
std::span<const Setting> settings();

/// In lower case, with "changeling." before it where it is missing: "task.Verify" is
/// "changeling.task.verify".
std::string full_setting_name(std::string_view key);
/// By its name in any case, with or without "changeling.", also one of tasks; null for an unknown one.
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
