#pragma once
#include <CLI/CLI.hpp>

namespace lix::app {

/// Gives every verb of the program, however deep, its own examples at the end of its help.
void addExamples(CLI::App& app);

}  // namespace lix::app
