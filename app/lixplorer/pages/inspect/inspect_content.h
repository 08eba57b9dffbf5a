#pragma once
#include <QStringList>
#include <vector>

#include "data/picture_ref.h"
#include "pages/inspect/inspect_reading.h"

namespace lix::app {

/// What a person gathered on the page, as undo goes back to it.
struct InspectContent {
  std::vector<data::PictureRef> pictures;
  QStringList captions;
  study::InspectSettings settings{};   ///< of evaluation only
  std::filesystem::path settingsOf{};  ///< the checkpoint that they are for; empty where all is as trained
  bool operator==(const InspectContent&) const = default;
};

/// The name of the step between two settings of a model: "Knock out token 3 of NAME".
QString settingsStep(const study::InspectSettings& before, const study::InspectSettings& after, const QString& model);

/// What the page asked its two checkpoints last.
struct RunningReadings {
  ReadQuestion first, second;
  bool again = false;   ///< the first is to be asked once more when it answered: only settings are others
  bool failed = false;  ///< the last reading of the first failed: what is shown is older
};

}  // namespace lix::app
