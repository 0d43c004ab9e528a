#pragma once

#include <string>
#include <string_view>

namespace changeling::forge {

/// Whose words may close an issue when the text is merged.
enum class ClosingWords {
  Nobodys,    ///< The text may repeat what a stranger wrote.
  OneOwnLine  ///< One line that says nothing but "Fixes #12" may, as a changeling is asked to write it.
};

/// The text with every reference behind a closing word ("closes #12", "Fixes: owner/name#3", "resolved
/// https://…/issues/4") written in a way that forges take for plain words: "closes no. 12". The words are
/// those of GitHub (https://docs.github.com/issues/tracking-your-work-with-issues) and of GitLab, which Gitea
/// and Forgejo share. For titles, commit messages and Markdown alike.
std::string without_closing_words(std::string_view text, ClosingWords allowed = ClosingWords::Nobodys);

}  // namespace changeling::forge
