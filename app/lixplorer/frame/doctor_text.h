#pragma once
#include <QString>

#include "figures/theme.h"
#include "study/doctor/report.h"

namespace lix::app {

/// "Ready", "Ready with remarks", "Refused".
QString verdictText(study::doctor::Verdict verdict);
/// The icon that goes with a verdict or a finding (widgets::icon).
QString verdictIcon(study::doctor::Verdict verdict);
QString weightIcon(study::doctor::Weight weight);

/// Findings, sections, known pairs and mistakes of a report as rich text; pictures are called "icon:NAME".
QString doctorHtml(const study::doctor::Report& report, figures::Theme theme);

}  // namespace lix::app
