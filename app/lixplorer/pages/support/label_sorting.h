#pragma once
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "desk/dataset_shelf.h"
#include "pages/support/support_document.h"

namespace lix::app {

/// The pictures whose dataset has a label for them (in its first label set), each with the class's name. Opens
/// datasets: not on the window's thread.
std::vector<std::pair<data::PictureRef, std::string>> labelled(const DatasetShelf& datasets,
                                                               std::span<const data::PictureRef> pictures);

/// A set to begin with: `classes` classes of a dataset's first label set, `shots` training pictures each, spread evenly
/// over what there is. Fails where the dataset has not that many.
Result<SupportDocument> exampleDocument(const DatasetShelf& datasets, const std::string& dataset, std::size_t classes,
                                        std::size_t shots);

}  // namespace lix::app
