#pragma once
#include <ATen/core/TensorBody.h>

#include <string>
#include <vector>

#include "data/picture_ref.h"
#include "lixp/workspace_access.h"
#include "study/eval/embed.h"

namespace lix::app {

/// Pictures that words of a command line name: a file, a folder (its pictures by name, with those of its subfolders), or
/// DATASET:KEY.
Result<std::vector<data::PictureRef>> picturesNamed(const store::Workspace& workspace,
                                                    const std::vector<std::string>& words);

/// Pictures of datasets and files alike that met the image tower; row i belongs to pictures[i].
struct NamedPictures {
  std::vector<data::PictureRef> pictures;
  std::vector<std::uint64_t> hashes;
  at::Tensor vectors;  ///< [n, D] unit
  std::vector<data::Skipped> skipped;
};

/// Fails where none can be read.
Result<NamedPictures> embedNamed(const Session& session, const store::Workspace& workspace,
                                 const study::Evaluator& evaluator, const std::vector<data::PictureRef>& pictures);

}  // namespace lix::app
