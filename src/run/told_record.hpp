#pragma once

#include "changeling/definition.hpp"
#include "secrets/redact.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

/// Writes into `own` what only the place where a run was carried out can know: how its agent and its checks
/// ended, and what it took. Every text becomes plain, short and redacted. Whatever the machine that began the
/// run knows itself stays: who, what, when, the lease. The checks are those of the definition: one that was
/// not told of counts as failed, and others are left out.
void take_told_facts(store::RunRecord& own, const store::RunRecord& told, const Definition& definition,
                     const Redactor& redactor);

}  // namespace changeling::run
