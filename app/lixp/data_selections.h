#pragma once
#include <vector>

#include "lixp/session.h"

namespace lix::app {

/// `lixp data selections` and `lixp data export`: what a person kept of datasets, and pictures as a table or as copies.
std::vector<CLI::App*> addSelectionVerbs(CLI::App& data, Session& session);

}  // namespace lix::app
