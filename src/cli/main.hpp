#pragma once

namespace changeling::cli {

/// Parses the arguments, runs one command, prints, and returns the exit code (0, 1, 128 or 129).
int main(int argc, char** argv);

}  // namespace changeling::cli
