#pragma once
#include <QStringList>
#include <vector>

#include "data/picture_ref.h"

namespace lix::app {

/// What a person gathered on the page, as undo goes back to it.
struct InspectContent {
  std::vector<data::PictureRef> pictures;
  QStringList captions;
  bool operator==(const InspectContent&) const = default;
};

}  // namespace lix::app
