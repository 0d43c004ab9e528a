#pragma once

#include <string>

#include "support/process.hpp"

namespace changeling::git {

/// What a git program that failed prints for people, without the lines that only show progress; never empty.
std::string last_words(const ProcessResult& result);

}  // namespace changeling::git
