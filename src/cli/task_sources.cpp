#include "cli/task_sources.hpp"

#include <algorithm>
#include <array>

#include "cli/foreign_sources.hpp"
#include "work/source_kinds.hpp"

namespace changeling::cli {

namespace {

using work::SourceKind;

/// How each source is made from what is opened.
struct SourceMaker {
  SourceKind kind;
  std::unique_ptr<work::TaskSource> (*make)(Context& context, const work::QueueTerms& terms);
};

std::unique_ptr<work::TaskSource> make_queue_source(Context& context, const work::QueueTerms& terms) {
  return std::make_unique<work::QueueSource>(context.tasks(), context.clock(), terms);
}

constexpr std::array makers{
    SourceMaker{SourceKind::Queue, make_queue_source},
    SourceMaker{SourceKind::Beads, make_beads_source},
    SourceMaker{SourceKind::GitHub, make_github_source},
};

}  // namespace

std::unique_ptr<work::TaskSource> make_source(Context& context, std::string_view word,
                                              const work::QueueTerms& terms) {
  const SourceKind kind = work::parse_source_kind(word);
  const auto maker =
      std::find_if(makers.begin(), makers.end(), [&](const SourceMaker& row) { return row.kind == kind; });
  return maker->make(context, terms);
}

}  // namespace changeling::cli
