#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "nn/checkpoint/export/layouts.h"
#include "nn/checkpoint/tokenizer_files.h"

namespace lix::nn::detail {

/// The files of a tokenizer as AutoTokenizer of transformers loads them, with the ids that we give: OpenCLIP's merges
/// become vocab.json and merges.txt; a tokenizer.json gets the cleaning and lower case that another program did before it
/// as steps of its own normalizer. `notes` gets what cannot be said there.
Result<TokenizerFiles> transformersTokenizer(const TokenizerFiles& files, int contextLength,
                                             std::vector<std::string>& notes);

/// How OpenCLIP's configuration speaks of the tokenizer of `files`.
TokenizerUse tokenizerUse(const TokenizerFiles& files);

}  // namespace lix::nn::detail
