#pragma once

#include <string>
#include <vector>

#include "changeling/definition.hpp"
#include "git/repository.hpp"

namespace changeling::run {

/// What the agent says about its work: one line and a Markdown text, either possibly empty.
struct WorkText {
  std::string summary;
  std::string description;
};

/// From the file the agent wrote (pull-request.md: title, empty line, text), else from its commits' messages
/// (oldest first), else from its closing words.
WorkText describe_work(const std::string& file, const std::vector<git::CommitInfo>& own_commits,
                       const std::string& final_text);

/// The definition's title pattern filled in, of at most 120 characters. A summary that already starts with
/// the pattern's fixed beginning ("docs: ") is not given it twice.
std::string pull_request_title(const Definition& definition, const std::string& summary);

}  // namespace changeling::run
