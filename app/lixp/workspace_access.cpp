#include "lixp/workspace_access.h"

namespace lix::app {

Result<store::Workspace> openWorkspace(const Session& session, store::OpenMode mode) {
  if (!session.workspace.empty()) {
    return store::Workspace::open(session.workspace, mode);
  }
  if (!store::Workspace::isIn(".")) {
    return fail(ErrorCode::NotFound, "The current folder is not a workspace; name one with --workspace DIR.");
  }
  return store::Workspace::open(".", mode == store::OpenMode::Create ? store::OpenMode::ReadWrite : mode);
}

}  // namespace lix::app
