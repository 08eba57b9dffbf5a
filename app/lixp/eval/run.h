#pragma once
#include <CLI/CLI.hpp>

#include <memory>

#include "lixp/workspace_access.h"

namespace lix::app {

/// What every verb of `lixp eval` does when it is called: `evaluate` into the workspace, one JSON list of what came out.
template <class Order>
void setEvaluation(CLI::App* verb, Session& session, std::shared_ptr<Order> order,
                   Result<void> (*evaluate)(const Session&, const store::Workspace&, const Order&, Output&)) {
  verb->callback([&session, order, evaluate] {
    session.action = [&session, order, evaluate]() -> Result<Output> {
      LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadWrite));
      Output output{.json = nlohmann::json::array()};
      LIX_CHECK(evaluate(session, workspace, *order, output));
      return output;
    };
  });
}

}  // namespace lix::app
