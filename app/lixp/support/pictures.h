#pragma once
#include <ATen/core/TensorBody.h>

#include <string>
#include <vector>

#include "data/picture_ref.h"
#include "lixp/workspace_access.h"
#include "study/eval/embed.h"

namespace lix::app {

/// Pictures that words of a command line name: a file, a folder (its pictures by name, with those of its subfolders),
/// or DATASET:KEY; the dataset of own vectors may be named beside those of the workspace. Whether they can be read is
/// not looked at.
Result<std::vector<data::PictureRef>> picturesNamed(const store::Workspace& workspace,
                                                    const std::vector<std::string>& words,
                                                    const data::Dataset* own = nullptr);

/// Refuses files that do not decode and keys that their dataset does not have.
Result<void> checkPictures(const Session& session, const store::Workspace& workspace,
                           const std::vector<data::PictureRef>& pictures);

/// Pictures of datasets and files alike that met the image tower, in the order in which they were asked for; row i
/// belongs to pictures[i].
struct NamedPictures {
  std::vector<data::PictureRef> pictures;
  std::vector<std::uint64_t> hashes;
  at::Tensor vectors;  ///< [n, D] unit
  std::vector<data::Skipped> skipped;
};

/// Fails where none can be read. Of own vectors only pictures of their dataset are known.
Result<NamedPictures> embedNamed(const Session& session, const store::Workspace& workspace,
                                 const study::Evaluator& evaluator, const std::vector<data::PictureRef>& pictures);

}  // namespace lix::app
