#pragma once
#include <span>
#include <string>
#include <vector>

#include "figures/figure.h"
#include "lixp/demo_plan.h"
#include "lixp/report_html.h"
#include "store/evaluation_store.h"
#include "store/workspace.h"

namespace lix::app {

/// The figures of a part of the report, and how to draw them again.
struct DemoFigures {
  std::vector<HtmlFigure> figures;
  std::vector<std::string> commands;
};

/// Writes a figure as the four files that HtmlFigure names: as wide as a page and as a phone, light and dark.
Result<void> saveForReport(const figures::Figure& figure, const std::filesystem::path& folder, const std::string& stem);

/// Few-shot curves of these checkpoint labels, one figure a label set.
Result<DemoFigures> drawCurves(std::span<const store::EvaluationRow> rows, const DemoPlan& plan,
                               const std::vector<std::string>& labels, const std::string& stem,
                               const std::filesystem::path& folder);

/// Temperatures, effective neighbours, losses of the SigLIxP leg over steps.
Result<DemoFigures> drawTraining(const store::Workspace& workspace, const DemoPlan& plan,
                                 const std::filesystem::path& folder);

/// Mixture weights of several captions of one emoji, the difference of two, and the captions' maps.
Result<DemoFigures> drawMixture(const DemoSubject& llip, const std::filesystem::path& folder);

/// What one emoji attends to among others, itself masked.
Result<DemoFigures> drawContext(const Session& session, const DemoSubject& siglixp,
                                const std::filesystem::path& folder);

}  // namespace lix::app
