#pragma once
#include <new>
#include <opencv2/core.hpp>
#include <string>

#include "base/result.h"
#include "base/text.h"

namespace lix::imaging {

/// Runs `work`, which returns a Result, and turns what OpenCV throws into its error: the one place where that happens.
template <class Work>
auto guardOpenCv(const std::string& doing, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const cv::Exception& error) {
    return fail(error.code == cv::Error::StsNoMem ? ErrorCode::NoMemory : ErrorCode::BadInput,
                cat("OpenCV failed while ", doing, ": ", error.err, "."));
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::NoMemory, cat("There is not enough memory for ", doing, "."));
  }
}

}  // namespace lix::imaging
