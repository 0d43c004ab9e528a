// The API starts runs, and a run in the background is led by this program once more
// (project/own_program.hpp).
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <string>

#include "project/own_program.hpp"
#include "run/start.hpp"
#include "support/withheld_tokens.hpp"

namespace {

using namespace changeling;

int lead_run(const std::string& folder) {
  const run::RunOrder order = run::run_order_from_json(project::read_order());
  const ReportStart report_start = report_from_background();
  project::Opening opening;
  opening.environment = take_environment();
  opening.directories = {folder};
  try {
    project::Project project(opening);
    run::lead_in_background(project, order, report_start);
    return 0;
  } catch (const std::exception& error) {
    report_start(error.what());
    return 1;
  }
}

}  // namespace

int main(int argc, char** argv) {
  // -C FOLDER __lead-run
  if (argc == 4 && std::string(argv[3]) == run::lead_run_word) return lead_run(argv[2]);
  return doctest::Context(argc, argv).run();
}
