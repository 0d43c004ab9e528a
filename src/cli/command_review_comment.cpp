#include <fmt/format.h>

#include <iostream>
#include <iterator>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/request_number.hpp"
#include "cli/syntax.hpp"
#include "project/review_writing.hpp"
#include "support/error.hpp"
#include "support/text.hpp"
#include "view/review.hpp"

namespace changeling::cli {
namespace {

struct CommentOptions {
  RequestAndWord words;
  store::ReviewVerdict verdict = store::ReviewVerdict::Comment;
  std::string file;
  std::int64_t line = 0;
  bool is_old = false;
};

std::string text_of(const CommentOptions& options) {
  const std::string& word =
      options.words.word("what do you want to say? Give a TEXT, or - for standard input");
  if (word != "-") return word;
  return std::string(trim(std::string{std::istreambuf_iterator<char>(std::cin), {}}));
}

project::ReviewDraft draft_of(const CommentOptions& options, const std::string& text) {
  project::ReviewDraft draft;
  draft.verdict = options.verdict;
  if (options.file.empty()) {
    if (options.line > 0 || options.is_old)
      throw Error(ErrorKind::Usage, "a line is one of a file: name it with --file");
    draft.text = text;
    return draft;
  }
  store::ReviewComment comment;
  comment.file = valid_utf8(options.file);
  if (options.line > 0) comment.line = options.line;
  comment.side = options.is_old ? store::DiffSide::Old : store::DiffSide::New;
  comment.text = text;
  draft.comments.push_back(std::move(comment));
  return draft;
}

Answer add(Context& context, const CommentOptions& options) {
  const project::ReviewDraft draft = draft_of(options, text_of(options));
  const store::ReviewRecord review = project::add_review(context, options.words.number(context), draft);
  const bool asks = review.verdict == store::ReviewVerdict::ChangesRequested;
  const std::string thread =
      review.comments.empty() ? "" : fmt::format(", thread {}", store::thread_id(review.id, 0));
  return {view::to_json(review),
          fmt::format("{} #{}{}\n", asks ? "Asked for changes of" : "Commented on", review.request, thread),
          0, "The changeling is told in its next run."};
}

Answer resolve(Context& context, const RequestAndWord& words) {
  const std::string& thread = words.word("which thread? `review show` names them");
  const store::ReviewRecord review = project::resolve_thread(context, words.number(context), thread);
  return {view::to_json(review),
          fmt::format("Resolved {} of #{}\n", without_controls(thread), review.request), 0};
}

std::shared_ptr<CommentOptions> declare(Syntax& syntax, store::ReviewVerdict verdict) {
  auto options = std::make_shared<CommentOptions>();
  options->verdict = verdict;
  options->words.declare(syntax, "text", "TEXT", "What you say; - reads it from standard input");
  syntax.value("--file", options->file, "The file that it is about").value_name("PATH");
  syntax.number("--line", options->line, "The line of the file", 1).value_name("N");
  syntax.flag("--old", options->is_old, "The file as it was before the change");
  return options;
}

}  // namespace

CommandSpec review_comment_command() {
  return {
      "review comment", "Comment on a pull request of the local forge, or on a line of it",
      "Without --file it is about the whole request. A comment on a file or a line begins a thread, which "
      "stays with its line and is open until `review resolve`. The changeling is told in its next run, "
      "which goes on with the request.",
      [](Syntax& syntax) -> Action {
        auto options = declare(syntax, store::ReviewVerdict::Comment);
        return [options](Context& context) { return add(context, *options); };
      }};
}

CommandSpec review_request_changes_command() {
  return {
      "review request-changes", "Ask the changeling to change a pull request of the local forge",
      "As `review comment`, and the request is shown as one that waits for its changeling, until that has "
      "changed it.",
      [](Syntax& syntax) -> Action {
        auto options = declare(syntax, store::ReviewVerdict::ChangesRequested);
        return [options](Context& context) { return add(context, *options); };
      }};
}

CommandSpec review_resolve_command() {
  return {"review resolve", "Settle a thread of a pull request of the local forge",
          "`review show` names the threads. What is settled is not told to the changeling any more.",
          [](Syntax& syntax) -> Action {
            auto words = std::make_shared<RequestAndWord>();
            words->declare(syntax, "thread", "THREAD", "Id of the thread");
            return [words](Context& context) { return resolve(context, *words); };
          }};
}

}  // namespace changeling::cli
