#pragma once

#include <string>

#include "project/places.hpp"
#include "store/lease_watch.hpp"
#include "store/run_record.hpp"

namespace changeling::project {

/// Whether the run's leader is alive on this machine and in this repository.
bool is_alive(const project::Places& places, const std::string& run_id);

/// What this user's machine has seen of claims and runs of others; shared by all repositories.
store::LeaseWatch lease_watch(const project::Places& places);

/// Whether a record that says "running" is of a machine that is presumed dead: its time is over, whatever the
/// clocks say (store/lease_watch.hpp), and nobody leads it here. It holds nobody back.
bool is_lost(const project::Places& places, const store::RunRecord& run, Timestamp now);

}  // namespace changeling::project
