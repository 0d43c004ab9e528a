#include "work/task_sources.hpp"

#include <algorithm>
#include <array>

#include "work/foreign_sources.hpp"
#include "work/source_kinds.hpp"

namespace changeling::work {

namespace {

/// How each source is made from what is opened.
struct SourceMaker {
  SourceKind kind;
  std::unique_ptr<TaskSource> (*make)(project::Project& project, const QueueTerms& terms);
};

std::unique_ptr<TaskSource> make_queue_source(project::Project& project, const QueueTerms& terms) {
  return std::make_unique<QueueSource>(project.tasks(), project.clock(), terms);
}

constexpr std::array makers{
    SourceMaker{SourceKind::Queue, make_queue_source},
    SourceMaker{SourceKind::Beads, make_beads_source},
    SourceMaker{SourceKind::GitHub, make_github_source},
};

}  // namespace

std::unique_ptr<TaskSource> make_source(project::Project& project, std::string_view word,
                                        const QueueTerms& terms) {
  const SourceKind kind = parse_source_kind(word);
  const auto maker =
      std::find_if(makers.begin(), makers.end(), [&](const SourceMaker& row) { return row.kind == kind; });
  return maker->make(project, terms);
}

}  // namespace changeling::work
