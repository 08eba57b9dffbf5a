#pragma once
#include <span>
#include <string_view>

#include "lixp/session.h"
#include "store/evaluation_store.h"

namespace lix::app {

/// Runs the evaluation behind a row again, on the same checkpoint folder, data and settings, into a workspace of its
/// own that knows the same datasets; adds its rows there and what it says to `output`.
using Reproducer = Result<void> (*)(const Session& session, const store::Workspace& into,
                                    const store::EvaluationRow& row, Output& output);

/// How results of a kind (docs/results.md) are measured again. The only table of them is in reproduce_table.cpp.
struct Reproduction {
  std::string_view kind;
  Reproducer again;
};
std::span<const Reproduction> reproductions();

Result<void> reproduceZeroShot(const Session& session, const store::Workspace& into, const store::EvaluationRow& row,
                               Output& output);
Result<void> reproduceFewShot(const Session& session, const store::Workspace& into, const store::EvaluationRow& row,
                              Output& output);

}  // namespace lix::app
