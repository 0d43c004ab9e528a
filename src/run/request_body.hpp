#pragma once

#include "changeling/definition.hpp"
#include "forge/body.hpp"
#include "run/pull_request_text.hpp"
#include "store/run_record.hpp"
#include "support/clock.hpp"

namespace changeling::run {

/// What the pull request of a run tells its reviewers, title included. Record and text are redacted already.
forge::BodyContent request_body(const store::RunRecord& record, const WorkText& text,
                                const Definition& definition, Duration duration);

/// Whether all checks that the record tells of have passed.
bool is_verified(const store::RunRecord& record);

/// Whether nothing but a person can tell if the work is whole: the agent was refused something and nothing
/// was checked, or it moved what was not its own.
bool needs_a_look(const store::RunRecord& record);

}  // namespace changeling::run
