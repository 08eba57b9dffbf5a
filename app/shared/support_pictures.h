#pragma once
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "data/dataset.h"
#include "support/support_set.h"

namespace lix::app {

/// Gives a dataset by its name.
using DatasetOpener = std::function<Result<std::shared_ptr<const data::Dataset>>(const std::string&)>;

/// The pictures of a support set as a dataset with one set of classes, all in the training split, so that they are written
/// as datasets are (data/export.h). Pictures of datasets bring their captions; files have none. Fails where a dataset does not
/// open or no longer has a picture of the set.
Result<data::Dataset> datasetOf(const support::SupportSet& set, const DatasetOpener& open);

}  // namespace lix::app
