#pragma once

namespace lix::nn {

/// The open points and ablations of LIxP (arXiv 2411.15099) that change the context itself.
struct ContextOptions {
  bool masked = true;           ///< an image does not attend to itself
  bool uniform = false;         ///< placebo: every other image weighs the same, whatever tau
  bool detachedValues = false;  ///< no gradient through what is summed up
};

}  // namespace lix::nn
