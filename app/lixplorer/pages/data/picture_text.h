#pragma once
#include <QString>

#include "frame/picture_model.h"
#include "pages/data/collection.h"

namespace lix::app {

/// What tells a picture from its neighbours: its first caption, or, where that says no more than its class does, the end of
/// its key.
QString nameOf(const data::Dataset& set, const data::Sample& sample);

/// One sample as the grid shows it, with its class of a label set.
PictureItem itemOf(const Collection& collection, std::size_t sample, std::size_t labelSet);

/// What a dataset was read from, by the id of its source: "table", "shards", ...
QString kindInWords(const std::string& kind);

/// One line about a collection: pictures, captions, classes, splits.
QString statistics(const Collection& collection);

}  // namespace lix::app
