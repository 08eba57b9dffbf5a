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

/// The label that all of the pictures share, in the label set of their dataset that the classes of the set are named
/// after (its first one where none is); "" where they share none, or their dataset was not opened yet.
std::string sharedLabel(const DatasetShelf& datasets, std::span<const data::PictureRef> pictures,
                        const support::SupportSet& set);
/// The set with every class named after the label that its pictures share, where they share one that no other class
/// has or gets. A class whose name is one of `labels` already stays as it is.
SupportDocument namedByLabel(const DatasetShelf& datasets, const SupportDocument& document,
                             const std::vector<std::string>& labels);

/// A set to begin with: `classes` classes of a dataset's first label set, `shots` training pictures each, spread evenly
/// over what there is. Fails where the dataset has not that many.
Result<SupportDocument> exampleDocument(const DatasetShelf& datasets, const std::string& dataset, std::size_t classes,
                                        std::size_t shots);

}  // namespace lix::app
