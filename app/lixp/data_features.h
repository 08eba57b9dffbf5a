#pragma once
#include "lixp/session.h"

namespace lix::app {

/// `lixp data features NAME --from CHECKPOINT --out FILE.safetensors`: what heads learn on.
CLI::App* addFeaturesVerb(CLI::App& data, Session& session);

}  // namespace lix::app
