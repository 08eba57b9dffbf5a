#pragma once
#include "lixp/session.h"

namespace lix::app {

/// `lixp doctor`: a report about a checkpoint or a dataset.
void addDoctorVerb(CLI::App& app, Session& session);

}  // namespace lix::app
