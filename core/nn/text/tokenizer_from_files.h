#pragma once
#include <memory>
#include <string_view>

#include "base/result.h"
#include "nn/checkpoint/tokenizer_files.h"
#include "nn/text/tokenizer.h"

namespace lix::nn {

/// The tokenizer that the files of a checkpoint make (loadTokenizer() says which count); `folder` is only named in
/// errors. A function of the bytes alone.
Result<std::shared_ptr<const Tokenizer>> tokenizerFrom(const TokenizerFiles& files, std::string_view folder);

}  // namespace lix::nn
