#include "cli/main.hpp"

int main(int argc, char** argv) {
  return changeling::cli::main(argc, argv);
}
