#pragma once
#include <CLI/CLI.hpp>

#include <string>
#include <vector>

#include "shared/results/rows.h"

namespace lix::app {

/// The options that say what of a workspace figures show.
void addFigureOptions(CLI::App& verb, FigureChoice& choice);

/// The same options as one types them; what is left to the figure is left out.
std::vector<std::string> argumentsOf(const FigureChoice& choice);

}  // namespace lix::app
