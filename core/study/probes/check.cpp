#include "study/probes/check.h"

#include <cmath>

#include "base/text.h"

namespace lix::study {

Result<void> checkRows(adapt::Matrix rows, std::size_t least, std::string_view what) {
  if (rows.values.size() != rows.rows * rows.columns || rows.columns == 0) {
    return fail(ErrorCode::BadInput, cat(what, " are ", rows.values.size(), " numbers, which are not ", rows.rows,
                                         " rows of ", rows.columns, "."));
  }
  if (rows.rows < least) {
    return fail(ErrorCode::BadInput,
                cat(what, " number ", rows.rows, "; at least ", least, " are needed: take more pictures."));
  }
  for (std::size_t i = 0; i < rows.values.size(); ++i) {
    if (!std::isfinite(rows.values[i])) {
      return fail(ErrorCode::BadInput,
                  cat(what, " hold a value that is not a finite number in row ", i / rows.columns + 1,
                      "; look for such values in the checkpoint's weights."));
    }
  }
  return {};
}

Result<void> checkPairs(adapt::Matrix images, adapt::Matrix captions) {
  LIX_CHECK(checkRows(images, 1, "The image vectors"));
  LIX_CHECK(checkRows(captions, 1, "The caption vectors"));
  if (images.rows != captions.rows || images.columns != captions.columns) {
    return fail(ErrorCode::BadInput,
                cat("Images and captions must be compared one by one, but they are ", images.rows, " x ",
                    images.columns, " and ", captions.rows, " x ", captions.columns, " numbers."));
  }
  return {};
}

}  // namespace lix::study
